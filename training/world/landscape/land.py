"""Mountains, hills, woods and meadows, one behind another in the air between them."""

from __future__ import annotations

import numpy as np
import skia

from training.world.brush import WHITE, Brush, flat, free_x, mix, outline, stroke
from training.world.landscape.trees import draw_tree, kinds_for
from training.world.light import Rgb

POINTS = 65


def columns_px(brush: Brush) -> np.ndarray:
    """(65,) where ridges are measured, in pixels from left to right, a little over both edges."""
    return np.linspace(-0.02, 1.02, POINTS) * brush.width


def ridge(brush: Brush, rng: np.random.Generator, rough: float, steep: float = 1.0) -> np.ndarray:
    """(65,) heights of a hill line in about [-1, 1]; lower `rough` is more jagged."""
    x = columns_px(brush) / brush.height * 3.4 * steep / brush.scale
    waves = [
        np.sin(x * k * rng.uniform(0.75, 1.25) + rng.uniform(0, 2 * np.pi)) / k**rough
        for k in (1, 2, 4.3, 8.7)
    ]
    line = np.sum(waves, axis=0)
    return line / max(1.0, float(np.abs(line).max()))


def fill_below(
    brush: Brush, y: np.ndarray, top: Rgb, bottom: Rgb, reach: float, lift: float = 1.0
) -> None:
    """Fills from a line down to the picture's lower edge; the gradient ends `reach` below it."""
    x = columns_px(brush)
    low = min(float(y.min()) + reach, brush.height + 8.0)
    low = max(low, float(y.max()) + 2)
    closed = outline(np.r_[x, x[-1], x[0]], np.r_[y, low, low])
    brush.shape(closed, top, bottom, lift)
    if low < brush.height:
        rest = skia.Rect.MakeLTRB(0, low - 1, brush.width, brush.height)
        brush.canvas.drawRect(rest, flat(mix(top, bottom, 0.35) if brush.paper else bottom))


def draw_far(brush: Brush) -> None:
    """Mountains and far hills up to the horizon."""
    light, h = brush.light, brush.height
    rng = brush.rng(2)
    horizon = brush.scene.horizon * h
    place = brush.scene.place
    alpine = place in ("mountains", "falls", "lake") or rng.random() < 0.35
    if place == "sea":
        if rng.random() < 0.5:
            _headland(brush, rng, horizon)
        return
    if alpine:
        tall = rng.uniform(0.24, 0.34) if place == "mountains" else rng.uniform(0.15, 0.25)
        _mountains(brush, rng, horizon, tall * h)
    else:
        tone = light.far(mix(light.tree, light.ground[0], 0.4), 0.72)
        line = horizon - (0.07 + 0.065 * ridge(brush, rng, 1.3)) * h
        fill_below(brush, line, tone, light.far(tone, 0.5), 0.12 * h)
    brush.mist(horizon - 0.02 * h, 0.07 * h, 60 + 150 * light.fog)
    tone = light.far(mix(light.ground[1], light.tree, 0.45), 0.52)
    line = horizon - (0.02 + 0.04 * ridge(brush, rng, 1.4)) * h
    fill_below(brush, line, tone, light.far(tone, 0.4), 0.10 * h)
    tree_line(brush, rng, line, 0.06, 0.45, 1.5 if place == "forest" else 0.8)
    brush.mist(horizon + 0.015 * h, 0.05 * h, 40 + 170 * light.fog)


def _mountains(brush: Brush, rng: np.random.Generator, horizon: float, tall: float) -> None:
    light = brush.light
    x = columns_px(brush)
    for back, fade in ((1.0, 0.70), (0.62, 0.58)):
        peaks = np.abs(np.mod(x / brush.height * rng.uniform(1.1, 1.6) + rng.random(), 1) - 0.5) * 2
        line = horizon - tall * back * (
            0.3 + 0.55 * peaks + 0.22 * ridge(brush, rng, 0.9, 2.2)
        )  # fmt: skip
        rock = light.far(light.tint((108, 116, 140)), fade)
        fill_below(brush, line, rock, light.far(rock, 0.55), tall + 0.1 * brush.height)
        if back == 1.0 and (light.snow > 0.1 or rng.random() < 0.7):
            _snow_caps(brush, rng, x, line, rock, horizon - 0.62 * tall)


def _snow_caps(
    brush: Brush, rng: np.random.Generator, x: np.ndarray, line: np.ndarray, rock: Rgb, edge: float
) -> None:
    """White above a ragged snow line."""
    low = edge + 0.02 * brush.height * rng.uniform(-1, 1, POINTS)
    cap = np.maximum(line, low)
    for start in range(POINTS - 1):
        if line[start] < low[start] or line[start + 1] < low[start + 1]:
            part = slice(start, start + 2)
            corners = outline(np.r_[x[part], x[part][::-1]], np.r_[line[part], cap[part][::-1]])
            brush.canvas.drawPath(
                corners, flat(mix(rock, brush.light.far(brush.light.tint(WHITE), 0.25), 0.8))
            )


def _headland(brush: Brush, rng: np.random.Generator, horizon: float) -> None:
    """A far cape that runs out into the sea."""
    side, x = rng.choice((-1.0, 1.0)), columns_px(brush) / brush.width
    from_side = x if side < 0 else 1 - x
    rise = np.clip(1 - from_side / rng.uniform(0.35, 0.6), 0, 1) ** 0.8
    tall = rng.uniform(0.07, 0.13) * brush.height
    line = horizon + 1 - tall * rise * (1 + 0.2 * ridge(brush, rng, 1.1, 2))
    tone = brush.light.far(mix(brush.light.ground[1], brush.light.tree, 0.5), 0.58)
    fill_below(brush, line, tone, brush.light.far(tone, 0.3), tall)


def tree_line(
    brush: Brush,
    rng: np.random.Generator,
    line: np.ndarray,
    tall: float,
    distance: float,
    many: float,
) -> None:
    """Trees in groups along a hill line; `tall` over picture height, `many` per 1/12 of width."""
    kinds = kinds_for(brush, rng)
    x_px = columns_px(brush)
    groups = rng.uniform(0, 1, size=max(1, round(4 * many)))
    count = max(2, round(14 * many * brush.width / brush.height / 1.78))
    at = groups[rng.integers(len(groups), size=count)] + rng.normal(0, 0.07, size=count)
    for x in np.sort(at):
        size = tall * brush.height * rng.uniform(0.65, 1.35) * brush.scale
        foot = float(np.interp(x * brush.width, x_px, line)) + 0.10 * size
        kind = kinds[0] if rng.random() < 0.75 else kinds[1]
        at_px, lean = float(x) * brush.width, 0.6 * brush.wind
        draw_tree(brush, kind, at_px, foot, size, distance, rng.random(), lean)


def draw_meadows(brush: Brush) -> None:
    """The near land of a dry place, from the horizon to the viewer."""
    light, h, place = brush.light, brush.height, brush.scene.place
    rng = brush.rng(3)
    horizon = brush.scene.horizon * h
    tones = [
        light.far(mix(light.ground[1], light.field, rng.uniform(0, 0.5)), 0.30),
        light.far(mix(light.ground[1], light.field, rng.uniform(0, 0.35)), 0.14),
        light.ground[1],
    ]
    trees = {"forest": (2.4, 1.1), "mountains": (1.3, 0.5), "meadow": (0.8, 0.4)}
    drops = ((0.045, 0.034, 0.11), (0.14, 0.036, 0.16), (0.28, 0.026, 0.0))
    for index, (drop, swing, tall) in enumerate(drops):
        line = horizon + (drop + swing * ridge(brush, rng, 1.5)) * h
        top = mix(tones[index], light.body, 0.14 * (1 - light.storm))
        fill_below(brush, line, top, mix(tones[index], (20, 36, 44), 0.13), 0.22 * h)
        if index < 2:
            many = trees.get(place, (0.5, 0.3))[index]
            tree_line(brush, rng, line, tall, 0.32 - 0.2 * index, many)
            brush.mist(float(line.mean()) + 0.03 * h, 0.06 * h, 190 * light.fog)
        if index == 1 and place in ("farm", "meadow"):
            _furrows(brush, rng, line)
    if place in ("village", "farm", "meadow", "town") and rng.random() < 0.6:
        _footpath(brush, rng, horizon)
    if light.snow < 0.5:
        _flower_dots(brush, rng, horizon)
    if place in ("forest", "meadow", "mountains") and rng.random() < 0.8:
        _framing_trees(brush, rng)


def _footpath(brush: Brush, rng: np.random.Generator, horizon: float) -> None:
    """A path that winds down to the viewer between the subjects."""
    light, w, h = brush.light, brush.width, brush.height
    steps = np.linspace(0, 1, 30)
    y = (horizon + 0.07 * h) + (0.96 * h + 14 - horizon) * steps**1.5
    end = free_x(brush.scene, rng, 0.1, 0.9) * w
    start = end + rng.choice((-1, 1)) * rng.uniform(0.1, 0.3) * h
    centre = start + (end - start) * steps + 0.10 * h * np.sin(steps * 6.0) * (0.3 + steps)
    half = (0.004 + 0.050 * steps**1.6) * h * brush.scale
    sand = mix(light.tint((226, 200, 156)), light.tint((244, 248, 252)), 0.75 * light.snow)
    path = outline(np.r_[centre - half, (centre + half)[::-1]], np.r_[y, y[::-1]])
    far = light.far(mix(sand, light.ground[1], 0.3), 0.22)
    if brush.paper:
        brush.shape(path, mix(sand, light.ground[1], 0.15), None, 0.4)
    else:
        brush.shape(path, far, mix(sand, light.ground[1], 0.15))


def _framing_trees(brush: Brush, rng: np.random.Generator) -> None:
    """One or two tall trees at the picture's sides, where nothing stands before them."""
    kinds = kinds_for(brush, rng)
    for edge, sign in ((0.0, 1), (1.0, -1)):
        x = edge + sign * rng.uniform(0.03, 0.11)
        tall, foot = rng.uniform(0.52, 0.72), rng.uniform(0.84, 0.94)
        chance, kept = rng.random(), rng.random() < 0.7
        apart = [abs(s.x - x) * brush.width / brush.height - 0.6 * s.height
                 for s in brush.scene.subjects]  # fmt: skip
        if kept and min(apart, default=1.0) > 0.22:
            draw_tree(brush, kinds[0], x * brush.width, foot * brush.height,
                      tall * brush.height, 0.0, chance, 0.4 * brush.wind)  # fmt: skip


def _furrows(brush: Brush, rng: np.random.Generator, line: np.ndarray) -> None:
    """Rows of a field that run towards one point."""
    light, w, h = brush.light, brush.width, brush.height
    x = columns_px(brush)
    middle = float(rng.uniform(0.15, 0.85)) * w
    half = rng.uniform(0.16, 0.26) * w
    low = brush.scene.horizon * h + 0.31 * h
    start = np.linspace(middle - 0.5 * half, middle + 0.5 * half, 9)
    top = np.interp(start, x, line) + 0.012 * h
    field = outline(
        np.array([start[0], start[-1], middle + 1.5 * half, middle - 1.5 * half]),
        np.array([top[0], top[-1], low, low]),
    )
    tone = light.far(light.field, 0.16)
    brush.canvas.drawPath(field, flat(tone, 170))
    rows = skia.Path()
    for index, (a, b) in enumerate(zip(start.tolist(), top.tolist(), strict=True)):
        rows.moveTo(a, b)
        rows.lineTo(float(middle + (index / 4 - 1) * 1.5 * half), low)
    brush.canvas.drawPath(rows, stroke(mix(tone, light.ground[1], 0.65), 150, 0.005 * h))


def _flower_dots(brush: Brush, rng: np.random.Generator, horizon: float) -> None:
    light, w, h = brush.light, brush.width, brush.height
    many = {"spring": 90, "summer": 55, "autumn": 40, "winter": 0}[brush.scene.season]
    patches = rng.uniform(0, 1, size=5)
    for x, depth, pick in rng.uniform(size=(many, 3)):
        at = (patches[int(pick * 5)] + 0.18 * (x - 0.5)) * w
        y = horizon + (0.16 + depth**0.7 * (0.98 - brush.scene.horizon - 0.16)) * h
        radius = (0.0022 + 0.0042 * depth) * h
        tone = light.flowers[int(pick * 300) % 3]
        brush.canvas.drawCircle(at, y, radius, flat(tone, 225))


def draw_foreground(brush: Brush) -> None:
    """Blades, flowers or reeds along the lower edge, before the subjects' feet."""
    light, w, h = brush.light, brush.width, brush.height
    rng = brush.rng(4)
    reeds = brush.scene.place in ("lake", "river", "falls")
    if brush.scene.place in ("sea", "harbour", "town"):
        return
    dark = mix(light.ground[1], light.tree, 0.65)
    for corner in (0.0, 1.0):
        if rng.random() < 0.25:
            continue
        blades = skia.Path()
        count = int(rng.integers(14, 24))
        offsets = rng.exponential(0.075, size=count) * brush.scale
        tips = []
        for offset in offsets:
            x = abs(corner - offset) * w
            tall = rng.uniform(0.05, 0.15 if reeds else 0.11) * h * max(0.25, 1 - 2.6 * offset)
            bend = (rng.uniform(-0.35, 0.35) + 0.9 * brush.wind) * tall
            wide = 0.006 * h
            blades.moveTo(x - wide, h + 2)
            blades.quadTo(x, h - 0.6 * tall, x + bend, h - tall)
            blades.quadTo(x + 1.6 * wide, h - 0.5 * tall, x + wide, h + 2)
            blades.close()
            tips.append((x + bend, h - tall, rng.random()))
        brush.shape(blades, mix(dark, light.ground[1], 0.35), dark, 0.4)
        for x, y, pick in tips:
            if pick < 0.3 and light.snow < 0.5 and brush.scene.season != "winter":
                tone = light.tint((124, 84, 56)) if reeds else light.flowers[int(pick * 10)]
                reach = 0.010 * h
                box = skia.Rect.MakeLTRB(x - reach, y - reach, x + reach, y + reach)
                if reeds:
                    box = skia.Rect.MakeLTRB(x - 0.4 * reach, y - reach, x + 0.4 * reach, y + reach)
                brush.canvas.drawOval(box, flat(tone))
