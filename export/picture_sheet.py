"""What a bundle's generator paints, on sheets to look at.

    python -m export.picture_sheet picturebook --sheet labels -o labels.jpg

The labels' text embeddings stand for the sounds, so the sheets show what the generator can paint,
whatever the ear hears. Places, drawings and crossings are the engine's own. `--sheet` chooses one:
labels (a panel of each), scenes (some pairs and trios), lights (a scene in every light and style).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from engine.bundle.load import Bundle, load_bundle
from engine.packets import HeardSource, Hearing, Pictures, Stamp
from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES, Atmosphere, Choice
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors

LOUDNESS = 0.75
SETTLED_S = 30.0
"""After so long every glide has arrived."""
SCENES = (
    ("rain", "birds"), ("train", "church bells"), ("waves", "seagull"), ("dog", "cat"),
    ("fire", "owl"), ("thunder", "rain", "cow"), ("wind", "leaves"), ("speech", "music"),
    ("duck", "frog"), ("boat", "whale"), ("traffic", "car horn"), ("stream", "horse"),
    ("crowd", "fireworks"), ("rooster", "chicken", "pig"), ("wolf",), (),
)  # fmt: skip
Named = tuple[str, Image.Image]


def make_hearing(bundle: Bundle, labels: Sequence[str], window_id: int = 0) -> Hearing:
    """A hearing in which each label sounds, plainly and equally loud."""
    manifest = bundle.manifest
    sources = tuple(
        HeardSource(
            track_id=number, labels=((label, 1.0),), loudness_lufs=-20.0,
            embedding=bundle.vocabulary[manifest.labels.index(label)], significance=LOUDNESS,
        )
        for number, label in enumerate(labels)
    )  # fmt: skip
    stamp = Stamp(window_id, 0, 0, manifest.sample_rate_hz, manifest.sample_rate_hz, 0.0)
    return Hearing(stamp, sources, -20.0)


def paint(
    bundle: Bundle, painter: Painter, labels: Sequence[str], choice: Choice, seed: int
) -> Pictures:
    """Scene and panels of some labels once everything has settled, in the bundle's finest steps."""
    conditioner = Conditioner(bundle, seed, 4, Atmosphere(seed, choice=choice))
    conditioner.hear(make_hearing(bundle, labels), 0.0)
    conditioner.conditions(0.0, max(painter.steps))
    return painter.paint(conditioner.conditions(SETTLED_S, max(painter.steps)))


def label_panels(bundle: Bundle, painter: Painter) -> Iterable[Named]:
    """A panel of every label, lights and styles in turn."""
    for number, label in enumerate(bundle.manifest.labels):
        choice = Choice(LIGHTS[number % 4], SEASONS[number % 3], STYLES[0])
        panels = paint(bundle, painter, [label], choice, 100 + number).panels
        yield label, Image.fromarray(panels[0])


def scenes(bundle: Bundle, painter: Painter) -> Iterable[Named]:
    """Pairs, trios, one and none."""
    for number, labels in enumerate(SCENES):
        if set(labels) <= set(bundle.manifest.labels):
            light = "storm" if "thunder" in labels else LIGHTS[number % 4]
            choice = Choice(light, SEASONS[number // 4], STYLES[0])
            scene = paint(bundle, painter, labels, choice, 200 + number).scene
            yield " + ".join(labels) or "silence", Image.fromarray(scene)


def lights(bundle: Bundle, painter: Painter) -> Iterable[Named]:
    """One scene in every light and every style."""
    for style in STYLES:
        for number, light in enumerate(LIGHTS):
            season = "winter" if light == "snow" else SEASONS[number % 3]
            scene = paint(bundle, painter, ["dog", "birds"], Choice(light, season, style), 300)
            yield f"{light}, {season}, {style}", Image.fromarray(scene.scene)


SHEETS: dict[str, tuple[Callable[[Bundle, Painter], Iterable[Named]], int, int]] = {
    "labels": (label_panels, 8, 192),
    "scenes": (scenes, 4, 448),
    "lights": (lights, 7, 320),
}
"""Sheet to what is on it, its columns, and the width that each picture is shown at."""


def sheet(name: str, which: str) -> Image.Image:
    """Paints one of the `SHEETS` of a bundle: what is meant in the corner of each picture."""
    bundle = load_bundle(name)
    models = bundle.models("onnxruntime")
    paint, columns, width = SHEETS[which]
    shown = list(paint(bundle, Painter(models.generators)))
    models.close()
    height = round(width * shown[0][1].height / shown[0][1].width)
    whole = Image.new("RGB", (columns * width, -(-len(shown) // columns) * height))
    for number, (text, picture) in enumerate(shown):
        small = picture.resize((width, height), Image.Resampling.LANCZOS)
        ImageDraw.Draw(small).text(
            (6, height - 16), text, "white", stroke_width=2, stroke_fill="black"
        )
        whole.paste(small, (number % columns * width, number // columns * height))
    return whole


@plain_errors()
def main() -> None:
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", help="a bundle's name or its folder")
    parser.add_argument("--sheet", choices=SHEETS, default="labels", help="(default %(default)s)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="picture to write")
    a = parser.parse_args()
    sheet(a.bundle, a.sheet).save(a.output)


if __name__ == "__main__":
    main()
