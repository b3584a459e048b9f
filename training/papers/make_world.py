"""Makes a data set that anyone can make: the image world's pictures with sounds, mixed by twos.

    python -m training.papers.make_world -o world --train 4000 --test 400
    python -m training.papers.prepare manifest --root world -o shards/world

Two labels are drawn for a clip; the picture shows both, and the sound is both of them, synthesised,
each as loud as the picture has it large. With --sounds, a folder of recordings with a manifest.csv,
every label that has any is heard from these instead, and training and test share no recording. The
same numbers give the same files, and a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
from pathlib import Path

from engine.packets import F32
from engine.system.terminal import say
from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import plain_errors

SIDE = 256
"""Pixels of a square picture."""


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--train", type=count, default=4000, help="clips (%(default)s)")
    parser.add_argument("--test", type=count, default=400, help="clips (%(default)s)")
    parser.add_argument("--sounds", type=Path, metavar="DIR", help="recordings, not synthesis")
    parser.add_argument("--smoke", action="store_true", help="a dozen clips")
    a = parser.parse_args(argv)
    from PIL import Image
    from tqdm import tqdm

    from training.loop.whole_files import write_text
    from training.papers.datasets.two_sounds import Recorded, hear_both, show_both

    if a.smoke:
        a.train, a.test = 8, 4
    recorded = None if a.sounds is None else Recorded(a.sounds)
    rows = []
    plan = [("train", n) for n in range(a.train)] + [("test", n) for n in range(a.test)]
    (a.output / "clips").mkdir(parents=True, exist_ok=True)
    for split, number in tqdm(plan, "making", unit="clip", disable=None):
        key = f"{split}-{number:06d}"
        sound, image = (a.output / "clips" / f"{key}.{end}" for end in ("flac", "png"))
        clip = show_both(split, number)
        if not image.exists():
            _write_sound(sound, hear_both(clip, recorded))
            part = image.with_suffix(".part")
            Image.fromarray(clip.picture(SIDE)).save(part, "PNG")
            part.replace(image)
        rows.append((key, f"clips/{sound.name}", f"clips/{image.name}", clip.labels, split))
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(("key", "audio", "image", "labels", "split"))
    writer.writerows((*row[:3], ";".join(row[3]), row[4]) for row in rows)
    write_text(a.output / "manifest.csv", told.getvalue())
    say(f"{len(rows)} clips in {a.output}; make shards of them:")
    say(f"    python -m training.papers.prepare manifest --root {a.output} -o shards/world")
    return 0


def _write_sound(path: Path, samples: F32) -> None:
    import soundfile

    from training.papers.datasets.two_sounds import RATE

    part = path.with_suffix(".part")
    soundfile.write(part, samples, RATE, format="FLAC")
    os.replace(part, path)


if __name__ == "__main__":
    raise SystemExit(main())
