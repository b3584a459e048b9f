"""The file of weights that several graphs share."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.graph.weights_file import WeightsFile


def test_equal_weights_lie_once_and_each_begins_where_runtimes_like_it(tmp_path: Path) -> None:
    one, other = np.arange(5, dtype=np.float16), np.arange(33, dtype=np.uint8)
    with WeightsFile(tmp_path / "weights") as weights:
        places = [weights.put(values) for values in (one, other, one.copy(), other.reshape(3, 11))]
    assert places[:2] == places[2:]
    assert all(offset % 64 == 0 for offset, _ in places)
    raw = (tmp_path / "weights").read_bytes()
    for values, (offset, length) in zip((one, other), places[:2], strict=True):
        assert raw[offset : offset + length] == values.tobytes()
    assert len(raw) == 64 + 33
