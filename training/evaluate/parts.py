"""The parts of an evaluation, one after the other, and what is written of them."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from engine.bundle.load import Bundle, BundleModels
from engine.system.terminal import harmless, print_error
from training.evaluate.behaviour import calm_rows, interpolation_rows, louder_rows, silence_rows
from training.evaluate.cost import HEARING, cost_rows
from training.evaluate.hearing.calibration import CALIBRATION, calibration_rows
from training.evaluate.hearing.files import FILES, file_rows
from training.evaluate.hearing.names import NAMED, name_rows
from training.evaluate.hearing.sounds import MEASURED, gather_sounds, sound_rows
from training.evaluate.hearing.tracks import IDENTITY, identity_rows
from training.evaluate.ladder import EDGES, ladder_rows
from training.evaluate.pairs import pair_rows
from training.evaluate.pictures import panel_rows, scene_rows
from training.evaluate.report.table import Row, unmeasured_rows
from training.evaluate.setting import (
    QUICK,
    Effort,
    NotMeasuredError,
    Outcome,
    Setting,
    real_pictures,
)
from training.evaluate.sheets import sheets
from training.evaluate.show import CRS, RANK, REACTION, mixed_rows, reaction_rows
from training.evaluate.teacher import GAPS, few_step_rows
from training.judge.network import TrainedJudge, load_judge

SCHEMA = 1
LIBRARIES = ("soundglass", "numpy", "onnxruntime", "openvino", "torch", "skia-python")
"""Whose versions stand beside the figures."""

PARTS: tuple[tuple[str, Callable[[Setting], Outcome], tuple[str, ...]], ...] = (
    ("cost", cost_rows, (HEARING, "scene + 4 panels, median", "all files of the bundle")),
    ("sounds", sound_rows, tuple(MEASURED)),
    ("names", name_rows, NAMED),
    ("calibration", calibration_rows, (CALIBRATION,)),
    ("separate", file_rows, (FILES,)),
    ("scenes", scene_rows, ("scene CRS-judge from true labels, 2 subjects",)),
    ("mixes", mixed_rows, (CRS, RANK)),
    ("pairs", pair_rows, ()),
    ("panels", panel_rows, ("panel R@1-judge from true labels",)),
    ("few steps", few_step_rows, tuple(GAPS.values())),
    ("ladder", ladder_rows, (EDGES,)),
    ("reaction", reaction_rows, (REACTION,)),
    ("identity", identity_rows, (IDENTITY,)),
    ("louder", louder_rows, ()),
    ("between two sounds", interpolation_rows, ()),
    ("silence", silence_rows, ()),
    ("calm", calm_rows, ()),
    ("sheets", sheets, ()),
)
"""Name, work, and the rows that are missing when it cannot be done."""


def run_parts(
    setting: Setting, only: Sequence[str], keep: Callable[[list[Row], dict[str, Any], bool], None]
) -> tuple[list[Row], dict[str, Any]]:
    """Runs the parts (all, or those named); `keep` is given what there is after each."""
    rows: list[Row] = []
    details: dict[str, Any] = {"seconds": {}}
    parts = [part for part in PARTS if not only or part[0] in only]
    with tqdm(parts, desc="evaluating", unit="part") as bar:
        for name, work, missing in bar:
            bar.set_postfix_str(name)
            began = time.monotonic()
            try:
                outcome = work(setting)
            except NotMeasuredError as reason:
                bar.write(harmless(f"{name}: not measured: {reason}"))
                outcome = Outcome(unmeasured_rows(missing, str(reason)))
            rows += outcome.rows
            details |= outcome.details
            details["seconds"][name] = round(time.monotonic() - began, 1)
            keep(rows, details, False)
    keep(rows, details, True)
    return rows, details


def judge_rows(judge: TrainedJudge | None) -> list[Row]:
    """The judge's own accuracy, to stand beside its verdicts."""
    if judge is None:
        return []
    found = judge.facts["held_out"]
    return [
        Row("the judge itself: CRS on real scenes, 2 subjects", 100 * found["crs_two_subjects"],
            "%", 100 * found["crs_spread"], found["crs_scenes"],
            note=f"threshold {judge.threshold:.2f}: precision {100 * found['precision']:.0f} %, "
            f"recall {100 * found['recall']:.0f} %"),
        Row("the judge itself: R@1 on real panels", 100 * found["r_at_1_panels"], "%",
            100 * found["r_at_1_spread"], found["panels"]),
        Row("the judge itself: mean average precision",
            100 * found["mean_average_precision"], "%"),
    ]  # fmt: skip


def seal_of(bundle: Bundle) -> str:
    """The digits that a bundle is sealed with."""
    raw = (bundle.folder / "bundle.json").read_text("utf-8")
    found = re.search(r'"seal": "([0-9a-f]{64})"', raw)
    return found.group(1) if found else ""


def open_setting(a: argparse.Namespace, bundle: Bundle, models: BundleModels) -> Setting:
    """Opens everything that the parts work with."""
    effort = QUICK if a.quick else Effort()
    try:
        judge = load_judge(a.judge)
    except FileNotFoundError as missing:
        print_error("", f"without a judge: {missing}")
        judge = None
    scenes = panels = None
    if judge is not None:
        scenes = real_pictures(a.runs, "scene", 60 if a.quick else 1000)
        panels = real_pictures(a.runs, "panel", 20 if a.quick else 500)
    taught = None if a.taught is None else (a.taught, a.fold, a.collections)
    sounds = gather_sounds(a.sounds, a.runs, a.output, a.unseen, a.quick, taught)
    return Setting(
        bundle, models, a.runs, a.output, effort, a.seed, judge, scenes, panels, sounds
    )


def plot(details: dict[str, Any], out: Path) -> None:
    """Draws what was measured; without matplotlib it says that there are no plots."""
    try:
        from training.evaluate.report.plots import draw_plots

        draw_plots(details, out)
    except ImportError:
        print_error("", "no plots: pip install matplotlib")
