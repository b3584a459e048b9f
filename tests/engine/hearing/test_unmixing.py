"""Whole recordings taken apart: each track's sound, aligned with the input."""

from __future__ import annotations

import numpy as np
import pytest

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.hearer import Hearer
from engine.hearing.unmixing import unmix
from tests.tiny_models import tone_of

RATE = 16000
Opened = tuple[Bundle, BundleModels]


def _parts() -> dict[str, np.ndarray]:
    n = 8 * RATE + 137
    spans = {"rain": (1.0, 6.0), "fireworks": (0.0, 3.0), "dog": (4.5, 6.5)}
    parts = {}
    for label, (first_s, end_s) in spans.items():
        part = np.zeros(n, np.float32)
        part[round(first_s * RATE) : round(end_s * RATE)] = tone_of(label, end_s - first_s)
        parts[label] = part
    return parts


def test_each_track_is_one_source_in_its_place(opened: Opened) -> None:
    parts = _parts()
    mixture = np.sum(list(parts.values()), axis=0)
    told = []
    unmixed = unmix(Hearer(*opened), mixture, told.append)
    assert told[-1] == mixture.size
    assert unmixed.separated.shape == (4, mixture.size)
    assert np.abs(unmixed.separated.sum(0) - mixture).max() < 1e-5
    names = {s.track_id: s.labels[0][0] for h in unmixed.hearings for s in h.sources}
    assert set(names.values()) == set(parts)
    assert set(unmixed.segments) == set(names)
    for track_id, name in names.items():
        sound = unmixed.sound_of(track_id)
        assert sound.shape == mixture.shape
        error = np.mean((sound - parts[name]) ** 2) / np.mean(parts[name] ** 2)
        assert error < 0.01, name
    with pytest.raises(KeyError):
        unmixed.sound_of(99)


def test_hearings_are_those_of_a_live_run(opened: Opened) -> None:
    mixture = np.sum(list(_parts().values()), axis=0)
    unmixed = unmix(Hearer(*opened), mixture)
    live = Hearer(*opened).push(mixture, 0.0)
    assert [[s.track_id for s in h.sources] for h in live] == [
        [s.track_id for s in h.sources] for h in unmixed.hearings
    ]


@pytest.mark.parametrize("n", [0, 1, 3199, 20_000])
def test_short_recordings(opened: Opened, n: int) -> None:
    unmixed = unmix(Hearer(*opened), tone_of("rain", 2.0)[:n])
    assert len(unmixed.hearings) == n // 3200
    assert all(unmixed.sound_of(t).size == n for t in unmixed.segments)
    assert unmixed.separated.shape == (4, n)
