"""Takes the sound encoder out of a finished run of sound2vision, for av_gas to learn from.

    python -m training.papers.ear runs/sound2vision -o heard.safetensors
    python -m training.papers.train --system av_gas --with heard=heard.safetensors ...

What is written is a ResNet-18 of one channel, by torchvision's names.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import InputError, plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path, help="folder of training.papers.train")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    args = parser.parse_args(argv)
    from safetensors.torch import save_file

    from training.papers.harness.runs import load_run, read_run
    from training.papers.systems.sound2vision import Sound2Vision

    if (kind := read_run(args.run).system) != "sound2vision":
        raise InputError(f"{args.run} is a run of {kind}: name one of sound2vision")
    system = load_run(args.run)
    assert isinstance(system, Sound2Vision)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    part = args.out.with_name(f"{args.out.name}.part")
    save_file(system.ear.network.state_dict(), part)
    part.replace(args.out)
    say(str(args.out))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
