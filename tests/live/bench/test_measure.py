"""Figures, targets and the table."""

from __future__ import annotations

import math

from live.bench.measure import Measure, measure_table, missing_measure, percentile


def test_a_target_is_the_most_or_the_least() -> None:
    assert Measure("delay", 250.0, "ms", 250.0).reached is True
    assert Measure("delay", 251.0, "ms", 250.0).reached is False
    assert Measure("scenes", 7.9, "/s", 8.0, "least").reached is False
    assert Measure("scenes", 8.0, "/s", 8.0, "least").reached is True
    assert Measure("delay", 1.0, "ms").reached is None


def test_what_could_not_be_measured_is_neither_reached_nor_missed() -> None:
    measure = missing_measure("delay", "ms", 250.0, "no PulseAudio")
    assert measure.reached is None
    assert "no PulseAudio" in measure_table([measure])


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.5) == 50.0
    assert percentile(values, 0.95) == 95.0
    assert percentile(values, 1.0) == 100.0
    assert percentile(values, 0.0) == 1.0
    assert math.isnan(percentile([], 0.5))


def test_the_table_shows_value_target_and_verdict() -> None:
    text = measure_table([Measure("delay", 300.0, "ms", 250.0, note="of 5")])
    line = text.splitlines()[1]
    assert line.split() == ["delay", "300", "ms", "<=", "250", "ms", "MISS", "of", "5"]
