"""The atlas holds every drawing, whole, on one small grid."""

from __future__ import annotations

import numpy as np
import pytest

from training.vocabulary import LABELS
from training.world.atlas import FROM_RGB, Atlas, gather_atlas
from training.world.layout import AIR, aspect

ROWS, COLUMNS = 32, 40


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return gather_atlas(ROWS, COLUMNS)


def test_every_label_that_stands_in_a_box_has_its_drawings(atlas: Atlas) -> None:
    assert set(atlas.labels) == set(LABELS) - set(AIR)
    assert atlas.fine.shape == (len(atlas.labels), 8, 2, ROWS, COLUMNS)
    assert atlas.coarse.shape == (len(atlas.labels), 8, 2, ROWS // 2, COLUMNS // 2)
    for row, label in enumerate(atlas.labels):
        assert atlas.aspects[row, 3] == pytest.approx(aspect(label, 3))


def test_ink_reaches_from_edge_to_edge(atlas: Atlas) -> None:
    cover = atlas.fine[:, :, 1] / 255
    assert (cover.max((2, 3)) > 0.9).all()
    for edge in (cover[..., :2, :], cover[..., -2:, :], cover[..., :2], cover[..., -2:]):
        assert (edge.max((2, 3)) > 0.1).all()


def test_a_black_bear_is_dark_and_a_sheep_is_light(atlas: Atlas) -> None:
    def brightness(label: str) -> float:
        bright, cover = atlas.fine[atlas.labels.index(label)].transpose(1, 0, 2, 3) / 255.0
        return float((bright * cover).sum() / cover.sum())

    assert brightness("sheep") > brightness("crow") + 0.2


def test_colours_come_back() -> None:
    rgb = np.random.default_rng(0).random((5, 3))
    parts = rgb @ FROM_RGB.T
    from training.painting.drawings import TO_RGB

    np.testing.assert_allclose(parts @ np.array(TO_RGB), rgb, atol=5e-3)
