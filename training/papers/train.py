"""Trains one of four papers' systems, in one process or in many.

    torchrun --standalone --nproc_per_node 8 -m training.papers.train --system macs \\
        --data shards/llp --data separator=shards/fsd50k --generator sd \\
        --with clap=laion/clap-htsat-unfused --with sd=CompVis/stable-diffusion-v1-4 -o runs/macs
    python -m training.papers.train --system macs --data shards/llp --smoke -o runs/smoke

Stages, rates, batches and losses are the papers' (docs/papers.md). A run that was stopped or killed
goes on by the same command. --smoke tries a system on a data set in under a minute, with tiny
random checkpoints in the public formats; nothing is fetched.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser, whole
from training.loop.plain_errors import InputError, plain_errors
from training.papers.harness.command import add_training_options, held_clips, open_accelerator
from training.papers.systems.names import GENERATORS, ROLES, SYSTEMS

USUAL = {"macs": "sd", "av_gas": "gan", "seeing_sound": "pixart", "sound2vision": "gan"}
"""The papers' own generators."""


def parser() -> CommandParser:
    """The command line."""
    roles = "\n".join(f"  {role:<10} {told}" for role, told in ROLES.items())
    made = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"checkpoints by role (--with ROLE=PLACE):\n{roles}",
    )  # fmt: skip
    made.add_argument("--system", choices=SYSTEMS, required=True)
    made.add_argument(
        "--data", action="append", required=True, metavar="[STAGE=]DIR",
        help="shards by training.papers.prepare; again with a stage's name for a stage of its own",
    )  # fmt: skip
    made.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    made.add_argument("--generator", choices=GENERATORS, help="default: the paper's own")
    made.add_argument(
        "--with", dest="places", action="append", default=[], metavar="ROLE=PLACE",
        help="a checkpoint: file, folder, or owner/name on the hub",
    )  # fmt: skip
    made.add_argument("--smoke", action="store_true", help="tiny, two steps a stage")
    made.add_argument(
        "--frames", type=Path, metavar="FILE",
        help="which picture stands for each clip, by training.papers.select (default: the middle)",
    )  # fmt: skip
    made.add_argument(
        "--validation", metavar="SPLIT", help="choose the best epoch by its loss (av_gas)"
    )
    made.add_argument(
        "--targets", choices=("a2a", "a2v", "both"), default="a2a",
        help="av_gas: align with sounds, with pictures, or with both (default %(default)s)",
    )  # fmt: skip
    made.add_argument(
        "--background", type=Path, metavar="FILE",
        help="av_gas: labels that are heard behind others, one a line",
    )  # fmt: skip
    made.add_argument("--gan-class", type=whole, metavar="N", help="of a GAN that has classes")
    add_training_options(made)
    return made


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    args = parser().parse_args(argv)
    data = dict(_named(text) for text in args.data)
    generator = args.generator or USUAL[args.system]
    places = dict(_named(text) for text in args.places)
    if unknown := places.keys() - ROLES.keys():
        raise InputError(f"--with {min(unknown)}: roles are {', '.join(ROLES)}")
    import torch

    from training.papers.harness.runs import Run, begin, fingerprint, finish
    from training.papers.harness.trainer import Settings, train_stage
    from training.papers.selection.frames import read_frames
    from training.papers.systems.build import Request, build

    frames = read_frames(args.frames).frames if args.frames else None
    accelerator = open_accelerator(args.precision)
    ranks = accelerator.num_processes
    if args.smoke:
        from training.papers.tiny.everything import tiny_request

        if accelerator.is_main_process:
            tiny_request(args.system, generator, args.out / "tiny", args.targets)
        accelerator.wait_for_everyone()
        request = tiny_request(args.system, generator, args.out / "tiny", args.targets)
    else:
        background = args.background.read_text("utf-8-sig").splitlines() if args.background else ()
        request = Request(
            args.system, generator, places, args.targets,
            tuple(line.strip() for line in background if line.strip()), args.gan_class,
        )  # fmt: skip
    batch = held_clips(args, ranks)
    steps = args.steps or (2 if args.smoke else None)
    run = Run(
        request.system, request.generator, dict(request.checkpoints), data, args.seed,
        batch * ranks, steps, request.targets, request.background, request.gan_class,
        request.seconds, request.width, request.steps,
        fingerprint(args.frames) if args.frames else None,
    )  # fmt: skip
    for stage in data.keys() - {""}:
        run.shards(stage)
    torch.manual_seed(args.seed)
    system = build(request)
    if unknown := data.keys() - {stage.name for stage in system.stages} - {""}:
        raise InputError(
            f"--data {min(unknown)}=...: {args.system} has no such stage to train; it has "
            f"{', '.join(stage.name for stage in system.stages) or 'none'}"
        )
    if accelerator.is_main_process:
        begin(args.out, run)
    accelerator.wait_for_everyone()
    whole = batch * ranks if args.smoke else None
    settings = Settings(
        batch, args.seed, args.workers, args.save_every, steps, whole, args.split, args.validation,
        frames=frames,
    )  # fmt: skip
    for stage in system.stages:
        out = args.out / f"{stage.name}.pt"
        train_stage(system, stage, run.shards(stage.name), out, settings, accelerator)
    if accelerator.is_main_process:
        finish(args.out, system)
        say(f"{args.out} is trained; paint with it:")
        say(f"    python -m training.papers.paint --run {args.out} SOUND.wav -o out")
    accelerator.end_training()
    return 0


def _named(text: str) -> tuple[str, str]:
    """"NAME=PLACE" to its parts; a place alone has the name ""."""
    name, equals, place = text.partition("=")
    return (name, place) if equals else ("", text)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    raise SystemExit(main())
