"""The drawings of the image world, laid crisp into the boxes of the sources.

Diffusion decides everything that is not known beforehand; a drawing is known. Its brightness,
colour and cover lie on a small grid (an atlas, `training.world.atlas`), are spread over the
source's box at the picture's own size, lit by what a small network has learnt of the atmosphere,
and their edges drawn as sharp as the pixels are, however large the box (Green 2007, for the edges).
"""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.painting.generator import ATMOSPHERE, LOOKS
from training.vocabulary import LABELS
from training.world.atlas import Atlas

ROWS, COLUMNS = 80, 96
"""Cells of brightness and cover of a drawing; colour has half as many each way."""
FINE, COARSE = ROWS * COLUMNS, (ROWS // 2) * (COLUMNS // 2)
DRAWING = 1 + 2 * FINE + 2 * COARSE
"""Numbers of a drawing: aspect, brightness, cover, two differences of colour."""
TO_RGB = ((1.0, 1.0, 1.0), (0.0, -0.344, 1.772), (1.402, -0.714, 0.0))
"""Brightness and differences of colour to red, green and blue (BT.601)."""
ZERO = 128
"""The byte of no colour."""
THERE = 0.1
"""Weight from which on a drawing hides what is behind it; below it fades away."""
THIN = 0.05
"""A drawing that turns is never narrower than this share of itself."""
CRISPEST = 3.0
"""Edges of the grid are sharpened by so much at most."""


class Laid(NamedTuple):
    """The drawings of a picture, one over the other."""

    colours: Tensor
    """(b, 3, h / 2, w / 2) in [-1, 1]; what they are where nothing is drawn has no meaning."""
    cover: Tensor
    """(b, 1, h, w) in [0, 1]."""


def span(like: Tensor, scale: int, axis: int) -> Tensor:
    """(b, n): the middles of a picture's rows (axis 2) or columns (3), in (0, 1).

    like: (b, c, h, w) latents; the picture is `scale` times as large.
    """
    # counted with sums, because sizes read from the shape are frozen by the exporter
    ones = torch.ones_like(like[:, :1]).amax(5 - axis).flatten(1)
    places = ones.repeat_interleave(scale, 1).cumsum(1)
    return (places - 0.5) / places[:, -1:]


def cells(values: Tensor, count: int) -> Tensor:
    """(..., n) places in [-1, 1] of a box to (..., n, count): linear shares of its cells."""
    middles = (torch.arange(count, device=values.device) + 0.5) * (2 / count) - 1
    return F.relu(1 - (values[..., None] - middles).abs() * (count / 2))


class Drawings(nn.Module):
    """Lays the drawings of the sources into a picture."""

    def __init__(self, hidden: int = 64) -> None:
        super().__init__()
        change = nn.Linear(hidden, 15)
        nn.init.zeros_(change.weight)
        nn.init.zeros_(change.bias)
        self.light = nn.Sequential(nn.Linear(ATMOSPHERE + 2, hidden), nn.SiLU(), change)
        self.register_buffer("to_rgb", torch.tensor(TO_RGB), False)
        self.to_rgb: Tensor

    def forward(
        self,
        drawings: Tensor,
        weights: Tensor,
        places: Tensor,
        atmosphere: Tensor,
        columns: Tensor,
        rows: Tensor,
        shape: float | Tensor,
    ) -> Laid:
        """Lays them. The cover is as fine as the picture, colours half as fine.

        Args:
            drawings: (b, s, DRAWING) of a `DrawingTable`.
            weights: (b, s).
            places: (b, s, 4) x, y, height and facing of the boxes.
            atmosphere: (b, ATMOSPHERE).
            columns: (b, w) middles of the columns to paint, over the picture's width; w even.
            rows: (b, h) likewise.
            shape: width over height of the whole picture.
        """
        wide, fine, coarse = drawings.split([1, 2 * FINE, 2 * COARSE], dim=2)
        x, y, height, facing = places[..., None].unbind(2)  # (b, s, 1)
        turned = torch.where(facing < 0, facing.clamp(max=-THIN), facing.clamp(min=THIN))
        stretch = shape * 2 / (height * wide.clamp(min=0.1) * turned)
        across, down = (columns[:, None] - x) * stretch, (rows[:, None] - y) * 2 / height
        brightness, cover = fine.unflatten(2, (2, ROWS, COLUMNS)).unbind(2)
        # not expanded in seven dimensions: OpenVINO computes that wrong with AVX-512 (2026.4)
        tints = coarse.flatten(0, 1).unflatten(1, (2, ROWS // 2, COLUMNS // 2))
        tints = F.interpolate(tints, scale_factor=2).unflatten(0, (-1, coarse.shape[1]))
        colours = torch.cat([brightness[:, :, None], tints], 2)  # (b, s, 3, ROWS, COLUMNS)
        colours = self._lit(colours, height, y, atmosphere)
        halved = [F.avg_pool1d(at, 2).clamp(-1 + 1 / n, 1 - 1 / n)
                  for at, n in ((across, COLUMNS), (down, ROWS))]
        half = lay(colours, halved[0], halved[1])
        pixels = height[:, :, 0] / (rows[:, 1:2] - rows[:, :1])
        crisp = (pixels / ROWS).clamp(1.0, CRISPEST)[:, :, None, None]
        grids = (crisp * cover)[:, :, None]
        cover = lay(grids, across.clamp(-3, 3), down.clamp(-3, 3))[:, :, 0]
        cover = (cover + (0.5 - 0.5 * crisp)).clamp(0, 1)  # steeper about a half
        cover = cover * (weights / THERE).clamp(0, 1)[..., None, None]
        shares = stack(F.avg_pool2d(cover, 2), (y + height / 2)[:, :, 0]) + 1e-4
        mixed = (half * (shares / shares.sum(1, keepdim=True))[:, :, None]).sum(1)
        bare = (1 - cover).unbind(1)
        return Laid(mixed, (1 - reduce(torch.mul, bare))[:, None])

    def _lit(self, colours: Tensor, height: Tensor, y: Tensor, atmosphere: Tensor) -> Tensor:
        """Brightness and tints (b, s, 3, ROWS, COLUMNS) to RGB in [-1, 1] in the picture's light.

        The light is an affine change of colour that goes on from a drawing's head to its foot.
        """
        asked = atmosphere[:, None].expand(-1, height.shape[1], -1)
        change = self.light(torch.cat([asked, height, y], dim=2))  # (b, s, 15)
        matrix = change[..., :9].unflatten(2, (3, 3)) + torch.eye(3, device=change.device)
        shift, slope = change[..., 9:12, None, None], change[..., 12:, None, None]
        lit = (self.to_rgb @ matrix).transpose(2, 3) @ colours.flatten(3)
        down = torch.linspace(-1, 1, ROWS, device=change.device)[:, None]
        lit = lit.unflatten(3, (ROWS, COLUMNS)) + shift + slope * down
        return (2 * lit - 1).clamp(-1.2, 1.2)


def lay(grids: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """Grids (b, s, c, rows, columns) at (b, s, w) and (b, s, h) of their boxes: (b, s, c, h, w)."""
    rows, columns = grids.shape[3:]
    there = cells(across, columns).transpose(2, 3)[:, :, None]
    return cells(down, rows)[:, :, None] @ (grids @ there)


def stack(cover: Tensor, feet: Tensor) -> Tensor:
    """What is seen of each source (b, s, h, w); whose feet (b, s) are lower stand in front."""
    sources = feet.shape[1]
    in_front = torch.sigmoid((feet[:, :, None] - feet[:, None]) * 200.0)  # (b, front, behind)
    shown = []
    for behind in range(sources):
        left = cover[:, behind]
        for front in range(sources):
            if front != behind:
                left = left * (1 - in_front[:, front, behind, None, None] * cover[:, front])
        shown.append(left)
    return torch.stack(shown, 1)


class DrawingTable(nn.Module):
    """The atlas as numbers: shares of drawings to what `Drawings` lays."""

    def __init__(self, fine: Tensor, coarse: Tensor, aspects: Tensor, rows: Tensor) -> None:
        """See `Atlas`, flattened to (drawings, numbers); rows: (drawings,) each one's label and
        look among all, label * LOOKS + look."""
        super().__init__()
        self.register_buffer("fine", fine.float() / 255)
        self.register_buffer("coarse", (coarse.float() - ZERO) / 255)
        self.register_buffer("aspects", aspects.float())
        self.register_buffer("rows", rows)
        self.fine: Tensor
        self.coarse: Tensor
        self.aspects: Tensor
        self.rows: Tensor

    def forward(self, shares: Tensor) -> Tensor:
        """(b, s, labels * LOOKS) to (b, s, DRAWING); sounds of the air have nothing in it."""
        shares = shares[..., self.rows]
        return torch.cat([shares @ self.aspects, shares @ self.fine, shares @ self.coarse], 2)


def drawing_table(atlas: Atlas) -> DrawingTable:
    """The table of an atlas of `ROWS` by `COLUMNS`."""
    first = torch.tensor([LABELS.index(label) * LOOKS for label in atlas.labels])
    return DrawingTable(
        torch.from_numpy(atlas.fine).flatten(2).flatten(0, 1),
        torch.from_numpy(atlas.coarse).flatten(2).flatten(0, 1),
        torch.from_numpy(atlas.aspects).flatten()[:, None],
        (first[:, None] + torch.arange(LOOKS)).flatten(),
    )
