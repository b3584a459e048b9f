import time

import numpy as np
import pytest

from engine.timing import Timings


def test_percentiles_are_those_of_the_durations():
    timings = Timings()
    values = np.random.default_rng(0).gamma(2.0, 20.0, 500)
    for value in values:
        timings.add(value)
    found = timings.percentiles()
    assert found.count == 500
    assert found.p50 == pytest.approx(np.percentile(values, 50))
    assert found.p95 == pytest.approx(np.percentile(values, 95))
    assert found.p99 == pytest.approx(np.percentile(values, 99))
    assert found.worst == values.max()
    assert timings.percentile(90) == pytest.approx(np.percentile(values, 90))


def test_old_durations_are_forgotten():
    timings = Timings(keep=10)
    for value in range(100):
        timings.add(value)
    assert len(timings) == 10
    assert timings.total == 100
    assert timings.percentiles().p50 == 94.5


def test_no_durations_are_zeros():
    timings = Timings()
    assert timings.percentiles().p95 == 0.0
    assert timings.percentile(50) == 0.0
    timings.add(5)
    timings.clear()
    assert len(timings) == 0


def test_a_block_is_measured_even_when_it_fails():
    timings = Timings()

    def fail() -> None:
        with timings.measure():
            time.sleep(0.02)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert timings.percentiles().worst >= 20
