"""Gathers the lands that the generator remembers: painted by the image world, as latents.

    python -m training.gather_lands runs

Needs the runs folder's autoencoder, with an encoder that fits its decoder.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.system.cores import usable_processors
from engine.system.terminal import say
from training.loop.arguments import CommandParser
from training.loop.plain_errors import plain_errors

if TYPE_CHECKING:
    import numpy as np

    from training.painting.autoencoder import Autoencoder
    from training.painting.lands import Lands
    from training.world.scene import Scene

KIND_OF = {
    "sea": "water", "lake": "water", "river": "water", "falls": "water", "harbour": "water",
    "town": "homes", "village": "homes", "farm": "homes",
    "meadow": "wild", "mountains": "wild", "forest": "wild",
}  # fmt: skip
"""The kind of land of a place of the world."""
WEATHER = ("rain", "thunder", "wind", "leaves")
WAYS = ("rails", "road", "street")
"""What crosses the picture under some of its subjects."""
STANDS = ("branch", "trunk", "post", "pad")
"""What the world puts under some of its subjects."""
WEATHER_HELD, HELD = 0.5, 0.5
"""How firmly weather, and what stands on plain ground, keep the ground round them from the land;
what stands on something, and water that flows, keep it wholly, and what flies not at all."""
FAR = 1.6
"""How many times as far the ground of what stands on something reaches."""
FIRST = 41_000_000
"""The first seed that is looked at for a land; pools begin elsewhere."""
DRAWS = 400
"""Draws from which it is told how often a sound stands in a kind of land."""


@cache
def kind_scene(kind: str, number: int) -> Scene:
    """A scene of a kind of land in which nothing sounds. number: one of its places."""
    from training.world.scene import compose

    found = (compose((), (), FIRST + seed) for seed in range(10_000))
    some = (scene for scene in found if KIND_OF[scene.place] == kind)
    return next(scene for at, scene in enumerate(some) if at == number)


def sheltered(labels: tuple[str, ...]) -> list[float]:
    """How often the land of sounds is of each kind, over the commonest one."""
    import numpy as np

    from training.painting.lands import KINDS
    from training.world.places import place_for

    rng = np.random.default_rng(0)
    drawn = [KIND_OF[place_for(labels, rng)] for _ in range(DRAWS)]
    counts = [drawn.count(kind) for kind in KINDS]
    return [count / max(counts) for count in counts]


def held_by(label: str) -> tuple[float, float, float]:
    """How firmly a label keeps its ground, and a way across the picture, each in [0, 1]; and how
    many times as far as others its ground reaches."""
    from training.world.layout import AIR, SKY
    from training.world.subjects.looks import LOOKS

    bases = {look.base for look in LOOKS.get(label, ())}
    if label in AIR:
        ground = WEATHER_HELD if label in WEATHER else 1.0
    else:
        ground = 1.0 if bases & set(STANDS) else 0.0 if label in SKY else HELD
    return ground, float(bool(bases & set(WAYS))), FAR if bases & set(STANDS) else 1.0


def paint_land(number: int, scale: int = 2) -> np.ndarray:
    """u8 (h, w, 3), one of the lands in the order of `Lands.codes`, as the decoder would make it;
    painted `scale` times as large, 1 or 2."""
    from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES
    from training.painting.autoencoder import FACTOR
    from training.painting.lands import COLUMNS, KINDS, ROWS
    from training.painting.painted_pictures import halve
    from training.world.painter import paint

    rest, light = divmod(number, len(LIGHTS))
    look, kind = divmod(rest, len(KINDS))
    season, style = divmod(look, len(STYLES))
    lights = tuple(float(each == light) for each in range(len(LIGHTS)))
    scene = replace(
        kind_scene(KINDS[kind], look), season=SEASONS[season], style=STYLES[style], lights=lights
    )
    seen = paint(scene, scale * FACTOR * COLUMNS, scale * FACTOR * ROWS)
    return halve(seen[None])[0] if scale == 2 else seen


def gather(autoencoder: Autoencoder, scale: int = 2) -> Lands:
    """All lands, painted by all cores, and what is known of where each label stands.

    scale: see `paint_land`.
    """
    import torch
    from tqdm import tqdm

    from training.painting.autoencoder import to_model
    from training.painting.lands import COUNT, Lands, in_levels
    from training.vocabulary import LABELS

    lands = Lands()
    with ProcessPoolExecutor(usable_processors()) as pool, torch.no_grad():
        painted = pool.map(partial(paint_land, scale=scale), range(COUNT), chunksize=4)
        for at, picture in enumerate(tqdm(painted, "lands", COUNT, unit="land", mininterval=5)):
            latents = autoencoder.encode(to_model(torch.from_numpy(picture)[None]))
            lands.codes[at] = in_levels(latents).flatten()
    for row, label in enumerate(LABELS):
        lands.fits[row] = torch.tensor(sheltered((label,)))
        lands.held[row] = torch.tensor(held_by(label))
    lands.fits[-1] = torch.tensor(sheltered(()))
    return lands


def gather_into(runs: Path, scale: int = 2) -> int:
    """Writes lands.pt into a runs folder with a finished autoencoder; returns how many they are."""
    from training.loop.checkpoints import save_checkpoint
    from training.painting.autoencoder_training import load_autoencoder

    lands = gather(load_autoencoder(runs / "autoencoder.pt"), scale)
    save_checkpoint(runs / "lands.pt", {"model": lands.state_dict()})
    return len(lands.codes)


@plain_errors()
def main(argv: list[str] | None = None) -> int:
    """Command line: writes lands.pt into the runs folder."""
    parser = CommandParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", type=Path, help="folder with the finished autoencoder")
    a = parser.parse_args(argv)
    say(f"{a.runs / 'lands.pt'}: {gather_into(a.runs)} lands")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
