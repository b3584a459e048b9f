"""The cheapest way to give each row a column of its own (the Hungarian method).

scipy.optimize.linear_sum_assignment finds matchings of the same cost some tens of microseconds
sooner. It is not used: importing it takes a third of a second and scipy 140 MB of disk, for a few
rows, five times a second.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def assign(costs: NDArray[np.floating]) -> list[int]:
    """Return the column of each row so that the sum of costs (rows, columns) is the least.

    Takes rows^2 * columns steps in Python, for a handful of rows. Raises ValueError for more rows
    than columns and for costs that are no numbers; infinity is one, and is avoided if it can be.
    """
    rows, columns = costs.shape
    if rows > columns:
        raise ValueError(f"{rows} rows cannot each have one of {columns} columns")
    if np.isnan(costs).any() or np.isneginf(costs).any():
        raise ValueError("costs must be numbers above minus infinity")
    never = 1.0 + 2.0 * float(np.abs(costs[np.isfinite(costs)]).sum())
    cost = [[0.0, *map(float, row)] for row in np.where(np.isinf(costs), never, costs)]
    # Shortest augmenting paths with potentials; row and column 0 stand for "none yet".
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        least = [math.inf] * (columns + 1)
        way = [0] * (columns + 1)
        done = [False] * (columns + 1)
        while owner[column]:
            done[column] = True
            at, delta, following = owner[column], math.inf, 0
            for other in range(1, columns + 1):
                if done[other]:
                    continue
                reduced = cost[at - 1][other] - of_row[at] - of_column[other]
                if reduced < least[other]:
                    least[other], way[other] = reduced, column
                if least[other] < delta:
                    delta, following = least[other], other
            for other in range(columns + 1):
                if done[other]:
                    of_row[owner[other]] += delta
                    of_column[other] -= delta
                else:
                    least[other] -= delta
            column = following
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    found = [0] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found
