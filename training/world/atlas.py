"""Every drawing of the world on one small grid: what the painter lays into a source's box.

A drawing's ink fills its grid from edge to edge, whatever its shape, and looks to the right.
Brightness and cover lie on a grid twice as fine as the colour, as the eye sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import skia
from PIL import Image
from scipy.ndimage import distance_transform_edt

from training.world.layout import aspect
from training.world.subjects.drawings import draw_look
from training.world.subjects.looks import LOOKS

FROM_RGB = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]])
"""Red, green and blue to brightness and two differences of colour (BT.601)."""


@dataclass(frozen=True, slots=True)
class Atlas:
    """Drawings of all labels that stand in a box."""

    labels: tuple[str, ...]
    """Whose drawings they are, row by row."""
    fine: np.ndarray
    """u8 (labels, looks, 2, rows, columns): brightness, cover."""
    coarse: np.ndarray
    """u8 (labels, looks, 2, rows / 2, columns / 2): differences of colour, 128 for none."""
    aspects: np.ndarray
    """f32 (labels, looks): width over height of the ink."""


@cache
def gather_atlas(rows: int, columns: int) -> Atlas:
    """Every look of every label that stands in a box, on a grid of so many cells (even numbers)."""
    labels, drawn = tuple(LOOKS), [look for looks in LOOKS.values() for look in looks]
    fine = np.empty((len(drawn), 2, rows, columns), np.uint8)
    coarse = np.empty((len(drawn), 2, rows // 2, columns // 2), np.uint8)
    for row, look in enumerate(drawn):
        pixels = draw_look(look).toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)
        if look.side < 0:
            pixels = pixels[:, ::-1]
        colours, cover = _on_grid(pixels, rows, columns)
        parts = colours @ FROM_RGB.T
        fine[row] = _bytes(np.stack([parts[..., 0], cover]))
        tints: np.ndarray = parts[..., 1:]
        halves = tints.reshape(rows // 2, 2, columns // 2, 2, 2).mean((1, 3))
        coarse[row] = _bytes(halves.transpose(2, 0, 1) + 128 / 255)
    aspects = [[aspect(label, look) for look in range(len(LOOKS[label]))] for label in labels]
    shape = (len(labels), -1)
    return Atlas(
        labels,
        fine.reshape(*shape, *fine.shape[1:]),
        coarse.reshape(*shape, *coarse.shape[1:]),
        np.array(aspects, np.float32),
    )


def _on_grid(pixels: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Straight colours (rows, columns, 3) that reach beyond the ink, and its cover; in [0, 1].

    pixels: u8 (h, w, 4), not multiplied by their alpha.
    """
    whole = Image.fromarray(np.ascontiguousarray(pixels), "RGBA")
    small = np.asarray(whole.resize((columns, rows), Image.Resampling.BOX)) / 255
    colours, cover = small[..., :3], small[..., 3]
    # A cell that hardly holds ink takes its neighbour's colour, so that no dark seam shows.
    nearest = distance_transform_edt(cover < 0.25, return_distances=False, return_indices=True)
    assert nearest is not None
    return colours[tuple(nearest)], cover


def _bytes(values: np.ndarray) -> np.ndarray:
    return np.rint(values * 255).clip(0, 255).astype(np.uint8)
