"""Measures a bundle and prints the whole table of its figures.

    python -m training.evaluate picturebook --runs runs
    python -m training.evaluate BUNDLE --judge runs/judge.pt --sounds DIR -o runs/evaluation
    python -m training.evaluate BUNDLE --taught runs/pool --fold 1 --sounds DIR --hearing
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
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors

NAMES = (
    *("cost", "sounds", "names", "calibration", "separate", "scenes", "mixes", "pairs", "panels"),
    *("few steps", "ladder", "reaction", "identity", "louder", "between two sounds", "silence"),
    *("calm", "sheets"),
)
"""Of the parts, in their order."""
HEARING = ("cost", "sounds", "names", "calibration", "separate", "identity")
"""Those of hearing alone."""


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", help="a bundle's name or its folder")
    parser.add_argument("--runs", type=Path, help="folder of a training run (the judge's, or runs)")
    parser.add_argument("--judge", type=Path, help="the judge's checkpoint (RUNS/judge.pt)")
    parser.add_argument("--sounds", type=Path, help="folder of recordings with a manifest.csv")
    parser.add_argument("--taught", type=Path, help="pool of training.taught_pool, with --fold")
    parser.add_argument("--fold", type=int, help="whose recordings training kept away")
    parser.add_argument(
        "--collections", nargs="+", default=(), metavar="NAME", help="of the fold's, these alone"
    )
    parser.add_argument(
        "--unseen", action="store_true", help="the sounds were kept from training: they count"
    )
    parser.add_argument("-o", "--output", type=Path, help="folder to write (RUNS/evaluation)")
    parser.add_argument(
        "--only", nargs="+", default=(), choices=NAMES, metavar="PART",
        help="some parts alone: " + ", ".join(NAMES),
    )  # fmt: skip
    parser.add_argument(
        "--hearing", action="store_true", help="what is heard alone: --only " + " ".join(HEARING)
    )
    parser.add_argument("--runtime", default="auto", help="auto, onnxruntime or openvino")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--quick", "--smoke", action="store_true",
        help="as little of everything as runs at all; the figures mean nothing",
    )  # fmt: skip
    return parser


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; 0 when everything ran, 2 when there is no such bundle, 130 after Ctrl-C."""
    parser = _parser()
    a = parser.parse_args(argv)
    if (a.taught is None) != (a.fold is None):
        parser.error("--taught and --fold go together")
    from engine.bundle.load import load_bundle
    from engine.system.machine import machine
    from training.evaluate.parts import (
        LIBRARIES,
        SCHEMA,
        judge_rows,
        open_setting,
        plot,
        run_parts,
        seal_of,
    )
    from training.evaluate.report.table import Row, table
    from training.loop.whole_files import write_text

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
        "bundle": {"name": bundle.name, "seal": seal_of(bundle), "runtime": models.runtime},
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
        setting = open_setting(a, bundle, models)
        _, details = run_parts(setting, HEARING if a.hearing else a.only, keep)
        plot(details, a.output)
    except KeyboardInterrupt:
        stopped = True
    finally:
        models.close()
    say(table(latest))
    say(f"\n{'stopped; ' if stopped else ''}wrote {a.output / 'evaluation.json'}")
    return 130 if stopped else 0


if __name__ == "__main__":
    raise SystemExit(main())
