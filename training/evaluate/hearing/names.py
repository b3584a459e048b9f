"""What a bundle calls sounds, one or two at once, moment by moment, as a show would."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.hearer import Hearer
from engine.packets import F32, UNKNOWN
from engine.sound.loudness import FLOOR_LUFS
from training.evaluate.hearing.windows import clips_of, mixes_of
from training.evaluate.report.table import Row, row, share_row, unmeasured_rows
from training.evaluate.setting import Outcome, Setting, select_windows
from training.hearing.pool import Pool
from training.judge.scores import share_figure

BOTH, EITHER, WRONG = (
    "two sounds: both are the strongest names",
    "two sounds: either is named a fifth of the time",
    "two sounds: wrong names at a moment",
)
FIRST, CHANGES = "new sound to its first right name, median", "changes of name, steady sound"
UNKNOWN_UNKNOWN, KNOWN_UNKNOWN = "unknown sounds called unknown", "known sounds called unknown"
NAMED = (BOTH, EITHER, WRONG, FIRST, CHANGES, UNKNOWN_UNKNOWN, KNOWN_UNKNOWN)
TWICE = 2
"""Every clip is played so often, as steady as it is."""
SETTLED_S = 1.0
"""The first second is not asked: nobody has heard enough yet."""
LEVEL = 0.05
"""Root mean square that each sound is played at."""
OFTEN = 0.2
"""Share of the moments in which a name must stand to count as said."""


@dataclass(frozen=True, slots=True)
class Named:
    """Means over recordings, or mixes of them."""

    all_strongest: float
    """Share whose sounds are the strongest names, all of them, by significance over time."""
    any_often: float
    """Share of which one sound at least is named a fifth of the time."""
    each_often: float
    """Share of the sounds that are named a fifth of the time."""
    wrong: float
    """Names that are said at a moment and sound nowhere."""
    unknown: float
    """Share of the moments in which something is called unknown."""
    nothing: float
    """Share of the moments in which nothing is named."""
    first_right_s: float
    """Until a right name is said first; median, infinite where more than half are never named."""
    changes: float
    """Names that begin or end, a minute, after the first second."""
    count: int


def name_mixes(
    bundle: Bundle, models: BundleModels, mixes: Iterable[tuple[F32, frozenset[str]]]
) -> Named:
    """Plays each mixture (n,) at the bundle's rate, whose labels are given."""
    rows: list[tuple[float, ...]] = []
    for mixture, truth in mixes:
        hearer = Hearer(bundle, models)
        strength: dict[str, float] = defaultdict(float)
        said: Counter[str] = Counter()
        moments, wrong, nothing, changes = 0, 0, 0, 0
        first = np.inf
        before: set[str] | None = None
        for hearing in hearer.push(mixture, 0.0):
            named = {
                source.labels[0][0]: source.significance
                for source in sorted(hearing.sources, key=lambda each: each.significance)
                if source.loudness_lufs > FLOOR_LUFS
            }
            names = set(named) - {UNKNOWN}
            if names & truth:
                first = min(first, hearing.stamp.end_s)
            if hearing.stamp.end_s < SETTLED_S:
                continue
            moments += 1
            wrong += len(names - truth)
            nothing += not names
            said.update(named)
            changes += len(names ^ before) if before is not None else 0
            before = names
            for name, how_much in named.items():
                strength[name] += how_much
        strongest = sorted(set(strength) - {UNKNOWN}, key=lambda name: -strength[name])
        often = [said[name] >= OFTEN * moments for name in truth]
        minutes = max(moments, 1) * hearer.hop / hearer.sample_rate_hz / 60
        rows.append(
            (
                set(strongest[: len(truth)]) == truth, any(often), float(np.mean(often)),
                wrong / moments, said[UNKNOWN] / moments, nothing / moments, first,
                changes / minutes,
            )
        )  # fmt: skip
    table: NDArray[np.float64] = np.array(rows, np.float64)
    both, any_often, each_often, wrong, unknown, nothing, _, changes = map(float, table.mean(0))
    return Named(
        both, any_often, each_often, wrong, unknown, nothing, float(np.median(table[:, 6])),
        changes, len(rows),
    )  # fmt: skip


def name_rows(setting: Setting) -> Outcome:
    """Names of single sounds, of two at equal power, and of sounds outside the vocabulary."""
    sounds, rows = select_windows(setting)
    pool, bundle, count = sounds.pool, setting.bundle, max(2, setting.effort.mixes // 4)
    asked = bundle, setting.models
    one, two = (
        name_mixes(*asked, _mixes(pool, mixes_of(pool, rows, n, count, setting.seed + 7)))
        for n in (1, 2)
    )
    told = [
        share_row(BOTH, share_figure(two.all_strongest, two.count), sounds.caveat),
        share_row(EITHER, share_figure(two.any_often, two.count)),
        row(WRONG, two.wrong, f"of single sounds {one.wrong:.2f}", count=two.count),
        row(FIRST, one.first_right_s if np.isfinite(one.first_right_s) else np.nan,
            "" if np.isfinite(one.first_right_s) else "more than half never", count=one.count),
        row(CHANGES, one.changes, "begins and ends, after the first second", count=one.count),
    ]  # fmt: skip
    outside = np.flatnonzero(sounds.chosen & (pool.labels >= len(bundle.manifest.labels)))
    if outside.size:
        rng = np.random.default_rng([setting.seed, 8])
        picks = [rng.choice(outside, 1) for _ in range(min(count, outside.size))]
        strange = name_mixes(*asked, _mixes(pool, picks))
        told += [
            row(UNKNOWN_UNKNOWN, 100 * strange.unknown, "of the moments", count=strange.count),
            row(KNOWN_UNKNOWN, 100 * one.unknown, "of the moments", count=one.count),
            Row("  unknown sounds: wrong names at a moment", strange.wrong, ""),
        ]
    else:
        told += unmeasured_rows([UNKNOWN_UNKNOWN, KNOWN_UNKNOWN], "all sounds have a name")
    details = {"one": asdict(one), "two": asdict(two)}
    return Outcome(told, {"names": {
        what: {key: value if np.isfinite(value) else None for key, value in found.items()}
        for what, found in details.items()
    }})  # fmt: skip


def _mixes(
    pool: Pool, picked: Iterable[NDArray[np.int64]]
) -> Iterator[tuple[F32, frozenset[str]]]:
    """Sums of clips at equal power, played twice, and their labels."""
    for picks in picked:
        clips = clips_of(pool, picks)
        clips = clips / (clips.std(1, keepdims=True) + 1e-9) * LEVEL
        names = frozenset(pool.names[label] for label in pool.labels[picks])
        yield np.tile(clips.sum(0), TWICE), names
