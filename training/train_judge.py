"""Trains the judge on real pictures of the image world, and measures it on ones it never saw.

    python -m training.train_judge runs --minutes 12

Paints its own pictures first (runs/judge/...; seeds of its own, none of them generated), trains
runs/judge.pt, then sets the threshold on one held-out set and measures on another. Everything goes
on where an earlier run was stopped.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engine.system.terminal import say_json
from training.loop.arguments import CommandParser, count, duration
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints the judge's held-out figures as JSON."""
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder of the run: judge/ and judge.pt go there")
    parser.add_argument("--scenes", type=count, default=6000, help="to train on (%(default)s)")
    parser.add_argument("--panels", type=count, default=3000, help="to train on (%(default)s)")
    parser.add_argument("--held", type=count, default=2000, help="scenes to test on (%(default)s)")
    parser.add_argument("--minutes", type=duration, default=12, help="training (%(default)s)")
    parser.add_argument("--steps", type=count, help="stop after so many, whatever the clock says")
    parser.add_argument("--workers", type=count, default=1, help="that paint (%(default)s)")
    parser.add_argument("--paint-only", action="store_true", help="paint the pictures and stop")
    parser.add_argument("--smoke", action="store_true", help="everything at the smallest size")
    a = parser.parse_args(argv)
    from training.judge.pictures import load_or_paint_for_judge
    from training.judge.trainer import finish, train
    from training.painting.painted_pictures import PaintedPictures

    if a.smoke:
        a.scenes, a.panels, a.held, a.steps = 12, 8, 12, a.steps or 3
    folder, out = a.runs / "judge", a.runs / "judge.pt"

    def pool(split: str, kind: str, count: int) -> PaintedPictures:
        return load_or_paint_for_judge(folder / f"{split}-{kind}", split, kind, count, a.workers)

    checked = pool("check", "scene", a.held // 2), pool("check", "panel", a.held // 4)
    tested = pool("test", "scene", a.held), pool("test", "panel", a.held // 2)
    scenes, panels = pool("train", "scene", a.scenes), pool("train", "panel", a.panels)
    if a.paint_only:
        return 0
    width = 16 if a.smoke else 48
    model = train(scenes, panels, out, a.minutes, width=width, steps=a.steps)
    trained = {"scenes": a.scenes, "panels": a.panels, "minutes": a.minutes}
    judge = finish(model, checked, tested, out, trained)
    say_json(json.dumps(judge.facts["held_out"]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
