"""Painted pictures: the same however often they were interrupted, whole or halved."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from training.judge.pictures import resize_for_judge
from training.loop.whole_files import write_text
from training.painting import painted_pictures
from training.painting.painted_pictures import FIELDS, Order, halve, load_or_paint

ORDER = Order("panel", 48, 32, 70, 8)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painted_pictures, "CHUNK", 3)


def paint(folder: Path, order: Order = ORDER, count: int = 8) -> painted_pictures.PaintedPictures:
    return load_or_paint(folder, order, folder / "done.json", {"count": count}, 1, "panels")


def test_what_was_interrupted_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, cut = paint(tmp_path / "whole"), tmp_path / "cut"
    noted: list[list[int]] = []

    def noting(path: Path, text: str) -> None:
        write_text(path, text)
        if path.name == "painting.json":
            noted.append(json.loads(text)["ready"])
            if len(noted) == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(painted_pictures, "write_text", noting)
    with pytest.raises(KeyboardInterrupt):
        paint(cut)
    assert not (cut / "done.json").exists()
    again = paint(cut)
    assert noted == [[0], [0, 3], [0, 3, 6]]  # what was there is not painted twice
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
    files = {path.name for path in cut.iterdir()}
    assert files == {"done.json", *(f"{name}.npy" for name in FIELDS)}


def test_other_facts_call_for_other_pictures(tmp_path: Path) -> None:
    assert len(paint(tmp_path).labels) == 8
    fewer = paint(tmp_path, Order("panel", 48, 32, 70, 5), 5)
    assert fewer.pictures.shape == (5, 32, 48, 3)
    assert json.loads((tmp_path / "done.json").read_text()) == {"count": 5}


def test_halved_ones_are_the_same_pictures_at_half_size(tmp_path: Path) -> None:
    full = paint(tmp_path / "full")
    half = paint(tmp_path / "half", Order("panel", 48, 32, 70, 8, halved=True))
    np.testing.assert_array_equal(half.pictures, halve(full.pictures))
    np.testing.assert_array_equal(half.places, full.places)
    assert half.pictures.shape == (8, 16, 24, 3)
    assert resize_for_judge(full.pictures) is full.pictures


def test_truth_is_told_row_by_row(tmp_path: Path) -> None:
    found = paint(tmp_path)
    there = found.labels >= 0
    assert there.any()
    assert np.all(found.weights[there] > 0)
    assert np.all(found.weights[~there] == 0)
    np.testing.assert_allclose(found.atmosphere.sum(1), 3.0, atol=1e-4)
    assert found.present().sum() == len({(r, found.labels[r, s]) for r, s in np.argwhere(there)})
    assert found.rows(slice(2, 4)).labels.tolist() == found.labels[2:4].tolist()
