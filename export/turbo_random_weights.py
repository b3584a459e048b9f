"""Writes a checkpoint folder with random weights at the true architecture, to measure speed by.

    python -m export.turbo_random_weights -o runs/sd-turbo

What it paints means nothing; what it costs is what SD-Turbo (865 M parameters in the UNet, tiny
decoder) costs. Weights are kept in bfloat16; nothing is downloaded, and the words of the tokenizer
are made up.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors

_BYTES = 3_000_000_000


@plain_errors()
def main(argv: Sequence[str] | None = None) -> int:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    a = parser.parse_args(argv)
    from export.bench.random_weights import write_sd_turbo
    from export.bundle.space import SPARE, check_disk, check_memory

    check_disk(a.output, _BYTES)
    check_memory(2 * _BYTES + SPARE, "close other programs")
    if a.output.exists() and any(a.output.iterdir()):
        parser.error(f"{a.output} is not empty")
    a.output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=a.output.parent, prefix=".weights-") as name:
        made = Path(name) / "made"
        write_sd_turbo(made)
        if a.output.exists():
            a.output.rmdir()
        shutil.move(made, a.output)
    total = sum(f.stat().st_size for f in a.output.rglob("*") if f.is_file())
    say(f"{a.output}: {total / 1e6:.0f} MB of random weights")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
