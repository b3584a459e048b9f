"""Random numbers of a step: the same for a batch however many processes share it, and after a
restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
import torch
from torch import Tensor, nn

from training.loop.plain_errors import InputError
from training.papers.harness.across import own_rows, ranks


class Draws:
    """Draws for the whole batch of all processes, of which each process gets its rows."""

    def __init__(self, *seeds: int, device: torch.device | str = "cpu") -> None:
        """seeds: what tells this step from every other, such as seed, stage and number."""
        state = np.random.SeedSequence(seeds).generate_state(1, np.uint64)[0]
        self._generator = torch.Generator().manual_seed(int(state) >> 1)
        self._device = device

    def normal(self, rows: int, *shape: int) -> Tensor:
        """(rows, *shape) of white noise."""
        return self._own(torch.randn(ranks() * rows, *shape, generator=self._generator))

    def uniform(self, rows: int, *shape: int) -> Tensor:
        """(rows, *shape) in [0, 1)."""
        return self._own(torch.rand(ranks() * rows, *shape, generator=self._generator))

    def whole(self, rows: int, below: int) -> Tensor:
        """(rows,) whole numbers from 0 to below - 1."""
        return self._own(torch.randint(below, (ranks() * rows,), generator=self._generator))

    def shift(self, rows: int) -> int:
        """By how many places to roll the batch of all processes so that every clip meets another.

        Raises InputError where there is no other.
        """
        if (whole := ranks() * rows) < 2:
            raise InputError("clips of a batch are mixed with one another: give --batch 2 or more")
        return int(torch.randint(1, whole, (1,), generator=self._generator))

    def _own(self, drawn: Tensor) -> Tensor:
        return own_rows(drawn).to(self._device)


_IN_FORCE: ContextVar[Draws | None] = ContextVar("draws in force", default=None)


@contextmanager
def drawing(draws: Draws) -> Iterator[None]:
    """A block in which dropout draws from these."""
    before = _IN_FORCE.set(draws)
    try:
        yield
    finally:
        _IN_FORCE.reset(before)


class Dropout(nn.Module):
    """Zeroes numbers, or with `channels` whole channels of pictures, while training; only inside
    `drawing`."""

    def __init__(self, share: float = 0.5, channels: bool = False) -> None:
        super().__init__()
        self.share, self.channels = share, channels

    def forward(self, given: Tensor) -> Tensor:
        """(b, ...) -> the same, what is kept raised by 1 / (1 - share)."""
        draws = _IN_FORCE.get()
        if not self.training or draws is None:
            return given
        shape = given.shape[1:2] if self.channels else given.shape[1:]
        kept = draws.uniform(len(given), *shape) >= self.share
        kept = kept.reshape(kept.shape + (1,) * (given.dim() - kept.dim()))
        return given * kept / (1 - self.share)
