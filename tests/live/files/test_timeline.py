"""Hearings gathered by track."""

from __future__ import annotations

import numpy as np

from engine.packets import HeardSource, Hearing, Stamp
from live.files.timeline import BAR_CELLS, clock_text, spans, table

HOP_S = 0.2


def hearing(number: int, *sources: tuple[int, str, float, float]) -> Hearing:
    end = (number + 1) * 3200
    return Hearing(
        stamp=Stamp(number, 0, end - 64000, end, 16000, 0.0),
        sources=tuple(
            HeardSource(
                track_id=track,
                embedding=np.zeros(4, np.float32),
                labels=((label, probability), ("owl", 0.05)),
                loudness_lufs=lufs,
                significance=0.5,
            )
            for track, label, probability, lufs in sources
        ),
        loudness_lufs=-30.0,
    )


def test_a_span_goes_from_the_first_to_the_last_hop_that_sounds() -> None:
    heard = [
        hearing(4, (1, "rain", 0.9, -30.0)),
        hearing(5, (1, "rain", 0.8, -30.0), (2, "dog", 0.6, -20.0)),
        hearing(6, (1, "wind", 0.5, -30.0), (2, "dog", 0.7, -20.0)),
        hearing(7, (1, "rain", 0.9, -70.0)),
    ]
    first, second = spans(heard, HOP_S)
    assert (first.track, first.label) == (1, "rain")
    assert abs(first.start_s - 0.8) < 1e-9
    assert abs(first.end_s - 1.4) < 1e-9
    assert abs(first.probability - 1.7 / 3) < 1e-9
    assert abs(first.loudness_lufs + 30.0) < 1e-6
    assert (second.track, second.label) == (2, "dog")


def test_the_table_has_a_line_for_each_source() -> None:
    heard = [hearing(k, (1, "church bells", 0.9, -30.0)) for k in range(20)]
    text = table(spans(heard, HOP_S), 8.0)
    head, line = text.splitlines()
    assert "0:08" in head
    assert line.split()[:4] == ["0:00.0", "0:04.0", "church", "bells"]
    assert "90%" in line
    assert line.count("▓") == BAR_CELLS // 2
    assert table(spans(heard, HOP_S), 8.0, plain=True).isascii()


def test_nothing_heard_says_so() -> None:
    assert "nothing is heard" in table([], 5.0)


def test_clock_text_rounds_before_it_splits() -> None:
    assert clock_text(59.96) == "1:00.0"
    assert clock_text(62.5) == "1:02.5"
