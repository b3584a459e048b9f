"""Several screens as one wall: which part of the picture, and which panels, each of them shows.

Screens stand as the desktop has them: those beside one another are a row, and rows stand below one
another. Gaps between them are closed; where two projectors overlap, so do their parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

Box = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass(frozen=True, slots=True)
class Edges:
    """How wide the soft edges of a screen are, as shares of its width or height, in [0, 0.5]."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def inside(self, width: float, height: float) -> Box:
        """Return what they leave of a screen of this size; a quarter of it at least."""
        wide = max(1.0 - self.left - self.right, 0.25)
        tall = max(1.0 - self.top - self.bottom, 0.25)
        left, top = min(self.left, 1.0 - wide), min(self.top, 1.0 - tall)
        return left * width, top * height, wide * width, tall * height


HARD = Edges()
"""No soft edges."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen of a wall."""

    key: str
    box: Box
    """Where it is on the desktop; only the order counts."""
    size: tuple[float, float]
    """Width and height in pixels, as who looks at it upright has them."""
    edges: Edges = HARD
    """As they were set for this screen alone."""


@dataclass(frozen=True, slots=True)
class Tile:
    """What one screen of a wall shows."""

    part: Box = (0.0, 0.0, 1.0, 1.0)
    """Of the whole picture, as shares of its width and height."""
    edges: Edges = HARD
    """Its soft edges; two that meet are of the same width in pixels."""
    panels: range | None = None
    """Slots of the panels that hang on it; None for all."""


def arrange(screens: Sequence[Screen], slots: int) -> tuple[dict[str, Tile], float]:
    """Return what each screen shows, by its key, and the width over height of the whole picture.

    slots: of panels; they hang on the screens of the lowest row, none of them over a seam.
    """
    rows = _rows(screens)
    boxes: dict[str, Box] = {}
    edges = {screen.key: screen.edges for screen in screens}
    down = 0.0
    for number, row in enumerate(rows):
        if number:
            down -= _meet_rows(rows[number - 1], row, edges)
        across = 0.0
        for place, screen in enumerate(row):
            if place:
                across -= _meet(row[place - 1], screen, edges)
            boxes[screen.key] = (across, down, *screen.size)
            across += screen.size[0]
        down += max(screen.size[1] for screen in row)
    wide = max(box[0] + box[2] for box in boxes.values())
    tall = max(box[1] + box[3] for box in boxes.values())
    hangs = _share_panels(rows[-1], slots)
    tiles = {
        key: Tile(
            (x / wide, y / tall, width / wide, height / tall),
            edges[key],
            hangs.get(key, range(0)),
        )
        for key, (x, y, width, height) in boxes.items()
    }
    return tiles, wide / tall


def _rows(screens: Sequence[Screen]) -> list[list[Screen]]:
    """The screens as rows from above, each from the left."""
    rows: list[list[Screen]] = []
    for screen in sorted(screens, key=lambda each: each.box[1] + each.box[3] / 2):
        middle = screen.box[1] + screen.box[3] / 2
        row = rows[-1] if rows else []
        if row and row[0].box[1] <= middle < row[0].box[1] + row[0].box[3]:
            row.append(screen)
        else:
            rows.append([screen])
    return [sorted(row, key=lambda each: each.box[0]) for row in rows]


def _meet(left: Screen, right: Screen, edges: dict[str, Edges]) -> float:
    """Let two screens beside one another agree on their soft edge; return its pixels."""
    overlap = max(edges[left.key].right * left.size[0], edges[right.key].left * right.size[0])
    overlap = min(overlap, left.size[0] / 2, right.size[0] / 2)
    edges[left.key] = replace(edges[left.key], right=overlap / left.size[0])
    edges[right.key] = replace(edges[right.key], left=overlap / right.size[0])
    return overlap


def _meet_rows(upper: Sequence[Screen], lower: Sequence[Screen], edges: dict[str, Edges]) -> float:
    """The same for two rows."""
    overlap = max(
        *(edges[each.key].bottom * each.size[1] for each in upper),
        *(edges[each.key].top * each.size[1] for each in lower),
    )
    overlap = min(overlap, *(each.size[1] / 2 for each in (*upper, *lower)))
    for each in upper:
        edges[each.key] = replace(edges[each.key], bottom=overlap / each.size[1])
    for each in lower:
        edges[each.key] = replace(edges[each.key], top=overlap / each.size[1])
    return overlap


def _share_panels(row: Sequence[Screen], slots: int) -> Mapping[str, range]:
    """Which slots hang on each screen of a row, shared as evenly as they can be."""
    ends = [round(slots * number / len(row)) for number in range(len(row) + 1)]
    return {screen.key: range(ends[at], ends[at + 1]) for at, screen in enumerate(row)}


def facing(screens: Sequence[Screen], key: str, side: str) -> list[tuple[str, str, float]]:
    """Return which soft edges overlap with that of a screen on one side.

    Each with the key of its screen, its side, and its width over that of the given one, in shares.
    """
    rows = _rows(screens)
    down = next((n for n, row in enumerate(rows) if any(each.key == key for each in row)), None)
    if down is None:
        return []
    across = next(n for n, each in enumerate(rows[down]) if each.key == key)
    own, step = rows[down][across].size, -1 if side in ("left", "top") else 1
    if side in ("left", "right"):
        beside = across + step
        others = rows[down][beside : beside + 1] if beside >= 0 else []
        opposite = "right" if side == "left" else "left"
        return [(each.key, opposite, own[0] / each.size[0]) for each in others]
    beside = down + step
    others = rows[beside] if 0 <= beside < len(rows) else []
    opposite = "bottom" if side == "top" else "top"
    return [(each.key, opposite, own[1] / each.size[1]) for each in others]
