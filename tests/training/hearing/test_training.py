"""The sound pipeline from end to end on a handful of synthesised clips: pool, batches, trainers."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.hearing import encoder_training, separator_training
from training.hearing.pool import Pool, build, load, measuring_rows, plan_jobs, training_rows
from training.hearing.separator_batches import SeparatorBatches
from training.loop.plain_errors import InputError
from training.vocabulary import LABELS


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    path = tmp_path_factory.mktemp("pool")
    build(plan_jobs([], 0, 0.005), path)
    return load(path)


def test_pool_holds_every_label_at_the_same_loudness(pool: Pool) -> None:
    assert set(pool.labels.tolist()) == set(range(len(LABELS)))
    assert pool.clips.shape == (2 * len(LABELS), 64000)
    assert pool.levels.shape == (2 * len(LABELS), 249, 64)
    clips = pool.clips.astype(np.float32)
    assert np.isfinite(clips).all()
    assert (np.abs(clips).max(axis=1) > 0.02).all()


def test_what_measures_is_never_learnt_from(pool: Pool) -> None:
    assert measuring_rows(pool, 0).sum() == training_rows(pool, 0).sum() == len(LABELS)
    assert not (measuring_rows(pool, 0) & training_rows(pool, 0)).any()


def test_a_missing_pool_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"python -m training\.taught_pool"):
        load(tmp_path)


def test_mixtures_are_the_sum_of_their_parts(pool: Pool) -> None:
    drawn = SeparatorBatches(pool, None, 1, 1.0).next(6)
    assert drawn.truths.shape == (6, 4, 16000)
    assert torch.allclose(drawn.truths.sum(1), drawn.mixture, atol=1e-6)
    present = (drawn.truths**2).sum(-1) > 0
    assert present.sum(1).max() <= 3
    again = SeparatorBatches(pool, None, 1, 1.0).next(6)
    assert torch.equal(again.mixture, drawn.mixture)


def test_trainers_run_and_what_was_measured_stands_when_all_is_learnt_from(
    pool: Pool, tmp_path: Path
) -> None:
    encoder, separator = tmp_path / "encoder.pt", tmp_path / "separator.pt"
    whole = tmp_path / "everything.pt", tmp_path / "separator-everything.pt"
    few = {"minutes": 1, "steps": 1, "batch": 4, "mixes": 8}
    met = encoder_training.train(pool, encoder, None, fold=0, **few)
    assert 0 <= met["top1"] <= 1
    assert met["held_out"]
    weights = torch.load(encoder, weights_only=True)["average"]
    told = encoder_training.train(
        pool, whole[0], None, fold=None, start=lambda: weights, before=met, **few
    )
    assert told["top1"] == met["top1"]
    assert told["slope"] == met["slope"]
    words = encoder_training.words_of(whole[0])
    assert words.shape == (len(LABELS), 128)
    assert torch.allclose(words.norm(dim=1), torch.ones(len(LABELS)), atol=1e-4)
    # no step of one moves them far: they began as the first ended
    assert (words * encoder_training.words_of(encoder)).sum(1).min() > 0.9
    separator_training.train(
        pool, separator, fold=0, minutes=1, steps=5, batch=2, supervised=0.3, seconds=0.5, mixes=8
    )
    first = torch.load(separator, weights_only=True)["facts"]
    separator_training.train(
        pool, whole[1], fold=None, start=separator, minutes=1, steps=1, batch=2, seconds=0.5
    )
    second = torch.load(whole[1], weights_only=True)["facts"]
    assert first["held_out"]
    assert second["two_sources_db"] == first["two_sources_db"]


def test_an_encoder_of_given_words_reads_no_texts(pool: Pool, tmp_path: Path) -> None:
    words = torch.nn.functional.normalize(torch.randn(len(LABELS), 128), dim=1)
    out = tmp_path / "presence.pt"
    encoder_training.train(pool, out, words, fold=None, minutes=1, steps=1, batch=4, mixes=8)
    encoder_training.load_encoder(out)
    with pytest.raises(InputError, match="--new-words"):
        encoder_training.load_texts(out)


def test_a_checkpoint_that_is_not_there_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.train_presence"):
        encoder_training.load_encoder(tmp_path / "none.pt")
    with pytest.raises(FileNotFoundError, match=r"training\.train_separator"):
        separator_training.load_separator(tmp_path / "none.pt")
