"""One picture of every label a bundle knows, of some pairs and of silence, on one sheet.

    python -m export.picture_sheet picturebook -o docs/pictures.jpg

The labels' text embeddings stand for the sounds, so the sheet shows what the generator can paint,
whatever the ear hears.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from engine.bundle import load_bundle

COLUMNS = 5
LOUDNESS = 0.8
PAIRS = (
    ("rain", "thunder"),
    ("waves", "birds"),
    ("dog", "cat"),
    ("train", "church bells"),
    ("fire", "owl"),
)
FIRST_SEED = 100


def sheet(name: str) -> Image.Image:
    """Paints the sheet of a bundle at its finest: the label in the corner of each picture."""
    bundle = load_bundle(name)
    manifest, models = bundle.manifest, bundle.models("onnxruntime")
    height, width = manifest.pictures.sizes[0]
    factor, steps = manifest.pictures.latent_factor, max(manifest.pictures.steps)
    known = [pair for pair in PAIRS if set(pair) <= set(manifest.labels)]
    shown: list[tuple[str, ...]] = [*((label,) for label in manifest.labels), *known, ()]
    rows = -(-len(shown) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * width, rows * height))
    for number, labels in enumerate(shown):
        tokens = np.zeros((1, manifest.sources, manifest.embedding_dim), np.float32)
        weights = np.zeros((1, manifest.sources), np.float32)
        for slot, label in enumerate(labels):
            tokens[0, slot] = bundle.vocabulary[manifest.labels.index(label)]
            weights[0, slot] = LOUDNESS
        noise = np.random.default_rng(FIRST_SEED + number).standard_normal(
            (1, manifest.pictures.latent_channels, height // factor, width // factor), np.float32
        )
        feed = {"tokens": tokens, "weights": weights, "noise": noise}
        picture = Image.fromarray(models.generators[steps].run(feed)["picture"][0])
        ImageDraw.Draw(picture).text(
            (6, height - 16), " + ".join(labels) or "silence", "white", stroke_width=2,
            stroke_fill="black",
        )  # fmt: skip
        whole.paste(picture, (number % COLUMNS * width, number // COLUMNS * height))
    models.close()
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", help="a bundle's name or its folder")
    parser.add_argument("-o", "--output", type=Path, required=True, help="picture to write")
    a = parser.parse_args()
    sheet(a.bundle).save(a.output)


if __name__ == "__main__":
    main()
