"""What the papers report, as far as it is known for certain; nothing is filled in.

A published figure may be set beside one's own only where data, pictures, variant and weights are
the same; which they are is said as far as the papers say it. What a paper leaves open (split sizes,
the detector's threshold) is open here as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.papers.scores.result import Result, told


@dataclass(frozen=True, slots=True)
class Published:
    """A row of a paper's table."""

    paper: str
    """Name of its system in this program: macs, av_gas."""
    row: str
    """The method and the data."""
    scores: tuple[tuple[str, float], ...]
    """Name of the score and its value; shares in [0, 1]."""


_LLP = "LLP-multi; clean-fid's FID and KID, AIS and IIS (c) by B/32"
_PAIRS = "20,000 samples of 20 VGGSound pairs"


def _macs(method: str, *values: float) -> Published:
    names = ("FID", "CLIP-FID", "KID", "AIS", "IIS")
    return Published("macs", f"{method} ({_LLP})", tuple(zip(names, values, strict=True)))


def _mixed(method: str, *values: float) -> Published:
    scores = tuple(zip(("IS", "CRS", "R@2*"), values, strict=True))
    return Published("av_gas", f"{method}, mixed ({_PAIRS})", scores)


def _half(method: str, half: str, *values: float) -> Published:
    names = ("FID", "IS", "CRS", "R@1")
    return Published(
        "av_gas", f"{method}, {half} ({_PAIRS})", tuple(zip(names, values, strict=True))
    )


PUBLISHED = (
    _macs("MACS", 87.1, 20.5, 0.0157, 0.0754, 0.627),
    _macs("AudioToken", 143.6, 52.2, 0.043, 0.059, 0.491),
    _macs("Sound2Scene", 105.1, 33.8, 0.024, 0.071, 0.555),
    _macs("CoDi", 116.7, 45.0, 0.028, 0.075, 0.518),
    _mixed("Sound2Scene", 4.18, 0.04, 0.02),
    _mixed("A2A", 3.71, 0.11, 0.06),
    _mixed("A2V", 4.39, 0.07, 0.02),
    _mixed("A2A and A2V", 4.47, 0.09, 0.00),
    _half("A2A", "foreground", 220.26, 4.48, 0.47, 0.47),
    _half("A2V", "foreground", 310.23, 3.52, 0.10, 0.09),
    _half("A2A and A2V", "foreground", 316.22, 3.66, 0.08, 0.12),
    _half("A2A", "background", 223.89, 3.28, 0.57, 0.37),
    _half("A2V", "background", 276.28, 3.78, 0.46, 0.31),
    _half("A2A and A2V", "background", 260.92, 3.80, 0.49, 0.43),
)
"""Of Seeing Sound and Sound2Vision no figure is at hand; Sound2Vision's FID and IS rest on an
Inception of its own and compare with nobody's."""
CAUTION = (
    "Published figures, to be read beside yours only where data, variant and weights are the same:"
)


def beside_published(results: Sequence[Result], paper: str | None) -> str:
    """The published rows of a system's paper, of all where None, under the scores measured here."""
    names = list(dict.fromkeys(each.name for each in results))
    rows = [row for row in PUBLISHED if paper in (None, row.paper)]
    if not rows:
        return f"No published figures of {paper} are at hand."
    shown = [
        name
        for name in ("FID", "CLIP-FID", "KID", "IS", "AIS", "IIS", "CRS", "R@1", "R@2*")
        if any(name == score for row in rows for score, _ in row.scores)
    ]
    lines = [CAUTION, "  ".join(f"{name:>8}" for name in shown)]
    for row in rows:
        values = dict(row.scores)
        cells = [f"{told(values[n]) if n in values else '-':>8}" for n in shown]
        lines.append("  ".join(cells) + f"  {row.row}")
    missing = [name for name in shown if name not in names]
    if missing:
        lines.append(f"Not measured here: {', '.join(missing)}; name their networks to have them.")
    return "\n".join(lines)
