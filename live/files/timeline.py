"""What is heard from when to when: hearings gathered by track, and the table that people read."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """(seconds of sound, significance) of every hearing."""


def spans(hearings: Iterable[Hearing], hop_s: float) -> list[Span]:
    """Return one span per track, in the order of their beginning."""
    heard: dict[int, list[tuple[float, HeardSource]]] = defaultdict(list)
    for hearing in hearings:
        for source in hearing.sources:
            if source.loudness_lufs > FLOOR_LUFS:  # at the floor it is a memory that fades
                heard[source.track_id].append((hearing.stamp.end_s, source))
    found = [_span(track, moments, hop_s) for track, moments in heard.items()]
    return sorted(found, key=lambda span: (span.start_s, span.track))


def _span(track: int, moments: Sequence[tuple[float, HeardSource]], hop_s: float) -> Span:
    sums: dict[str, float] = defaultdict(float)
    for _, source in moments:
        for label, probability in source.labels:
            sums[label] += probability
    label = max(sums, key=lambda each: sums[each]) if sums else "something"
    power = sum(10 ** (source.loudness_lufs / 10) for _, source in moments) / len(moments)
    return Span(
        track=track,
        label=label,
        probability=sums[label] / len(moments) if sums else 0.0,
        start_s=max(0.0, moments[0][0] - hop_s),
        end_s=moments[-1][0],
        loudness_lufs=10 * math.log10(power),
        significance=max(source.significance for _, source in moments),
        shown=tuple((end_s, source.significance) for end_s, source in moments),
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
