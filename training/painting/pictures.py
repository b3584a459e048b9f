"""The pools of painted pictures that the generator is trained on."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from training.loop.arguments import CommandParser, count
from training.loop.plain_errors import plain_errors

if TYPE_CHECKING:
    from training.painting.painted_pictures import PaintedPictures


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """What a pool holds."""

    name: str
    """Its folder in the runs folder."""
    kind: str
    """scene or panel."""
    width: int
    height: int
    first: int
    """The first seed; pools that are kept apart start far from one another."""
    count: int


SCENES = PoolPlan("scenes", "scene", 512, 288, 0, 11_000)
PANELS = PoolPlan("panels", "panel", 256, 256, 1_000_000, 9_000)
LARGE_SCENES = PoolPlan("large-scenes", "scene", 1024, 576, 21_000_000, 1_600)
LARGE_PANELS = PoolPlan("large-panels", "panel", 512, 512, 22_000_000, 800)
"""For the last stage, which learns at the size that is shown, or larger."""


def paint_pool(runs: Path, plan: PoolPlan) -> PaintedPictures:
    """Paints a pool into its folder, or opens it when it is already there."""
    from training.painting.painted_pictures import Order, load_or_paint

    facts = asdict(plan)
    name, folder = facts.pop("name"), runs / plan.name
    return load_or_paint(
        folder, Order(**facts), folder / "pool.json", facts, os.cpu_count() or 1, name
    )


@plain_errors()
def main() -> None:
    parser = CommandParser(description=__doc__)
    parser.add_argument("runs", type=Path, help="folder that the pools are painted into")
    parser.add_argument("--scenes", type=count, default=SCENES.count, help="(default %(default)s)")
    parser.add_argument("--panels", type=count, default=PANELS.count, help="(default %(default)s)")
    a = parser.parse_args()
    for plan in plans(a.scenes, a.panels):
        paint_pool(a.runs, plan)


def plans(scenes: int = SCENES.count, panels: int = PANELS.count) -> tuple[PoolPlan, ...]:
    """The pools that the generator is trained on, at other counts where asked for."""
    return replace(SCENES, count=scenes), replace(PANELS, count=panels)


def large_plans(
    scenes: int = LARGE_SCENES.count, panels: int = LARGE_PANELS.count
) -> tuple[PoolPlan, ...]:
    """The pools that the last stage is trained on, at other counts where asked for."""
    return replace(LARGE_SCENES, count=scenes), replace(LARGE_PANELS, count=panels)


if __name__ == "__main__":
    main()
