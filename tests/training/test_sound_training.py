"""The sound pipeline from end to end on a handful of synthesised clips: pool, batches, trainers."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training import separated_levels, train_encoder, train_separator
from training.encoder_batches import EncoderBatches
from training.separator_batches import SeparatorBatches
from training.sound_pool import PLAIN, TRAIN, Job, Pool, build, load, plan_jobs
from training.vocabulary import LABELS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pool")
    jobs = plan_jobs([], 0, 2, 0, 0)
    jobs += [Job(job.label, PLAIN, job.seed + 50, None) for job in jobs[::2]]
    build(jobs, path)
    return path


@pytest.fixture(scope="module")
def pool(folder: Path) -> Pool:
    return load(folder)


def test_pool_holds_every_label_at_the_same_loudness(pool: Pool) -> None:
    assert set(pool.labels.tolist()) == set(range(len(LABELS)))
    assert pool.clips.shape == (72, 64000)
    assert pool.levels.shape == (72, 249, 64)
    clips = pool.clips.astype(np.float32)
    assert np.isfinite(clips).all()
    assert (np.abs(clips).max(axis=1) > 0.02).all()


def test_a_missing_pool_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m training\.sound_pool"):
        load(tmp_path)


def test_encoder_batches_are_repeatable_and_their_targets_are_shares(pool: Pool) -> None:
    first = EncoderBatches(pool, seed=3).next(24)
    again = EncoderBatches(pool, seed=3).next(24)
    assert torch.equal(first.levels, again.levels)
    assert first.levels.shape == (24, 249, 64)
    assert torch.isfinite(first.levels).all()
    assert torch.allclose(first.targets.sum(1), torch.ones(24))
    rain = EncoderBatches(pool, seed=3).next(6, LABELS.index("rain"), True)
    assert (rain.targets[:, LABELS.index("rain")] == 1).all()


def test_mixtures_are_the_sum_of_their_parts(pool: Pool) -> None:
    drawn = SeparatorBatches(pool, (TRAIN,), 1, 1.0).next(6)
    assert drawn.truths.shape == (6, 4, 16000)
    assert torch.allclose(drawn.truths.sum(1), drawn.mixture, atol=1e-6)
    present = (drawn.truths**2).sum(-1) > 0
    assert torch.equal(present, drawn.labels >= 0)
    assert present.sum(1).min() >= 1
    assert present.sum(1).max() <= 3


def test_trainers_run_resume_and_feed_one_another(pool: Pool, tmp_path: Path) -> None:
    encoder, separator = tmp_path / "encoder.pt", tmp_path / "separator.pt"
    assert train_encoder.train(pool, encoder, minutes=0.002, batch=8, every=3) is not None
    first = torch.load(encoder, weights_only=True)
    more = first["spent"] / 60 + 0.002
    train_encoder.train(pool, encoder, minutes=more, batch=8, every=3)
    assert torch.load(encoder, weights_only=True)["step"] > first["step"]
    train_separator.train(
        pool, separator, minutes=0.02, batch=2, supervised=0.3, seconds=0.5, mixes=8
    )
    slots = tmp_path / "separated"
    # An untrained separator seldom gets a slot right: take what there is.
    model = train_separator.load_separator(separator)
    split = separated_levels.separate(pool, model, 8, TRAIN, 0, least_db=-30.0)
    separated_levels.save(slots, [split])
    kept = separated_levels.load_separated(slots)
    assert len(kept.levels) == len(kept.labels)


@pytest.mark.slow
@pytest.mark.parametrize("trainer", [train_encoder, train_separator])
def test_smoke_runs(trainer, capsys: pytest.CaptureFixture[str]) -> None:
    assert trainer.main(["--smoke"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out.splitlines()[-1]), dict)


def test_a_checkpoint_that_is_not_there_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.train_encoder"):
        train_encoder.load_encoder(tmp_path / "none.pt")
    with pytest.raises(FileNotFoundError, match=r"training\.train_separator"):
        train_separator.load_separator(tmp_path / "none.pt")
