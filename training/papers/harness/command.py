"""What every command that trains asks for, and how it meets the machine."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from training.loop.arguments import CommandParser, count, whole

if TYPE_CHECKING:
    from accelerate import Accelerator


def add_training_options(made: CommandParser) -> None:
    """The options of a training, whatever is trained."""
    made.add_argument(
        "--batch", type=count, metavar="N",
        help="clips that a process holds at a time; parts of a paper's batch are added up "
        "(default: its share of 16, with --smoke of 4)",
    )  # fmt: skip
    made.add_argument("--steps", type=count, metavar="N", help="of every stage, not the paper's")
    made.add_argument("--split", default="train", help="of the data set (default %(default)s)")
    made.add_argument(
        "--precision", choices=("no", "fp16", "bf16"), help="default: bf16 on a GPU, else no"
    )
    made.add_argument("--workers", type=count, default=2, metavar="N", help="decoding threads")
    made.add_argument("--save-every", type=count, default=500, metavar="N", help="steps")
    made.add_argument("--seed", type=whole, default=0)


def open_accelerator(precision: str | None) -> Accelerator:
    """This process's part of the machine."""
    import torch
    from accelerate import Accelerator

    processor = not torch.cuda.is_available()
    usual = "no" if processor else "bf16"
    return Accelerator(cpu=processor, mixed_precision=precision or usual)


def held_clips(args: argparse.Namespace, ranks: int) -> int:
    """How many clips a process holds at a time."""
    return args.batch or max(1, (4 if args.smoke else 16) // ranks)
