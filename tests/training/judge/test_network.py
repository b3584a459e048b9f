"""The judge: it learns what is in a picture, is measured by the book, and never meets its tests."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training.judge import trainer as judge_training
from training.judge.network import Judge, TrainedJudge, as_input, load_judge
from training.judge.pictures import FIRST_SEED, resize_for_judge
from training.judge.scores import (
    all_found,
    average_precision,
    balanced_threshold,
    figure,
    first_ranked,
    frechet_distance,
    kernel_distance,
    over_subsets,
    precision_recall,
)
from training.judge.trainer import subject_loss, view
from training.painting.painted_pictures import SLOTS, PaintedPictures
from training.vocabulary import LABELS

COLOURS = ((255, 40, 40), (40, 255, 40), (40, 40, 255))


def squares(count: int, height: int, width: int, seed: int, most: int = 2) -> PaintedPictures:
    """Pictures in which label i is a square of colour i at the place that the truth says."""
    rng = np.random.default_rng(seed)
    pictures = rng.integers(90, 120, (count, height, width, 3)).astype(np.uint8)
    labels = np.full((count, SLOTS), -1, np.int64)
    weights, places = np.zeros((count, SLOTS), np.float32), np.zeros((count, SLOTS, 4), np.float32)
    for row in range(count):
        for slot, label in enumerate(rng.permutation(3)[: 1 + row % most]):
            x, y, tall = (slot + 0.5) / most, rng.uniform(0.3, 0.7), 0.4
            half = round(tall * height / 2)
            down, across = round(y * height), round(x * width)
            there = slice(down - half, down + half), slice(max(0, across - half), across + half)
            pictures[row][there] = COLOURS[label]
            labels[row, slot], weights[row, slot] = label, 0.8
            places[row, slot] = (x, y, tall, 1.0)
    looks, atmosphere = np.zeros((count, SLOTS), np.int64), np.zeros((count, 14), np.float32)
    return PaintedPictures(pictures, labels, weights, places, looks, atmosphere)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> TrainedJudge:
    torch.set_num_threads(1)
    out = tmp_path_factory.mktemp("runs") / "judge.pt"
    scenes, panels = squares(48, 48, 64, 0), squares(24, 48, 48, 1, most=1)
    judge_training.train(scenes, panels, out, minutes=1, batch=12, width=12, steps=20)
    model = judge_training.train(scenes, panels, out, minutes=1, batch=12, width=12, steps=50)
    assert torch.load(out, weights_only=True)["step"] == 50
    held = squares(40, 48, 64, 7), squares(20, 48, 48, 8, most=1)
    return judge_training.finish(model, held, held, out, {"minutes": 1})


def test_it_learns_what_is_there_and_knows_how_well(judge: TrainedJudge) -> None:
    found = judge.facts["held_out"]
    assert found["crs_two_subjects"] > 0.8
    assert found["r_at_1_panels"] > 0.8
    assert found["precision"] == pytest.approx(found["recall"], abs=0.15)
    assert found["crs_scenes"] == 20
    assert found["average_precision"][LABELS[0]] > 0.9
    assert found["average_precision"][LABELS[-1]] is None
    json.dumps(judge.facts, allow_nan=False)


def test_a_finished_judge_is_read_back_and_says_the_same(
    judge: TrainedJudge, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError, match=r"training\.train_judge"):
        load_judge(tmp_path / "judge.pt")
    pictures = squares(5, 48, 64, 3)
    judge_training.finish(judge.model, (pictures,) * 2, (pictures,) * 2, tmp_path / "judge.pt", {})
    again = load_judge(tmp_path / "judge.pt")
    seen, twice = judge.look(pictures.pictures), again.look(pictures.pictures, batch=2)
    np.testing.assert_allclose(seen.scores, twice.scores, atol=1e-5)
    assert seen.features.shape == (5, 128)
    assert judge.look(pictures.pictures[:0]).scores.shape == (0, len(LABELS))


def test_it_sees_the_bundle_s_sizes_at_half() -> None:
    full = np.random.default_rng(0).integers(0, 256, (2, 288, 512, 3)).astype(np.uint8)
    half = resize_for_judge(full)
    assert half.shape == (2, 144, 256, 3)
    mean = full.reshape(2, 144, 2, 256, 2, 3).astype(float).mean((2, 4))
    assert np.abs(half - mean).max() <= 0.5
    assert resize_for_judge(half) is half
    model = Judge(width=16).eval()
    with torch.no_grad():
        seen = model(as_input(torch.from_numpy(half)))
    assert seen.cells.shape == (2, len(LABELS), 9, 16)


def test_its_seeds_are_nobody_else_s() -> None:
    from training.painting.pictures import PANELS, SCENES

    first = sorted(FIRST_SEED.values())
    assert all(b - a >= 1_000_000 for a, b in itertools.pairwise(first))
    assert max(plan.first + plan.count for plan in (SCENES, PANELS)) < first[0]


def test_a_subject_is_where_the_moved_view_says() -> None:
    pool = squares(16, 96, 128, 5)
    pictures = as_input(torch.from_numpy(pool.pictures))
    seen, moved = view(pictures, np.random.default_rng(2))
    places = torch.from_numpy(pool.places)
    x = ((2 * places[:, 0, 0] - 1) * moved[:, 0] + moved[:, 2] + 1) / 2
    y = ((2 * places[:, 0, 1] - 1) * moved[:, 1] + moved[:, 3] + 1) / 2
    hits = 0
    for row in range(16):
        pixel = seen[row, :, int(y[row] * 96), int(x[row] * 128)]
        hits += int(pixel.argmax()) == pool.labels[row, 0]
    assert hits >= 15


def test_only_subjects_with_a_place_are_asked_for_it() -> None:
    cells = torch.zeros(1, 48, 3, 4)
    cells[0, 7, 1, 3] = 20.0
    still = torch.tensor([[1.0, 1.0, 0.0, 0.0]])
    there = torch.tensor([[[0.9, 0.5, 0.3, 1.0]]])
    assert subject_loss(cells, torch.tensor([[7]]), there, still) < 0.01
    assert subject_loss(cells, torch.tensor([[8]]), there, still) > 10
    air = torch.tensor([[[0.9, 0.5, 1.0, 0.0]]])
    assert subject_loss(cells, torch.tensor([[8]]), air, still) == 0
    assert subject_loss(cells, torch.tensor([[-1]]), there, still) == 0


def test_figures_are_counted_by_the_book() -> None:
    scores = np.array([[0.9, 0.6, 0.1], [0.9, 0.2, 0.1], [0.3, 0.8, 0.2]])
    present = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 0]], bool)
    assert all_found(scores, present, 0.5).tolist() == [True, False, True]
    assert first_ranked(scores, np.array([0, 1, 1])).tolist() == [True, False, True]
    assert precision_recall(scores, present, 0.5) == (1.0, 0.8)
    assert average_precision(scores[:, 0], present[:, 0]) == 1.0
    assert np.isnan(average_precision(scores[:, 2], present[:, 2]))
    threshold = balanced_threshold(scores, present)
    assert (scores >= threshold).sum() == present.sum()
    share = figure(np.array([0, 1] * 50))
    assert share.mean == 0.5
    assert share.spread == pytest.approx(0.098, abs=0.02)
    assert np.isnan(figure(np.zeros(0)).mean)


def test_distances_between_sets_of_features() -> None:
    rng = np.random.default_rng(0)
    ones, others = rng.standard_normal((2, 4000, 4))
    assert frechet_distance(ones, others) < 0.02
    # means 2 apart in one of four directions, and one deviation doubled: 4 + (2 - 1)^2
    moved = others * (1, 1, 1, 2) + (2, 0, 0, 0)
    assert frechet_distance(ones, moved) == pytest.approx(5, rel=0.06)
    assert abs(kernel_distance(ones[:800], others[:800])) < 0.1
    assert kernel_distance(ones[:800], moved[:800]) > 1
    halves = over_subsets(kernel_distance, ones[:400], moved[:400], subsets=5)
    assert halves.count == 200
    assert 0 < halves.spread < halves.mean
