"""The plot of what was measured: sound-to-picture against scenes a second."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from live.compose.panel import font
from live.paths.write_whole import whole_file
from live.tuning.choosing import Goal, Result
from live.view.picture import Colour

WIDTH, HEIGHT = 1200, 760
LEFT, TOP, RIGHT, BOTTOM = 90, 90, 40, 80
PAPER, INK, QUIET, GRID = (250, 249, 246), (40, 44, 54), (120, 124, 134), (226, 225, 220)
GOOD = (228, 240, 226)
MET, MISSED, CHOSEN = (56, 122, 84), (150, 154, 164), (214, 96, 42)
RADIUS = 9


def write_plot(
    path: Path,
    results: Sequence[Result],
    front: Sequence[Result],
    chosen: Result,
    goal: Goal,
    title: str,
) -> None:
    """Draw every result, the Pareto front numbered as in the table, into a PNG.

    Raises:
        UserError: it cannot be written.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    most_ms = 1.15 * max(goal.target_ms, *(r.shown.p95_ms for r in results))
    most_scenes = 1.15 * max(goal.min_scenes, 1.0, *(r.shown.scenes_per_s for r in results))
    x = _scale(most_ms, LEFT, WIDTH - RIGHT)
    y = _scale(most_scenes, HEIGHT - BOTTOM, TOP)
    draw.rectangle((x(0), y(most_scenes), x(goal.target_ms), y(goal.min_scenes)), GOOD)
    _axes(draw, x, y, most_ms, most_scenes)
    draw.line((x(goal.target_ms), y(0), x(goal.target_ms), y(most_scenes)), MET, 2)
    draw.line((x(0), y(goal.min_scenes), x(most_ms), y(goal.min_scenes)), MET, 2)
    small = font(17)
    draw.text((x(goal.target_ms) + 6, TOP + 4), f"{goal.target_ms:g} ms", MET, small)
    draw.text(
        (WIDTH - RIGHT - 6, y(goal.min_scenes) - 4), f"{goal.min_scenes:g} a second", MET, small,
        anchor="rb",
    )  # fmt: skip
    for result in sorted(results, key=lambda r: (r is chosen, r in front)):
        _point(draw, (x(result.shown.p95_ms), y(result.shown.scenes_per_s)), result, goal, chosen)
    for number, result in enumerate(front, 1):
        at = (x(result.shown.p95_ms) + RADIUS + 5, y(result.shown.scenes_per_s))
        draw.text(at, str(number), INK, small, anchor="lm")
    draw.text((LEFT, 28), title, INK, font(24), anchor="lm")
    _legend(draw)
    with whole_file(path) as temporary:
        image.save(temporary, format="PNG")


def _scale(most: float, first: float, last: float) -> Callable[[float], float]:
    return lambda value: first + (last - first) * value / most


def _axes(
    draw: ImageDraw.ImageDraw, x: Callable[[float], float], y: Callable[[float], float],
    most_ms: float, most_scenes: float,
) -> None:
    small = font(17)
    for ms in _ticks(most_ms):
        draw.line((x(ms), y(0), x(ms), y(most_scenes)), GRID)
        draw.text((x(ms), y(0) + 10), f"{ms:g}", QUIET, small, anchor="mt")
    for scenes in _ticks(most_scenes):
        draw.line((x(0), y(scenes), x(most_ms), y(scenes)), GRID)
        draw.text((x(0) - 10, y(scenes)), f"{scenes:g}", QUIET, small, anchor="rm")
    below = "sound-to-picture, 95th percentile, ms (less is better)"
    draw.text(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 22), below, INK, small, anchor="mm")
    draw.text((LEFT, TOP - 24), "scenes a second (more is better)", INK, small, anchor="lm")


def _ticks(most: float) -> list[float]:
    """Round numbers from 0 to the most, about six."""
    rough = most / 6
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough)
    return [step * k for k in range(int(most / step) + 1)]


def _point(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], result: Result, goal: Goal, chosen: Result
) -> None:
    met = goal.is_met(result.shown.p95_ms, result.shown.scenes_per_s)
    colour = CHOSEN if result is chosen else MET if met else MISSED
    _dot(draw, at, RADIUS + (3 if result is chosen else 0), colour)


def _dot(draw: ImageDraw.ImageDraw, at: tuple[float, float], radius: int, colour: Colour) -> None:
    draw.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), colour, PAPER, 2)


def _legend(draw: ImageDraw.ImageDraw) -> None:
    at, small = WIDTH - RIGHT - 330, font(17)
    for colour, text in ((CHOSEN, "chosen"), (MET, "meets the goal"), (MISSED, "does not")):
        _dot(draw, (at, TOP - 24), RADIUS - 1, colour)
        draw.text((at + 15, TOP - 24), text, INK, small, anchor="lm")
        at += 40 + round(draw.textlength(text, small))
