"""Where the panels hang: a row of square pictures along the bottom, a caption under each.

The window and the films share this, so that they look alike. All lengths are in pixels of a
picture or a window of the given size.
"""

from __future__ import annotations

from dataclasses import dataclass

SHARE_OF_HEIGHT = 0.17
"""Side of a panel over the height of the window: large enough to know the subject from across a
room, small enough to leave the scene its ground."""
CAPTION = 0.24
"""Height of meter and caption over the side."""
MARGIN, GAP = 26.0, 16.0
"""Around the row and between the panels, at 1280x720."""
SMALLEST_SIDE = 24.0
SMALLEST = 0.62
"""Nothing is written smaller than so, over what it is at 1280x720."""
CORNER = 0.035
"""Radius of a picture's corners over its side: cut by hand, not by a machine for buttons."""


@dataclass(frozen=True, slots=True)
class PanelRow:
    """The slots of a row."""

    lefts: tuple[float, ...]
    """Left edge of each slot, the first slot leftmost."""
    top: float
    side: float
    """Width and height of each picture."""

    @property
    def caption(self) -> float:
        """Height of what stands under each picture."""
        return CAPTION * self.side

    @property
    def bottom(self) -> float:
        """Lower edge of the captions."""
        return self.top + self.side + self.caption


def panel_row(width: float, height: float, slots: int) -> PanelRow:
    """Return the row of so many slots, at least one, in a window of this size."""
    unit = scale_of(width, height)
    margin, gap = MARGIN * unit, GAP * unit
    room = (width - 2 * margin - (slots - 1) * gap) / max(slots, 1)
    side = max(min(SHARE_OF_HEIGHT * height, room), SMALLEST_SIDE)
    # The caption's own air counts as part of the margin.
    top = height - 0.7 * margin - side - CAPTION * side
    return PanelRow(tuple(margin + i * (side + gap) for i in range(slots)), top, side)


@dataclass(frozen=True, slots=True)
class PanelGrid:
    """The slots of a window that has nothing but panels."""

    places: tuple[tuple[float, float], ...]
    """Left and upper edge of each slot, in reading order."""
    side: float
    """Width and height of each picture."""

    @property
    def caption(self) -> float:
        """Height of what stands under each picture."""
        return CAPTION * self.side


def panel_grid(width: float, height: float, slots: int) -> PanelGrid:
    """Return so many slots, at least one, as large as a window of this size has room for."""
    gap = GAP * scale_of(width, height)

    def side_of(columns: int) -> float:
        rows = -(-slots // columns)
        across = (width - (columns + 1) * gap) / columns
        down = (height - (rows + 1) * gap) / rows / (1.0 + CAPTION)
        return min(across, down)

    columns = max(range(1, slots + 1), key=side_of)
    side = max(side_of(columns), SMALLEST_SIDE)
    rows = -(-slots // columns)
    tall = (1.0 + CAPTION) * side
    left = (width - columns * side - (columns - 1) * gap) / 2
    top = (height - rows * tall - (rows - 1) * gap) / 2
    return PanelGrid(
        tuple(
            (left + (slot % columns) * (side + gap), top + (slot // columns) * (tall + gap))
            for slot in range(slots)
        ),
        side,
    )


def scale_of(width: float, height: float) -> float:
    """Return how large to write in a window of this size; 1 at 1280x720 and at 720x1280."""
    longer, shorter = max(width, height), min(width, height)
    return min(max(min(longer / 1280.0, shorter / 720.0), SMALLEST), 2.6)
