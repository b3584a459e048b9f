"""What is heard from when to when: hearings gathered by track, and the table that people read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.packets import HeardSource, Hearing
from engine.sound.loudness import FLOOR_LUFS

BAR_CELLS = 40
_SHADES = {True: " ░▒▓█", False: " .:*#"}


@dataclass(frozen=True, slots=True)
class Span:
    """One track from the first hearing in which it sounds to the last."""

    track: int
    label: str
    """The label with the highest mean probability over the track's life."""
    probability: float
    """That mean, in [0, 1]."""
    start_s: float
    """Seconds of sound at the beginning of the first hop it was heard in."""
    end_s: float
    """Seconds of sound at the end of the last hop it was heard in."""
    loudness_lufs: float
    """Loudness of its mean power over its hearings."""
    significance: float
    """Highest that it reached, in [0, 1]."""
    shown: tuple[tuple[float, float], ...]
    """(seconds of sound, significance) of every hearing, where it was kept."""


def spans(hearings: Iterable[Hearing], hop_s: float, *, shown: bool = True) -> list[Span]:
    """Return one span per track, in the order of their beginning.

    shown: keep every moment of each; without, a recording of hours takes no memory to speak of.
    """
    tracks: dict[int, _Track] = {}
    for hearing in hearings:
        for source in hearing.sources:
            if source.loudness_lufs > FLOOR_LUFS:  # at the floor it is a memory that fades
                track = tracks.setdefault(source.track_id, _Track(hearing.stamp.end_s))
                track.add(source, hearing.stamp.end_s)
                if shown:
                    track.shown.append((hearing.stamp.end_s, source.significance))
    found = [track.span(number, hop_s) for number, track in tracks.items()]
    return sorted(found, key=lambda span: (span.start_s, span.track))


@dataclass(slots=True)
class _Track:
    """What the hearings of a track add up to."""

    first_s: float
    last_s: float = 0.0
    hearings: int = 0
    power: float = 0.0
    significance: float = 0.0
    labels: dict[str, float] = field(default_factory=dict)
    """Label to the sum of its probabilities."""
    shown: list[tuple[float, float]] = field(default_factory=list)

    def add(self, source: HeardSource, end_s: float) -> None:
        self.last_s = end_s
        self.hearings += 1
        self.power += 10 ** (source.loudness_lufs / 10)
        self.significance = max(self.significance, source.significance)
        for label, probability in source.labels:
            self.labels[label] = self.labels.get(label, 0.0) + probability

    def span(self, number: int, hop_s: float) -> Span:
        label = max(self.labels, key=lambda each: self.labels[each]) if self.labels else "something"
        return Span(
            track=number,
            label=label,
            probability=self.labels[label] / self.hearings if self.labels else 0.0,
            start_s=max(0.0, self.first_s - hop_s),
            end_s=self.last_s,
            loudness_lufs=10 * math.log10(self.power / self.hearings),
            significance=self.significance,
            shown=tuple(self.shown),
        )


def table(found: Sequence[Span], seconds: float, plain: bool = False) -> str:
    """Return the readable timeline of a sound of this length; `plain` keeps to ASCII."""
    if not found:
        return "nothing is heard: it is silence, or too soft (see --sensitivity)\n"
    width = max(4, *(len(span.label) for span in found))
    clock = f"0:00{clock_text(seconds)[:-2]:>{BAR_CELLS - 4}}"
    rows = [f"{'from':>7} {'to':>7}  {'what':<{width}}  sure     loudness  {clock}"]
    for span in found:
        rows.append(
            f"{clock_text(span.start_s):>7} {clock_text(span.end_s):>7}  {span.label:<{width}}  "
            f"{span.probability:4.0%}  {span.loudness_lufs:6.1f} LUFS  "
            f"{_bar(span, seconds, plain)}".rstrip()
        )
    return "\n".join(rows) + "\n"


def clock_text(seconds: float) -> str:
    """Return minutes, seconds and tenths, as 1:02.5."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def _bar(span: Span, seconds: float, plain: bool) -> str:
    shades = _SHADES[not plain]
    cells = [0.0] * BAR_CELLS
    heard = [False] * BAR_CELLS
    for end_s, significance in span.shown:
        cell = min(BAR_CELLS - 1, int(BAR_CELLS * max(0.0, end_s - 1e-6) / max(seconds, 1e-6)))
        cells[cell] = max(cells[cell], significance)
        heard[cell] = True
    return "".join(
        shades[1 + min(3, int(4 * cell))] if there else " "
        for cell, there in zip(cells, heard, strict=True)
    )
