"""How sounds are retrieved for pictures: this project's own way, and the paper's (Seeing Sound)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """What pairing depends on."""

    piece_s: float
    """Sounds are cut into pieces of so many seconds that do not overlap."""
    most_pieces: int | None
    """Of one file, so that a long recording does not crowd out the short ones; None takes all."""
    best: int
    """The mean score of so many best sounds is the bar that a sound has to clear."""
    quietest_lufs: float
    loudest_lufs: float
    """Each sound of a mix is as loud as drawn uniformly between the two."""


OWN = Setting(4.0, 16, 16, -45.0, -12.0)
"""The range is wide on purpose: where all sounds are about equally loud, a picture learns loudness
as a switch rather than as a slope."""
PAPER = Setting(5.0, None, 16, -25.0, -23.0)
"""Seeing Sound; it does not say how many are best, and of the range only that it is narrow."""
PRESETS = {"own": OWN, "paper": PAPER}
