"""The clips that an evaluation hears, and how well the bundle hears them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.synthesis.catalogue import SYNTHESISED
from training.evaluate.baselines import logistic_baseline
from training.evaluate.report.table import Row, row, share_row, unmeasured_rows
from training.evaluate.setting import NotMeasuredError, Outcome, Setting, Sounds
from training.hearing.measure import hearing_of_bundle, pairs_of_bundle, separation_of_bundle
from training.hearing.pool import PLAIN, Job, build, load, plan_jobs
from training.judge.scores import Figure, share_figure
from training.presence.split import load_split
from training.sound.recordings import drop_silent, read_manifest
from training.vocabulary import LABELS

TOP1, TOP3 = "hearing accuracy, top-1", "hearing accuracy, top-3"
SEPARATION, PAIRS = "separation, 2 sources", "R@2*"
MEASURED = {
    TOP1: ("hearing_top1_held_out", 100.0),
    TOP3: ("hearing_top3_held_out", 100.0),
    SEPARATION: ("si_sdr_improvement_two_sources_db", 1.0),
    PAIRS: ("r_at_2_held_out", 100.0),
}
"""What the trainer measured on recordings that it kept away: the bundle's name for it, and what
turns it into the table's unit."""
SYNTHETIC_SEED = 9_000_000
TAKES = 3


def gather_sounds(
    given: Path | None, runs: Path, out: Path, unseen: bool, quick: bool,
    taught: tuple[Path, int, Sequence[str]] | None = None,
) -> Sounds | None:  # fmt: skip
    """Held-out windows of a folder of recordings, else of the training run's pool, else synthesis.

    given: folder with a manifest.csv. unseen: the caller vouches that training never met them.
    taught: a pool of `training.taught_pool`, the fold that training kept away, and collections to
    measure on alone; instead of all these.
    """
    if taught is not None:
        _, fold, collections = taught
        of = f" ({', '.join(collections)})" if collections else ""
        return Sounds(load_split(*taught), f"recordings kept away in fold {fold}{of}", True, True)
    if given is not None:
        recordings = drop_silent(read_manifest(given))
        jobs = [job for job in plan_jobs(recordings, 0, 0, 0, 0) if job.split == PLAIN]
        jobs = jobs[:: max(1, len(jobs) // 12)] if quick else jobs
        build(jobs, out / "sounds")
        return Sounds(load(out / "sounds"), f"recordings of {given.name}", unseen, True)
    if (runs / "pool" / "index.json").is_file():
        pool = load(runs / "pool")
        if tuple(pool.names[: len(LABELS)]) == LABELS and (pool.split == PLAIN).any():
            return Sounds(pool, "held-out windows of the training run's pool", unseen, True)
    names = [name for name in LABELS if name in SYNTHESISED][: 4 if quick else None]
    takes = range(1 if quick else TAKES)
    jobs = [Job(name, PLAIN, SYNTHETIC_SEED + i, None) for name in names for i in takes]
    build(jobs, out / "sounds")
    return Sounds(load(out / "sounds"), "synthesised, of other seeds than training's", True, False)


def sound_rows(setting: Setting) -> Outcome:
    """Hearing, separation and R@2* with their baselines; the trainer's held-out figures first."""
    held_out = _held_out_rows(setting.bundle.manifest.measured)
    if setting.sounds is None:
        return Outcome(held_out or unmeasured_rows(list(MEASURED), "no sounds"))
    sounds, effort, seed = setting.sounds, setting.effort, setting.seed
    asked = setting.bundle, setting.models, sounds.pool
    try:
        heard = hearing_of_bundle(*asked)
    except ValueError as error:
        raise NotMeasuredError(str(error)) from error
    if heard is None:
        raise NotMeasuredError("the pool has no held-out windows")
    parted = separation_of_bundle(*asked, mixes=effort.mixes, seed=seed + 1)
    pairs = pairs_of_bundle(*asked, pairs=effort.mixes, seed=seed + 2)
    figures = {
        TOP1: Figure(heard.top1, _share_spread(list(heard.per_label.values())), heard.windows),
        TOP3: Figure(heard.top3, math.nan, heard.windows),
    }
    if pairs is not None:
        figures[PAIRS] = share_figure(pairs.r_at_2, pairs.pairs)
    # what training has met cannot stand where the target is asked of the unheard
    mark = "" if sounds.unseen and sounds.recorded else "  here: "
    rows = list(held_out) if mark else []
    rows += [share_row(mark + name, found, sounds.caveat) for name, found in figures.items()]
    if parted is not None:
        note = f"{sounds.caveat}; 3 sources {parted.three_sources_db:.1f} dB"
        one = row(SEPARATION, parted.two_sources_db, note, count=effort.mixes)
        rows.append(Row(mark + SEPARATION, one.value, "dB", count=one.count, note=note)
                    if mark else one)  # fmt: skip
    if pairs is not None:
        rows += [
            share_row("  baseline: R@2* without separation",
                      share_figure(pairs.mixture_r_at_2, pairs.pairs)),
            share_row("  baseline: R@2* by energy", share_figure(pairs.energy_r_at_2, pairs.pairs)),
        ]  # fmt: skip
    plain = logistic_baseline(sounds.pool, seed=seed)
    if plain is not None:
        for name, value in (("top-1", plain.top1), ("top-3", plain.top3)):
            rows.append(
                share_row(f"  baseline: logistic regression, {name}",
                          Figure(value, math.nan, plain.windows))
            )  # fmt: skip
    details = {"confusion": np.round(heard.confusion, 3).tolist(), "per_label": heard.per_label}
    return Outcome(rows, {"hearing": details, "sounds": sounds.caveat})


def _held_out_rows(measured: Mapping[str, Any]) -> list[Row]:
    """The figures that the trainer took before the last stage met every recording."""
    rows = []
    for name, (key, scale) in MEASURED.items():
        value = measured.get(key)
        if isinstance(value, int | float):
            rows.append(row(name, scale * value, "the trainer's figure: held-out collections"))
        else:
            rows += unmeasured_rows([name], "the bundle does not say what its trainer found")
    return rows


def _share_spread(values: list[float]) -> float:
    """95 % half-width of a mean over labels."""
    return 1.96 * float(np.std(values)) / math.sqrt(max(1, len(values)))
