"""From nothing to a finished bundle, with one command, on whatever hardware there is.

    python -m training.picturebook --sounds DIR --hours 10
    python -m training.picturebook --sounds DIR --hours 10 --minutes 10     # the next ten of them
    python -m training.picturebook --smoke

Every stage keeps what it made in the runs folder. The same command goes on where it was stopped
(Ctrl-C leaves whole files), skips what is done, trains on where --hours has grown, and makes again
what depends on anything that changed. A GPU is used if there is one; checkpoints resume on either.
Losses: tensorboard --logdir RUNS/tensorboard.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
import time
from pathlib import Path

from engine.system.terminal import print_error, say
from training.loop.arguments import CommandParser, duration
from training.loop.plain_errors import plain_errors
from training.loop.stopping import TimeIsOverError, for_minutes
from training.picturebook.plan import CPU_HOURS, GPU_HOURS, SHARES, STAGES, Plan, smoke
from training.picturebook.stages import Stage, StageNotRunError, run_stages
from training.sound.recordings import sounds_folder


def stages_of(plan: Plan) -> list[Stage]:
    """All stages, in order."""
    from training.picturebook.paint import bundle_stages, paint_stages
    from training.picturebook.sound import sound_stages

    return [*sound_stages(plan), *paint_stages(plan), *bundle_stages(plan)]


def _epilog() -> str:
    shares = ", ".join(f"{name} {share:.0%}" for name, share in SHARES.items())
    return (
        f"stages: {', '.join(STAGES)}.\n"
        f"shares of the hours: {shares}; painting, rendering and measuring come on top."
    )


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    parser = CommandParser(
        prog="python -m training.picturebook",
        description=__doc__,
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--runs", type=Path, metavar="DIR",
        help="folder for everything on the way (default runs)",
    )  # fmt: skip
    parser.add_argument(
        "--sounds", type=Path, metavar="DIR",
        help="recordings with a manifest.csv (or SOUNDGLASS_SOUNDS; default: synthesised ones)",
    )  # fmt: skip
    parser.add_argument(
        "--teacher", type=Path, metavar="DIR",
        help="public tagger that the encoder learns from (default: none, from the labels alone)",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR",
        help="bundle to write (default engine/bundles/picturebook)",
    )  # fmt: skip
    parser.add_argument(
        "--hours", type=duration,
        help=f"of training in all (default {CPU_HOURS:g}, on a GPU {GPU_HOURS:g})",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=duration, metavar="N",
        help="stop after so many, whatever is being done then, with whole files (default: the end)",
    )  # fmt: skip
    parser.add_argument(
        "--from", dest="first", metavar="STAGE",
        help="make this stage and what depends on it again; earlier ones are taken as they are",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="(default %(default)s)")
    parser.add_argument(
        "--smoke", action="store_true",
        help="every stage in two minutes, at tiny sizes, into a temporary folder if none is named",
    )  # fmt: skip
    a = parser.parse_args(argv)
    if a.first not in (None, *STAGES):
        parser.error(f"there is no stage {a.first}: {', '.join(STAGES)}")
    from training.loop.trainer import best_device

    if a.smoke:
        runs = a.runs or Path(tempfile.mkdtemp(prefix="soundglass-smoke-"))
        plan = smoke(runs, a.output or runs / "bundle", a.seed)
    else:
        own = GPU_HOURS if best_device().type == "cuda" else CPU_HOURS
        hours = own if a.hours is None else a.hours
        out = a.output or Path("engine/bundles/picturebook")
        plan = Plan(
            a.runs or Path("runs"), out, sounds_folder(a.sounds), a.teacher, hours, a.seed
        )
    stages = stages_of(plan)
    # the exporter misses libraries that nothing here uses
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    begun = time.monotonic()
    try:
        with for_minutes(a.minutes):
            run_stages(stages, plan.runs, a.first)
    except StageNotRunError as error:
        parser.error(str(error))
    except TimeIsOverError:
        say(f"{a.minutes:g} minutes are over; the same command goes on from here")
        return 0
    except KeyboardInterrupt:
        print_error("", "stopped; the same command goes on from here")
        return 130
    say(f"{plan.out}: finished in {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
