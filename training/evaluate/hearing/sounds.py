"""The clips that an evaluation hears, and how well the bundle hears them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.synthesis.catalogue import SYNTHESISED
from training.evaluate.hearing.baselines import logistic_baseline
from training.evaluate.hearing.windows import (
    clips_of,
    heard_of_scores,
    presences_of,
    separation_of_bundle,
)
from training.evaluate.report.table import Row, row, share_row, unmeasured_rows
from training.evaluate.setting import (
    NotMeasuredError,
    Outcome,
    Setting,
    Sounds,
    select_windows,
)
from training.hearing.pool import Job, build, load, measuring_rows, plan_jobs
from training.judge.scores import Figure
from training.sound.recordings import keep_usable, read_manifest
from training.vocabulary import LABELS

TOP1, TOP3 = "hearing accuracy, top-1", "hearing accuracy, top-3"
TWO, THREE = "separation, 2 sources", "separation, 3 sources"
MEASURED = {
    TOP1: ("hearing_top1_held_out", 100.0),
    TOP3: ("hearing_top3_held_out", 100.0),
    TWO: ("si_sdr_improvement_two_sources_db", 1.0),
    THREE: ("si_sdr_improvement_three_sources_db", 1.0),
}
"""What the trainer measured on recordings that it kept away: the bundle's name for it, and what
turns it into the table's unit."""
SYNTHETIC_SEED = 9_000_000
TAKES = 3
RUN_FOLD = 0
"""What a training run keeps away until its last stages."""


def gather_sounds(
    given: Path | None, runs: Path, out: Path, unseen: bool, quick: bool,
    taught: tuple[Path, int, Sequence[str]] | None = None,
) -> Sounds | None:  # fmt: skip
    """Plain windows of a fold's recordings, or of a folder's, else of the training run's pool, else
    synthesis.

    given: folder with a manifest.csv. unseen: the caller vouches that training never met them.
    taught: a pool of `training.taught_pool`, the fold that training kept away, and collections to
    measure on alone; `given` is then the folder of its recordings, for what needs them whole.
    """
    if taught is not None:
        folder, fold, collections = taught
        pool = load(folder)
        of = f" ({', '.join(collections)})" if collections else ""
        chosen = measuring_rows(pool, fold, collections)
        return Sounds(pool, chosen, f"recordings kept away in fold {fold}{of}", True, True, given)
    if given is not None:
        jobs = [job for job in plan_jobs(keep_usable(read_manifest(given))) if job.plain]
        jobs = jobs[:: max(1, len(jobs) // 12)] if quick else jobs
        build(jobs, out / "sounds")
        pool = load(out / "sounds")
        return Sounds(pool, pool.plain, f"recordings of {given.name}", unseen, True, given)
    if (runs / "pool" / "index.json").is_file():
        pool = load(runs / "pool")
        chosen = measuring_rows(pool, RUN_FOLD)
        if tuple(pool.names[: len(LABELS)]) == LABELS and chosen.any():
            return Sounds(pool, chosen, "windows of the training run's pool", unseen, True)
    names = [name for name in LABELS if name in SYNTHESISED][: 4 if quick else None]
    takes = range(1 if quick else TAKES)
    jobs = [Job(name, True, SYNTHETIC_SEED + i, None) for name in names for i in takes]
    build(jobs, out / "sounds")
    pool = load(out / "sounds")
    what = "synthesised, of other seeds than training's"
    return Sounds(pool, pool.plain, what, True, False)


def sound_rows(setting: Setting) -> Outcome:
    """Names of single windows, and separation; the trainer's held-out figures first."""
    held_out = _held_out_rows(setting.bundle.manifest.measured)
    if setting.sounds is None:
        return Outcome(held_out or unmeasured_rows(list(MEASURED), "no sounds"))
    sounds, rows = select_windows(setting)
    if not len(rows):
        raise NotMeasuredError("the pool has no windows to measure by")
    pool, labels, seed = sounds.pool, setting.bundle.manifest.labels, setting.seed
    presences = presences_of(setting.models, clips_of(pool, rows))
    heard = heard_of_scores(presences, pool.labels[rows], labels)
    figures = {
        TOP1: Figure(heard.top1, _share_spread(list(heard.per_label.values())), heard.windows),
        TOP3: Figure(heard.top3, math.nan, heard.windows),
    }
    # what training has met cannot stand where the target is asked of the unheard
    mark = "" if sounds.unseen and sounds.recorded else "  here: "
    told = list(held_out) if mark else []
    told += [share_row(mark + name, found, sounds.caveat) for name, found in figures.items()]
    mixes = setting.effort.mixes
    parted = separation_of_bundle(setting.bundle, setting.models, pool, rows, mixes, seed + 1)
    if parted is not None:
        for name, gain in ((TWO, parted.two_sources_db), (THREE, parted.three_sources_db)):
            told.append(
                Row(mark + name, gain, "dB", count=mixes, note=sounds.caveat) if mark
                else row(name, gain, sounds.caveat, count=mixes)
            )  # fmt: skip
        told.append(Row("  one sound alone, its best slot", parted.one_source_db, "dB"))
    plain = logistic_baseline(pool, rows, seed=seed)
    if plain is not None:
        for name, value in (("top-1", plain.top1), ("top-3", plain.top3)):
            told.append(
                share_row(f"  baseline: logistic regression, {name}",
                          Figure(value, math.nan, plain.windows))
            )  # fmt: skip
    details = {"confusion": np.round(heard.confusion, 3).tolist(), "per_label": heard.per_label}
    return Outcome(told, {"hearing": details, "sounds": sounds.caveat})


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
