"""What each precision of a bundle's generator costs and gives on this machine.

    python -m export.bench_precision picturebook --frames 20

Takes the generator with the most steps. For fp32, fp16-weights, fp16, bf16 and int8: the file's
size, the time of one scene in every runtime (all take turns in one run; times relative to fp32 in
ONNX Runtime), and how far its pictures are from the fp32 graph's, in levels of 255 and as PSNR,
conditions as a show has them. The weights are those that the bundle has: what they lost when they
were stored in half or in eight bits is in none of the figures (see `measured.export` in its
bundle.json).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors


@plain_errors()
def main(arguments: list[str] | None = None) -> int:
    """The command. Returns the exit code."""
    parser = CommandParser(
        prog="python -m export.bench_precision", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("bundle", nargs="?", default="picturebook", help="its name or folder")
    parser.add_argument("--frames", type=int, default=20, help="scenes painted (default 20)")
    asked = parser.parse_args(arguments)
    from engine.bundle.fields import BundleError
    from engine.bundle.load import load_bundle
    from export.bench.precision import SIXTEEN, graphs_of, measure, table
    from export.bundle.picture import show_inputs

    if asked.frames < 1:
        parser.error("--frames must be at least 1")
    bundle = load_bundle(asked.bundle)
    pictures = bundle.manifest.pictures
    file = bundle.folder / bundle.manifest.file("generator", pictures.steps[-1]).name
    if (told := bundle.manifest.measured["export"][file.name]["precision"]) in SIXTEEN:
        raise BundleError(f"{file} computes in {told}: export it in another precision first")
    sizes = [pictures.latent(pictures.scene)]
    frames = list(show_inputs(bundle.vocabulary, asked.frames, seed=2, sizes=sizes))
    with tempfile.TemporaryDirectory(prefix="soundglass-precision-") as folder:
        rows = measure(graphs_of(file, bundle.vocabulary, Path(folder)), frames)
    say(table(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
