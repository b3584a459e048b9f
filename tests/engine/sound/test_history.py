"""The trailing buffer against a plain array."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sound.history import History


@given(length=st.integers(1, 40), sizes=st.lists(st.integers(0, 90), max_size=25))
def test_history_equals_plain_array(length: int, sizes: list[int]) -> None:
    history = History(2, length)
    plain = np.zeros((2, length), np.float32)  # silence before sample 0
    for size in sizes:
        start = history.end + 1
        block = np.stack([np.arange(start, start + size), -np.arange(start, start + size)])
        history.append(block.astype(np.float32))
        plain = np.concatenate([plain, block.astype(np.float32)], axis=1)
        end = history.end
        assert end == plain.shape[1] - length
        assert np.array_equal(history.between(end - length, end), plain[:, -length:])
        assert np.array_equal(history.between(end, end), plain[:, :0])


def test_what_is_not_kept_is_refused() -> None:
    history = History(1, 10)
    history.append(np.zeros((1, 25), np.float32))
    for first, end in ((14, 20), (20, 26), (22, 21)):
        with pytest.raises(LookupError, match="15 to 25"):
            history.between(first, end)
