"""The sound pipeline from end to end on a handful of synthesised clips: pool, batches, trainers."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training import train_encoder, train_separator
from training.hearing import encoder_training, joint_training, separated_slots, separator_training
from training.hearing.encoder_batches import EncoderBatches
from training.hearing.pool import PLAIN, TRAIN, Job, Pool, build, load, plan_jobs
from training.hearing.separator_batches import SeparatorBatches
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
    assert pool.clips.shape == (3 * len(LABELS), 64000)
    assert pool.levels.shape == (3 * len(LABELS), 249, 64)
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


def test_everyday_sounds_are_drawn_more_often(pool: Pool) -> None:
    chance = dict(zip(pool.names, EncoderBatches(pool).chance, strict=True))
    assert chance["rain"] == pytest.approx(2 * chance["waterfall"])
    assert sum(chance.values()) == pytest.approx(1.0)


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
    assert encoder_training.train(pool, encoder, minutes=1, steps=1, batch=4) is not None
    encoder_training.train(pool, encoder, minutes=1, steps=2, batch=4)
    saved = torch.load(encoder, weights_only=True)
    assert saved["step"] == 2
    assert saved["facts"]["honest"]["top1"] == saved["facts"]["top1"]
    whole = tmp_path / "everything.pt"
    encoder_training.train(
        pool, whole, minutes=1, steps=1, batch=4, start=encoder, everything=True, freeze_text=True
    )
    facts = torch.load(whole, weights_only=True)["facts"]
    assert facts["honest"] == saved["facts"]["honest"]
    assert torch.equal(
        encoder_training.text_directions(encoder_training.load_encoder(whole)[1]),
        encoder_training.text_directions(encoder_training.load_encoder(encoder)[1]),
    )
    separator_training.train(
        pool, separator, minutes=1, steps=5, batch=2, supervised=0.3, seconds=0.5, mixes=8
    )
    joint = tmp_path / "joint.pt"
    found = joint_training.train(
        pool, separator, encoder, joint, minutes=1, steps=2, batch=2, seconds=1.0, mixes=8
    )
    assert found.heard is not None
    ears = tmp_path / "ears.pt", tmp_path / "parts.pt"
    joint_training.split(joint, ears[1], ears[0])
    encoder_training.load_encoder(ears[0])
    separator_training.load_separator(ears[1])
    assert torch.load(ears[0], weights_only=True)["facts"]["honest"]["top1"] == found.heard.top1
    slots = tmp_path / "separated"
    # An untrained separator seldom gets a slot right: take what there is.
    model = separator_training.load_separator(separator)
    split = separated_slots.separate(pool, model, 8, TRAIN, 0, least_explained=0.0)
    separated_slots.save(slots, [split])
    kept = separated_slots.load_separated(slots)
    assert len(kept.levels) == len(kept.shares) == len(kept.split)
    np.testing.assert_allclose(kept.shares.astype(float).sum(1), 1, atol=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("trainer", [train_encoder, train_separator])
def test_smoke_runs(trainer, capsys: pytest.CaptureFixture[str]) -> None:
    assert trainer.main(["--smoke"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out.splitlines()[-1]), dict)


def test_a_checkpoint_that_is_not_there_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.train_encoder"):
        encoder_training.load_encoder(tmp_path / "none.pt")
    with pytest.raises(FileNotFoundError, match=r"training\.train_separator"):
        separator_training.load_separator(tmp_path / "none.pt")
