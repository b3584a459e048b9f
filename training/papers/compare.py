"""Compares trained systems on the same sounds: the benchmark that anyone can make.

    python -m training.papers.make_world -o world && python -m training.papers.prepare manifest --root world -o shards/world
    python -m training.papers.compare runs/macs runs/av_gas --data shards/world --judge runs/judge.pt

Each run paints the sounds of the test split, and the judge of the image world (python -m
training.train_judge) says what is to be seen: CRS-judge (both labels are found), R@2*-judge (both
are its best two), FID-judge, and AIS-judge, the cosine in the space of a bundle's ear between the
sound and what the judge saw, put into that space's words. Under every run stands its floor, the
same pictures given to other sounds; the true pictures are the ceiling of all.
"""  # noqa: E501 - commands are not broken

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import InputError, plain_errors


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints the table and writes compare.json beside the first run."""
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="finished ones")
    parser.add_argument("--data", type=Path, required=True, metavar="SHARDS")
    parser.add_argument("--judge", type=Path, required=True, metavar="FILE", help="its checkpoint")
    parser.add_argument("--split", default="test", help="of the data (%(default)s)")
    parser.add_argument(
        "--ears", default="picturebook", metavar="BUNDLE", help="whose space AIS-judge is in"
    )
    parser.add_argument("--most", type=count, help="sounds at the most")
    parser.add_argument("-o", "--output", type=Path, metavar="JSON", help="(RUN/../compare.json)")
    a = parser.parse_args(argv)
    from itertools import islice

    from engine.bundle.load import load_bundle
    from training.judge.network import load_judge
    from training.loop.whole_files import write_text
    from training.papers.datasets.shards import read_shards
    from training.papers.scores.judged import Judged, judged_results, true_pictures
    from training.papers.scores.painted import find_painted, open_picture
    from training.papers.scores.painting import paint_missing
    from training.papers.scores.result import table
    from training.vocabulary import LABELS

    judge = load_judge(a.judge)
    samples = list(islice(read_shards(a.data, a.split), a.most))
    unknown = {label for sample in samples for label in sample.labels} - set(LABELS)
    if unknown:
        raise InputError(
            f"the judge does not know {min(unknown)}: compare on shards of make_world's clips"
        )
    ground = Judged(judge, a.judge, load_bundle(a.ears), samples)
    true = true_pictures(samples)
    report = {}
    for run in a.runs:
        folder = run / "painted" / a.split
        name = paint_missing(run, samples, folder)
        painted = find_painted(folder)
        pictures = [open_picture(painted[sample.key][0]) for sample in samples]
        results = judged_results(ground, pictures, true)
        say(f"\n{name} ({run})\n{table(results)}")
        report[str(run)] = {"system": name, "scores": [each.as_json() for each in results]}
    output = a.output or a.runs[0].parent / "compare.json"
    write_text(output, json.dumps(report, indent=1, allow_nan=False) + "\n")
    say(f"\nwrote {output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
