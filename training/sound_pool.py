"""The pool: thousands of augmented single-source clips, rendered once, read many times.

Real recordings where there are any, synthesis for every label beside them. Kept as two
memory-mapped arrays: waveforms (float16, 4 s at 16 kHz, all equally loud) and their mel levels
(log10 power, float16), which is all that the encoder's training reads.

    python -m training.sound_pool --sounds DIR -o runs/pool
"""

from __future__ import annotations

from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser, count, whole
from training.loop.plain_errors import plain_errors
from training.sound.recordings import (
    FOLDS,
    drop_silent,
    hold_out,
    read_manifest,
    shared_authors,
    sounds_folder,
)


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: renders a pool."""
    parser = CommandParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sounds", type=Path, help="folder of recordings (or SOUNDGLASS_SOUNDS)")
    parser.add_argument("--fold", type=int, default=0, choices=range(len(FOLDS)))
    parser.add_argument("--real", type=whole, default=300, help="takes of recordings per label")
    parser.add_argument("--synthetic", type=whole, default=280, help="synthesised takes per label")
    parser.add_argument("--others", type=whole, default=36, help="takes per label not in the words")
    parser.add_argument("--workers", type=count, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--out", type=Path, required=True)
    args = parser.parse_args(argv)
    from training.hearing.pool import build, plan_jobs
    from training.sound.twins import twins_of

    folder = sounds_folder(args.sounds)
    recordings = drop_silent(read_manifest(folder)) if folder else []
    away = hold_out(recordings, args.fold)
    again = twins_of(away, recordings)
    say(f"held out as well, being the same recording: {', '.join(sorted(again)) or 'none'}")
    away |= again
    again_by = ", ".join(shared_authors(recordings, away))
    say(f"held out, but training has its author: {again_by}")
    jobs = plan_jobs(recordings, args.real, args.synthetic, args.others, args.seed, away)
    build(jobs, args.out, args.workers)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
