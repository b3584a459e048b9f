"""Builds a bundle whose pictures a public few-step Stable Diffusion paints.

    python -m export.turbo --diffusion stabilityai/sd-turbo --vae madebyollin/taesd \\
        --precision fp16 -o bundles/turbo

Nothing is trained. It hears as a bundle does that is there, by whose separator, encoder and names;
each name is a prompt, and the text encoder's states for these prompts, kept in the bundle, are
what the picture is painted from. A checkpoint is a folder or a name on the hub. Every graph is
compared with torch before the bundle takes its place; an export that fails leaves nothing behind.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from export.turbo.looks import LOOKS
from export.turbo.request import MOST_STEPS, PRECISIONS, BuildRequest
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,4})(?:x(\d{1,4}))?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text} is no size; give WIDTHxHEIGHT, such as 512x288")
    width = int(match[1])
    return int(match[2] or width), width


def parser() -> argparse.ArgumentParser:
    """The command line of `soundglass export turbo`."""
    made = CommandParser(
        prog="python -m export.turbo",
        description=(__doc__ or "").split("\n\n", 1)[0],
        epilog=(__doc__ or "").split("\n\n", 2)[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = "folder, or owner/name on the hub"
    made.add_argument("--diffusion", required=True, metavar="CHECKPOINT", help=where)
    made.add_argument("--vae", metavar="CHECKPOINT", help="in place of the checkpoint's own")
    made.add_argument(
        "--steps", type=int, nargs="+", default=[1, 2], metavar="N",
        help=f"sampler steps, each 1 to {MOST_STEPS} (default: 1 2)",
    )  # fmt: skip
    made.add_argument("--size", type=_size, default=(288, 512), metavar="WxH", help="of a scene")
    made.add_argument("--panel", type=_size, default=(256, 256), metavar="WxH", help="of a panel")
    made.add_argument(
        "--precision", choices=PRECISIONS, default="fp32",
        help="fp16 for graphics cards, bf16 or int8 for processors: half the size on disk or less",
    )  # fmt: skip
    made.add_argument("--look", choices=list(LOOKS), default="photograph", help="first style")
    made.add_argument(
        "--ears", default="picturebook", metavar="BUNDLE",
        help="by whose separator, encoder and names it hears (default: picturebook)",
    )  # fmt: skip
    made.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="bundle")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    a = parser().parse_args(argv)
    from export.bundle.by_other_painters import say_built
    from export.turbo.build import build

    wanted = BuildRequest(
        a.diffusion, a.output, a.vae, tuple(sorted(set(a.steps))), a.size, a.panel, a.precision,
        a.ears, a.look,
    )  # fmt: skip
    say_built(build(wanted))
    return 0


if __name__ == "__main__":
    with plain_errors("soundglass"):
        raise SystemExit(main())
