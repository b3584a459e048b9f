"""Chooses which picture of each clip shows what is heard (Sound2Vision), by sound localisation.

    python -m training.papers.select --data shards/vggsound -o runs/frames
    python -m training.papers.train --system sound2vision --frames runs/frames/frames.json ...

A small network learns where in the pictures the sounds come from, by the clips themselves, and of
the pictures of every clip, in all splits, the one counts in which the sound is found best. --moments
takes the public file of Sound2Scene instead of a network. Stopped or killed it goes on by the same
command.
"""  # noqa: E501 - commands are not broken

from __future__ import annotations

import argparse
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors
from training.papers.harness.command import add_training_options, held_clips, open_accelerator


def parser() -> CommandParser:
    """The command line."""
    made = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="shards with frames of videos"
    )
    made.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    made.add_argument(
        "--moments", type=Path, metavar="JSON", help="such as top1_boxes_top10_moments.json"
    )
    made.add_argument(
        "--seen", type=Path, metavar="FILE",
        help="ResNet-18 of torchvision's names that the eye begins as (default: from nothing)",
    )  # fmt: skip
    made.add_argument("--smoke", action="store_true", help="tiny, two steps")
    add_training_options(made)
    return made


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    args = parser().parse_args(argv)
    from training.papers.harness.runs import fingerprint
    from training.papers.selection.frames import Frames, write_frames

    unknown = 0
    if args.moments:
        from training.papers.selection.public import nearest, read_moments

        chosen, unknown = nearest(read_moments(args.moments), args.data)
        by = f"{args.moments.name} {fingerprint(args.moments)}"
    else:
        chosen = _by_localiser(args)
        if chosen is None:
            return 0  # another process writes
        by = f"localiser {fingerprint(args.out / 'weights.safetensors')}"
    file = args.out / "frames.json"
    write_frames(file, Frames(by, {key: number for key, (number, _) in chosen.items()}))
    others = sum(number != count // 2 for number, count in chosen.values())
    say(f"{file}: {len(chosen)} clips, {others} of them with another picture than the middle one")
    if unknown:
        say(f"{unknown} clips have no moment in {args.moments}: their middle picture counts")
    say("train with it:")
    say(f"    python -m training.papers.train --system sound2vision --frames {file} ...")
    return 0


def _by_localiser(args: argparse.Namespace):
    """Train, then choose; None in every process but the first."""
    import torch

    from training.papers.harness.runs import WEIGHTS, begin, fingerprint, finish
    from training.papers.harness.trainer import Settings, train_stage
    from training.papers.selection.choose import all_chosen, choose
    from training.papers.selection.localiser import LOCALISING, SECONDS, Localising, build_localiser

    accelerator = open_accelerator(args.precision)
    main, ranks = accelerator.is_main_process, accelerator.num_processes
    batch = held_clips(args, ranks)
    run = Localising(
        str(args.data), args.split, args.seed, batch * ranks,
        args.steps or (2 if args.smoke else None), str(args.seen) if args.seen else None,
        *((4, 1.0) if args.smoke else (64, SECONDS)),
    )  # fmt: skip
    torch.manual_seed(args.seed)
    localiser = build_localiser(args.seen, run.width, run.seconds)
    if main:
        begin(args.out, run)
    accelerator.wait_for_everyone()
    settings = Settings(
        batch, args.seed, args.workers, args.save_every, run.steps,
        run.batch if args.smoke else None, args.split,
    )  # fmt: skip
    saved = args.out / f"{LOCALISING.name}.pt"
    train_stage(localiser, LOCALISING, args.data, saved, settings, accelerator)
    if main:
        finish(args.out, localiser)
    accelerator.wait_for_everyone()
    weights, kept = fingerprint(args.out / WEIGHTS), args.out / "chosen"
    localiser.to(accelerator.device).eval()
    place = accelerator.process_index, ranks
    choose(localiser, args.data, kept, weights, args.workers, *place)
    accelerator.wait_for_everyone()
    chosen = all_chosen(args.data, kept, weights) if main else None
    accelerator.end_training()
    return chosen


if __name__ == "__main__":
    raise SystemExit(main())
