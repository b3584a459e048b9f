"""Paints sounds with a system that training.papers.train trained.

    python -m training.papers.paint --run runs/macs rain.wav dog.wav -o out/

Several sounds are painted one by one; with --mix they are heard together, as one. A picture is
named after its sound, its panels `-1`, `-2`, ... behind that.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser, whole
from training.loop.plain_errors import InputError, plain_errors


def parser() -> CommandParser:
    """The command line."""
    made = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--run", type=Path, required=True, metavar="DIR")
    made.add_argument("sounds", type=Path, nargs="+", metavar="SOUND")
    made.add_argument("--mix", action="store_true", help="hear all sounds together")
    made.add_argument("--panels", action="store_true", help="a picture of each source too")
    made.add_argument("--seed", type=whole, default=0, help="of the noise (default %(default)s)")
    made.add_argument("-o", "--out", type=Path, required=True, metavar="DIR")
    return made


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    args = parser().parse_args(argv)
    import numpy as np
    import torch
    from PIL import Image

    from training.papers.datasets.sample import Sample, hear
    from training.papers.harness.batches import cut
    from training.papers.harness.runs import load_run

    device = "cuda" if torch.cuda.is_available() else "cpu"
    system = load_run(args.run, device)
    heard = []
    for path in args.sounds:
        sample = Sample(str(path), path.read_bytes(), (), (), (), "")
        heard.append(cut(hear(sample, system.rate_hz), system.samples))
    names = [path.stem for path in args.sounds]
    if args.mix:
        heard, names = [np.sum(heard, 0)], ["+".join(names)]
    if len(set(names)) < len(names):
        raise InputError("two sounds have one name: their pictures would lie over one another")
    args.out.mkdir(parents=True, exist_ok=True)
    for name, sound in zip(names, heard, strict=True):
        asked = torch.from_numpy(sound)[None].to(device)
        painting = system.paint(asked, [args.seed], args.panels)
        pictures = [painting.scene[0], *painting.panels[0]]
        for number, picture in enumerate(pictures):
            path = args.out / f"{name}{f'-{number}' if number else ''}.png"
            part = path.with_suffix(".part")
            Image.fromarray(picture.cpu().numpy()).save(part, "PNG")
            part.replace(path)
            say(str(path))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
