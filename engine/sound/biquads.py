"""Recursive filters over many samples at once, in NumPy.

A second-order section is a small linear machine, so a block of its output is a matrix times the
block of input plus another times the state before it. The result is scipy.signal.sosfilt's to
rounding, but importing scipy.signal takes most of a second and 70 MB, which a show that is to
start at once does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
BLOCK = 128


@dataclass(frozen=True, slots=True)
class _Section:
    """One section over blocks of up to BLOCK samples."""

    response: F64
    """(BLOCK, BLOCK): output of a block from its input, the state being zero."""
    ringing: F64
    """(BLOCK, 2): output of a block from the state before it."""
    memory: F64
    """(2, BLOCK): state after a block from its input; the last m columns are those of m samples."""
    powers: F64
    """(BLOCK + 1, 2, 2): what m samples make of the state before them."""


def filter_sections(sections: F64, samples: NDArray[np.floating], state: F64) -> tuple[F64, F64]:
    """Filter channels (n, samples) by sections (k, 6), from state (k, n, 2) to the next state.

    The state is that of the transposed direct form II, zeros at the start; the sections' fourth
    coefficient is 1. Returns the filtered channels and the state after them.
    """
    after = np.empty_like(state)
    samples = np.asarray(samples, np.float64)
    for number, coefficients in enumerate(sections):
        section = _section(tuple(float(c) for c in coefficients))
        samples, after[number] = _filter_section(section, samples, state[number])
    return samples, after


def _filter_section(section: _Section, samples: F64, state: F64) -> tuple[F64, F64]:
    channels, count = samples.shape
    whole = count // BLOCK
    rest = count - whole * BLOCK
    out = np.empty_like(samples)
    blocks = samples[:, : whole * BLOCK].reshape(channels, whole, BLOCK)
    kept = blocks @ section.memory.T
    before = np.empty((channels, whole, 2))
    for block in range(whole):
        before[:, block] = state
        state = state @ section.powers[BLOCK].T + kept[:, block]
    out[:, : whole * BLOCK] = (blocks @ section.response.T + before @ section.ringing.T).reshape(
        channels, -1
    )
    if rest:
        last = samples[:, whole * BLOCK :]
        out[:, whole * BLOCK :] = (
            last @ section.response[:rest, :rest].T + state @ section.ringing[:rest].T
        )
        state = state @ section.powers[rest].T + last @ section.memory[:, BLOCK - rest :].T
    return out, state


@lru_cache(maxsize=32)
def _section(coefficients: tuple[float, ...]) -> _Section:
    b0, b1, b2, _, a1, a2 = coefficients
    step = np.array([[-a1, 1.0], [-a2, 0.0]])
    entry = np.array([b1 - a1 * b0, b2 - a2 * b0])
    powers = np.empty((BLOCK + 1, 2, 2))
    powers[0] = np.eye(2)
    for m in range(BLOCK):
        powers[m + 1] = step @ powers[m]
    ringing = powers[:BLOCK, 0]
    entered = powers[:BLOCK] @ entry
    impulse = np.concatenate([[b0], entered[: BLOCK - 1, 0]])
    lag = np.arange(BLOCK)[:, None] - np.arange(BLOCK)
    response = np.where(lag >= 0, impulse[np.abs(lag)], 0.0)
    return _Section(response, ringing, np.ascontiguousarray(entered[::-1].T), powers)
