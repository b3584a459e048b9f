"""Streaming resampling against soxr at once."""

from __future__ import annotations

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sound.resample import StreamResampler

SOUND = np.random.default_rng(2).standard_normal(24_000).astype(np.float32) * 0.1


def _stream(from_hz: int, to_hz: int, sizes: list[int]) -> np.ndarray:
    resampler = StreamResampler(from_hz, to_hz)
    out, at = [], 0
    for size in sizes:
        out.append(resampler.process(SOUND[at : at + size]))
        at += size
    out.append(resampler.process(SOUND[at:]))
    out.append(resampler.flush())
    return np.concatenate(out)


@pytest.mark.parametrize(
    ("from_hz", "to_hz"), [(48000, 16000), (44100, 16000), (8000, 16000), (16000, 48000)]
)
def test_equals_soxr_offline(from_hz: int, to_hz: int) -> None:
    streamed = _stream(from_hz, to_hz, [480] * 20)
    offline = soxr.resample(SOUND, from_hz, to_hz)
    assert abs(streamed.size - offline.size) <= 1
    n = min(streamed.size, offline.size)
    assert np.abs(streamed[:n] - offline[:n]).max() < 1e-5


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 3000), max_size=12))
@pytest.mark.parametrize(("from_hz", "to_hz"), [(48000, 16000), (44100, 16000)])
def test_pieces_do_not_matter(from_hz: int, to_hz: int, sizes: list[int]) -> None:
    assert np.array_equal(_stream(from_hz, to_hz, sizes), _stream(from_hz, to_hz, []))


def test_same_rate_passes_through() -> None:
    resampler = StreamResampler(16000, 16000)
    assert np.array_equal(resampler.process(SOUND), SOUND)
    assert resampler.delay_s == 0
    assert resampler.flush().size == 0


def test_delay_is_told_and_small() -> None:
    resampler = StreamResampler(48000, 16000)
    given = made = 0
    for _ in range(50):
        made += resampler.process(SOUND[:480]).size
        given += 480
        assert resampler.delay_s == pytest.approx(given / 48000 - made / 16000)
        assert 0 <= resampler.delay_s < 0.06


def test_flush_begins_a_new_stream() -> None:
    resampler = StreamResampler(48000, 16000)
    first = np.concatenate([resampler.process(SOUND), resampler.flush()])
    second = np.concatenate([resampler.process(SOUND), resampler.flush()])
    assert np.array_equal(first, second)


def test_impossible_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="0 Hz"):
        StreamResampler(0, 16000)
