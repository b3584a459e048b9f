"""The pool that encoder and separator learn from: takes of single sounds, heard by a teacher.

    python -m training.taught_pool --sounds DIR --teacher DIR -o runs/pool

--teacher is a folder with mn04_as_mAP_432.pt (EfficientAT, MIT) and audioset_527_classes.csv;
without one, or where it cannot be used, the pool is made all the same and says so.
"""

from __future__ import annotations

from pathlib import Path

from engine.system.terminal import print_error
from training.loop.arguments import CommandParser, count, whole
from training.loop.plain_errors import InputError, plain_errors
from training.sound.recordings import keep_usable, read_manifest, sounds_folder


def render_pool(
    sounds: Path | None, out: Path, teacher: Path | None, share: float, seed: int, workers: int
) -> None:
    """Render the pool of a folder of recordings, or of synthesised sounds alone; a teacher that
    cannot be used is told of and left out."""
    from training.hearing.pool import build, plan_jobs
    from training.hearing.tagger import load_teacher
    from training.sound.twins import drop_twins

    recordings = drop_twins(keep_usable(read_manifest(sounds))) if sounds else []
    try:
        if teacher is not None:
            load_teacher(teacher)
    except InputError as error:
        print_error("taught_pool", f"{error}; goes on without a teacher")
        teacher = None
    build(plan_jobs(recordings, seed, share), out, teacher, workers)


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: renders a pool."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sounds", type=Path, help="folder of recordings (or SOUNDGLASS_SOUNDS)")
    parser.add_argument("--teacher", type=Path, help="folder of the public tagger")
    parser.add_argument("--share", type=float, default=1.0, help="of all takes: a smaller pool")
    parser.add_argument("--workers", type=count, default=1)
    parser.add_argument("--seed", type=whole, default=0)
    parser.add_argument("-o", "--out", type=Path, required=True)
    a = parser.parse_args(argv)
    render_pool(sounds_folder(a.sounds), a.out, a.teacher, a.share, a.seed, a.workers)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
