import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hearing.assignment import assign

scipy_optimize = pytest.importorskip("scipy.optimize")


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(0, 6))
def test_it_costs_as_little_as_scipys(seed, rows, more):
    costs = np.random.default_rng(seed).normal(size=(rows, rows + more)).round(1)
    columns = assign(costs)
    assert len(set(columns)) == rows
    least = costs[scipy_optimize.linear_sum_assignment(costs)].sum()
    assert costs[range(rows), columns].sum() == pytest.approx(least)


def test_no_rows():
    assert assign(np.zeros((0, 3))) == []


def test_bad_costs():
    with pytest.raises(ValueError, match="3 rows"):
        assign(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="numbers"):
        assign(np.full((1, 2), np.nan))


def test_infinity_is_avoided():
    costs = np.array([[1.0, np.inf, 9.0], [0.5, np.inf, np.inf]])
    assert assign(costs) == [2, 0]
