"""Windows against slices of the whole sound, for any sizes of the pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sound.windows import Windows

RATE = 100


@given(
    pieces=st.lists(st.integers(0, 130), max_size=20),
    hop=st.integers(1, 40),
    more=st.integers(0, 60),
)
def test_windows_equal_plain_slices(pieces: list[int], hop: int, more: int) -> None:
    length = hop + more
    windows = Windows(RATE, length / RATE, hop / RATE)
    sound = np.random.default_rng(1).standard_normal(sum(pieces)).astype(np.float32)
    padded = np.concatenate([np.zeros(length, np.float32), sound])
    got = []
    at = 0
    for size in pieces:
        # The clock runs true: sample i was in the air at 50 + i / RATE.
        captured_at_s = 50 + (at + size) / RATE
        for window in windows.push(sound[at : at + size], captured_at_s):
            got.append((window.stamp, window.samples.copy()))
        at += size
    assert len(got) == sound.size // hop
    for k, (stamp, samples) in enumerate(got):
        end = (k + 1) * hop
        assert (stamp.window_id, stamp.epoch) == (k, 0)
        assert (stamp.first_sample, stamp.end_sample) == (end - length, end)
        assert stamp.captured_at_s == pytest.approx(50 + end / RATE)
        assert np.array_equal(samples, padded[end : end + length])


def test_reset_begins_again_in_the_next_epoch() -> None:
    windows = Windows(RATE, 1.0, 0.5)
    assert len(list(windows.push(np.ones(120, np.float32), 0.0))) == 2
    windows.reset()
    (window,) = windows.push(np.ones(50, np.float32), 0.0)
    assert (window.stamp.window_id, window.stamp.epoch, window.stamp.end_sample) == (0, 1, 50)
    assert window.samples.tolist() == [0.0] * 50 + [1.0] * 50


@pytest.mark.parametrize(("window_s", "hop_s"), [(1.0, 1.5), (1.0, 0.0), (0.0, 0.0), (1.0, -1.0)])
def test_impossible_hops_are_refused(window_s: float, hop_s: float) -> None:
    with pytest.raises(ValueError, match="hop"):
        Windows(RATE, window_s, hop_s)
