"""What every generator is to a system: a condition it takes, a loss if it learns, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor, nn

from training.loop.plain_errors import InputError
from training.papers.harness.draws import Draws


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a condition: so many tokens of so many numbers."""

    tokens: int | None
    """None stands for any number."""
    width: int

    def __str__(self) -> str:
        many = "tokens" if self.tokens is None else f"{self.tokens} token"
        return f"{many}{'s' if self.tokens and self.tokens > 1 else ''} of {self.width} numbers"


class Generator(Protocol):
    """A painter. Also an nn.Module, so that it moves and is saved with its system."""

    takes: Shape
    pixels: int
    """Of its square pictures."""

    def learns(self) -> Sequence[nn.Module]:
        """The modules that its loss trains; none of a generator that comes trained."""
        ...

    def loss(self, pictures: Tensor, condition: Tensor, draws: Draws) -> Tensor:
        """Scalar: pictures (b, 3, pixels, pixels) in [-1, 1] of conditions (b, n, d)."""
        ...

    def paint(self, condition: Tensor, seeds: Sequence[int]) -> Tensor:
        """(b, n, d) -> u8 (b, pixels, pixels, 3), each from the noise of its seed."""
        ...


def fit(generator: Generator, given: Shape, system: str, name: str) -> None:
    """Raise InputError where a system's condition is not what a generator takes."""
    takes = generator.takes
    if takes.width != given.width or takes.tokens not in (None, given.tokens):
        raise InputError(
            f"{system} gives {given}, and {name} takes {takes}: choose another --generator"
        )
