"""Drawings lie crisp in their boxes, turn, fade, and hide what is behind them."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from training.painting.drawings import (
    COARSE,
    COLUMNS,
    DRAWING,
    FINE,
    ROWS,
    Drawings,
    DrawingTable,
    Laid,
    drawing_table,
    span,
)
from training.painting.generator import ATMOSPHERE, LOOKS
from training.vocabulary import LABELS
from training.world.atlas import gather_atlas

HEIGHT, WIDTH = 96, 128


def drawing(grey: float = 0.8, *, front_half: bool = False) -> Tensor:
    """(DRAWING,) a grey square, twice as wide as high; or its front half alone."""
    cover = torch.ones(ROWS, COLUMNS)
    if front_half:
        cover[:, : COLUMNS // 2] = 0
    parts = [torch.tensor([2.0]), torch.full((FINE,), grey), cover.flatten()]
    return torch.cat([*parts, torch.zeros(2 * COARSE)])


def lay(drawings: list[Tensor], places: list[tuple[float, ...]], weight: float = 1.0) -> Laid:
    given = torch.stack(drawings)[None]
    latents = torch.zeros(1, 16, HEIGHT // 32, WIDTH // 32)
    with torch.no_grad():
        return Drawings()(
            given, torch.full((1, len(drawings)), weight), torch.tensor(places)[None],
            torch.zeros(1, ATMOSPHERE), span(latents, 32, 3), span(latents, 32, 2), WIDTH / HEIGHT,
        )  # fmt: skip


def test_a_drawing_fills_its_box_and_nothing_else() -> None:
    laid = lay([drawing()], [(0.5, 0.5, 0.5, 1.0)])
    assert laid.cover.shape == (1, 1, HEIGHT, WIDTH)
    assert laid.colours.shape == (1, 3, HEIGHT // 2, WIDTH // 2)
    rows, columns = laid.cover[0, 0].amax(1), laid.cover[0, 0].amax(0)
    assert rows.gt(0.5).sum() == pytest.approx(HEIGHT / 2, abs=2)
    assert columns.gt(0.5).sum() == pytest.approx(HEIGHT, abs=2)  # twice as wide as high
    assert laid.cover.gt(0.02).logical_and(laid.cover.lt(0.98)).float().mean() < 0.05
    middle = laid.colours[0, :, HEIGHT // 4, WIDTH // 4]
    torch.testing.assert_close(middle, torch.full((3,), 0.6), atol=0.01, rtol=0)


def test_it_looks_where_it_faces_and_is_narrow_while_it_turns() -> None:
    half = drawing(front_half=True)
    right, left, turning = (
        lay([half], [(0.5, 0.5, 0.5, facing)]).cover[0, 0, HEIGHT // 2]
        for facing in (1.0, -1.0, 0.3)
    )
    middle = WIDTH // 2
    assert right[:middle].sum() < 1 < right[middle:].sum()
    torch.testing.assert_close(right.flip(0), left, atol=1e-4, rtol=0)
    assert 0 < turning.sum() < 0.4 * right.sum()


def test_it_fades_with_the_last_of_its_weight() -> None:
    place = [(0.5, 0.5, 0.5, 1.0)]
    loud, soft, gone = (lay([drawing()], place, weight).cover.max() for weight in (0.3, 0.05, 0.0))
    assert (loud, gone) == (1, 0)
    assert soft == pytest.approx(0.5)


def test_who_stands_lower_stands_in_front() -> None:
    light, dark = drawing(0.9), drawing(0.1)
    near, far = (0.5, 0.6, 0.5, 1.0), (0.5, 0.5, 0.5, 1.0)
    for drawings, places in (([light, dark], [near, far]), ([dark, light], [far, near])):
        laid = lay(drawings, places)
        middle = laid.colours[0, 0, HEIGHT // 4, WIDTH // 4]
        assert middle == pytest.approx(0.8, abs=0.05)
        assert laid.cover.max() <= 1


def test_the_table_finds_a_drawing_and_has_none_for_the_air() -> None:
    table = drawing_table(gather_atlas(ROWS, COLUMNS))
    assert isinstance(table, DrawingTable)
    shares = torch.zeros(1, 3, len(LABELS) * LOOKS)
    for slot, (label, look) in enumerate((("dog", 2), ("rain", 0), ("train", 7))):
        shares[0, slot, LABELS.index(label) * LOOKS + look] = 1
    found = table(shares)
    assert found.shape == (1, 3, DRAWING)
    assert found[0, 1].abs().max() == 0
    assert found[0, 2, 0] > 1.2 > found[0, 0, 0] > 0  # a train is long
