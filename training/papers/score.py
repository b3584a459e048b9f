"""Scores a run, or any folder of painted pictures, by the field's own measures.

    python -m training.papers.score --run runs/macs --data shards/llp --split test \\
        --inception pt_inception-2015-12-05-6726825d.pth --clip clip-vit-base-patch32 \\
        --wav2clip ResNet_CX.ckpt --owl owlvit-base-patch32 --against published
    python -m training.papers.score --pictures out/ --data shards/llp --clip clip-vit-base-patch32
    python -m training.papers.score --run runs/macs --data shards/llp --smoke

Which score needs which network:

    FID, KID, IS     --inception FILE     that of pytorch-fid or torch-fidelity
    CLIP-FID, IIS,   --clip FOLDER...     ViT-B/32 for MACS, AV-GAS and Sound2Vision, ViT-L/14 for
    AIC, R@K, R@2*                        SonicDiffusion; each score once for each that is named
    AIS              --wav2clip FILE      beside --clip ViT-B/32
    CRS              --owl FOLDER         OWL-ViT; or --detections FILE of any other detector
    R@K (sound)      --clap FOLDER        what can be heard in the sounds at all

Nothing is downloaded, and no network stands in silently for another: a score is printed with its
variant, its count, its spread and the hash of the weights behind it. Beside it stand a floor (the
same pictures given to other sounds) and, where it means something, a ceiling (the true pictures).
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

from engine.system.terminal import say
from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import plain_errors

SMOKE_PICTURES = 3


def _parser() -> argparse.ArgumentParser:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    shown = parser.add_mutually_exclusive_group(required=True)
    shown.add_argument(
        "--run", type=Path, metavar="DIR", help="paints what is missing in DIR/painted/SPLIT"
    )
    shown.add_argument("--pictures", type=Path, metavar="DIR", help="named KEY.png, KEY.1.png")
    parser.add_argument("--data", type=Path, required=True, metavar="SHARDS", help="prepared")
    parser.add_argument("--split", default="test", help="of the data (%(default)s)")
    parser.add_argument("--inception", type=Path, metavar="FILE", help="for FID, KID and IS")
    parser.add_argument(
        "--clip", type=Path, nargs="+", default=[], metavar="DIR", help="one or more sizes"
    )
    parser.add_argument("--wav2clip", type=Path, metavar="FILE", help="for AIS")
    parser.add_argument("--clap", type=Path, metavar="DIR", help="for R@K of the sounds")
    parser.add_argument("--owl", type=Path, metavar="DIR", help="for CRS, by OWL-ViT")
    parser.add_argument("--detections", type=Path, metavar="JSONL", help="for CRS, by another")
    parser.add_argument(
        "--threshold", type=float, default=0.1,
        help="from which on a detector has found a label (%(default)s; the papers name none)",
    )  # fmt: skip
    parser.add_argument(
        "--resize", choices=("clean", "plain"), default="clean",
        help="before Inception: as clean-fid, or as pytorch-fid (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--against", choices=("published",), help="print the papers' figures beside them"
    )
    parser.add_argument("--most", type=count, help="score so many sounds at the most")
    parser.add_argument("-o", "--output", type=Path, metavar="JSON", help="(DIR/scores-SPLIT.json)")
    parser.add_argument(
        "--smoke", action="store_true",
        help=f"{SMOKE_PICTURES} sounds by tiny random networks; the figures mean nothing",
    )  # fmt: skip
    return parser


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line; prints a table and writes JSON."""
    parser = _parser()
    a = parser.parse_args(argv)
    if not 0 <= a.threshold <= 1:
        parser.error(f"--threshold {a.threshold} is no probability: give 0 to 1")
    from training.papers.scores.networks.opened import Named
    from training.papers.scores.networks.tiny import write_tiny

    if not a.smoke:
        named = Named(a.inception, tuple(a.clip), a.wav2clip, a.clap, a.owl, a.detections)
        return _score(a, named, argv)
    a.most = a.most or SMOKE_PICTURES
    with tempfile.TemporaryDirectory(prefix="soundglass-tiny-") as folder:
        return _score(a, write_tiny(Path(folder)), argv)


def _score(a: argparse.Namespace, named: Any, argv: list[str] | None) -> int:
    from itertools import islice

    from engine.system.machine import machine
    from training.loop.whole_files import write_text
    from training.papers.datasets.index import read_index
    from training.papers.datasets.shards import read_shards
    from training.papers.scores.gather import gather
    from training.papers.scores.measure import measure
    from training.papers.scores.networks.opened import open_networks
    from training.papers.scores.painted import find_painted
    from training.papers.scores.published import beside_published
    from training.papers.scores.result import table

    labels = list(read_index(a.data).labels)
    samples = read_shards(a.data, a.split)
    networks = open_networks(named, labels)
    pictures, system = a.pictures, None
    if a.run is not None:
        from training.papers.scores.painting import paint_missing

        pictures = a.run / "painted" / a.split
        system = paint_missing(a.run, islice(samples, a.most), pictures)
    painted = find_painted(pictures)
    chosen = islice(samples, a.most)
    seen = gather(chosen, painted, networks, a.resize)
    results = measure(seen, networks, labels, a.resize, a.threshold)
    say(table(results))
    if seen.unpainted:
        say(f"{seen.unpainted} sounds of {a.split} have no picture in {pictures}: not counted")
    if a.smoke:
        say("By tiny random networks: the figures mean nothing.")
    if a.against:
        say("\n" + beside_published(results, system))
    output = a.output or (a.run or pictures) / f"scores-{a.split}.json"
    report = {
        "command": shlex.join(["python", "-m", "training.papers.score", *(argv or sys.argv[1:])]),
        "machine": machine(("torch", "transformers", "numpy", "pillow")),
        "smoke": a.smoke,
        "split": a.split,
        "unpainted": seen.unpainted,
        "scores": [each.as_json() for each in results],
    }
    write_text(output, json.dumps(report, indent=1, allow_nan=False) + "\n")
    say(f"wrote {output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
