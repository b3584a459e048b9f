"""Measures a bundle and prints the whole table of its figures.

    python -m training.evaluate picturebook --runs runs
    python -m training.evaluate BUNDLE --judge runs/judge.pt --sounds DIR -o runs/evaluation
    python -m training.evaluate BUNDLE --quick      # a look in less than a minute

Writes evaluation.json (machine, versions, seed, command, the bundle's seal), plots and sheets of
generated pictures with the judge's verdicts. The judge and the real pictures come from a training
run (`python -m training.train_judge`), as does the teacher for the few-step gap; what is not at
hand is said to be not measured. Ctrl-C keeps what has been measured so far.

Figures end in -judge because this judge is one of its own kind: CRS, R@1 and FID are the names of
other measures.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from engine.bundle import Bundle, BundleModels, load_bundle
from engine.machine import machine
from training.evaluate_behaviour import calm_rows, louder_rows, silence_rows, walk_rows
from training.evaluate_cost import cost_rows
from training.evaluate_pairs import pair_rows
from training.evaluate_pictures import panel_rows, scene_rows
from training.evaluate_setting import (
    QUICK,
    Effort,
    NotMeasuredError,
    Outcome,
    Setting,
    real_pictures,
)
from training.evaluate_sheets import sheets
from training.evaluate_show import CRS, RANK, REACTION, mixed_rows, reaction_rows
from training.evaluate_sounds import MEASURED, gather_sounds, sound_rows
from training.evaluate_table import Row, table, unmeasured
from training.evaluate_teacher import GAPS, few_step_rows
from training.evaluate_tracks import IDENTITY, identity_rows
from training.judge import TrainedJudge, load_judge
from training.plain_errors import plain_errors
from training.whole_files import write_text

SCHEMA = 1
LIBRARIES = ("soundglass", "numpy", "onnxruntime", "openvino", "torch", "skia-python")
"""Whose versions stand beside the figures."""

PARTS: tuple[tuple[str, Callable[[Setting], Outcome], tuple[str, ...]], ...] = (
    ("cost", cost_rows, ("scene + 4 panels, median", "all files of the bundle")),
    ("sounds", sound_rows, tuple(MEASURED)),
    ("scenes", scene_rows, ("scene CRS-judge from true labels, 2 subjects",)),
    ("mixes", mixed_rows, (CRS, RANK)),
    ("pairs", pair_rows, ()),
    ("panels", panel_rows, ("panel R@1-judge from true labels",)),
    ("few steps", few_step_rows, tuple(GAPS.values())),
    ("reaction", reaction_rows, (REACTION,)),
    ("identity", identity_rows, (IDENTITY,)),
    ("louder", louder_rows, ()),
    ("between two sounds", walk_rows, ()),
    ("silence", silence_rows, ()),
    ("calm", calm_rows, ()),
    ("sheets", sheets, ()),
)
"""Name, work, and the rows that are missing when it cannot be done."""


def measured(
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
                bar.write(f"{name}: not measured: {reason}")
                outcome = Outcome(unmeasured(missing, str(reason)))
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


def _seal(bundle: Bundle) -> str:
    raw = (bundle.folder / "bundle.json").read_text("utf-8")
    found = re.search(r'"seal": "([0-9a-f]{64})"', raw)
    return found.group(1) if found else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", help="a bundle's name or its folder")
    parser.add_argument("--runs", type=Path, help="folder of a training run (the judge's, or runs)")
    parser.add_argument("--judge", type=Path, help="the judge's checkpoint (RUNS/judge.pt)")
    parser.add_argument("--sounds", type=Path, help="folder of recordings with a manifest.csv")
    parser.add_argument(
        "--unseen", action="store_true", help="the sounds were kept from training: they count"
    )
    parser.add_argument("-o", "--output", type=Path, help="folder to write (RUNS/evaluation)")
    names = [name for name, *_ in PARTS]
    parser.add_argument(
        "--only", nargs="+", default=(), choices=names, metavar="PART",
        help="some parts alone: " + ", ".join(names),
    )  # fmt: skip
    parser.add_argument("--runtime", default="auto", help="auto, onnxruntime or openvino")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--quick", "--smoke", action="store_true",
        help="as little of everything as runs at all; the figures mean nothing",
    )  # fmt: skip
    return parser


def _setting(a: argparse.Namespace, bundle: Bundle, models: BundleModels) -> Setting:
    """Opens everything that the parts work with."""
    effort = QUICK if a.quick else Effort()
    try:
        judge = load_judge(a.judge)
    except FileNotFoundError as missing:
        print(f"without a judge: {missing}", file=sys.stderr)
        judge = None
    scenes = panels = None
    if judge is not None:
        scenes = real_pictures(a.runs, "scene", 60 if a.quick else 1000)
        panels = real_pictures(a.runs, "panel", 20 if a.quick else 500)
    sounds = gather_sounds(a.sounds, a.runs, a.output, a.unseen, a.quick)
    return Setting(
        bundle, models, a.runs, a.output, effort, a.seed, judge, scenes, panels, sounds
    )


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; 0 when everything ran, 2 when there is no such bundle, 130 after Ctrl-C."""
    a = _parser().parse_args(argv)
    a.runs = a.runs or (a.judge.parent if a.judge else Path("runs"))
    a.judge = a.judge or a.runs / "judge.pt"
    a.output = a.output or a.runs / "evaluation"
    began = datetime.now(UTC)
    bundle = load_bundle(a.bundle)
    models = bundle.models(a.runtime)
    a.output.mkdir(parents=True, exist_ok=True)
    about = {
        "schema": SCHEMA,
        "made": began.isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", "training.evaluate", *(argv or sys.argv[1:])]),
        "machine": machine(LIBRARIES),
        "bundle": {"name": bundle.name, "seal": _seal(bundle), "runtime": models.runtime},
        "seed": a.seed,
        "quick": a.quick,
    }
    latest: list[Row] = []

    def keep(rows: list[Row], details: dict[str, Any], complete: bool) -> None:
        latest[:] = [*rows, *judge_rows(setting.judge)]
        facts = {"judge": dict(setting.judge.facts) if setting.judge else None}
        report = {**about, **facts, "complete": complete,
                  "rows": [row.as_json() for row in latest], "details": details}  # fmt: skip
        text = json.dumps(report, indent=1, allow_nan=False)
        write_text(a.output / "evaluation.json", text)

    stopped = False
    try:
        setting = _setting(a, bundle, models)
        _, details = measured(setting, a.only, keep)
        _plot(details, a.output)
    except KeyboardInterrupt:
        stopped = True
    finally:
        models.close()
    print(table(latest))
    print(f"\n{'stopped; ' if stopped else ''}wrote {a.output / 'evaluation.json'}")
    return 130 if stopped else 0


def _plot(details: dict[str, Any], out: Path) -> None:
    try:
        from training.evaluate_plots import draw_plots

        draw_plots(details, out)
    except ImportError:
        print("no plots: pip install matplotlib", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
