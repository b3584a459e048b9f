"""The light over single sources in films: with the level, in one frame, where they stand."""

import itertools

import numpy as np
import pytest

from engine.packets import Breath
from engine.sound.reactive import Reactive
from live.compose.breathing import breathe
from live.compose.light import BREATH, MOST_BREATHS, ReactiveLight

FIRE = Breath((0.3, 0.6, 0.2, 0.4), (1.0, 0.5, 0.2), 0.8)


def test_a_rise_of_the_level_shows_in_the_first_frame_after_it() -> None:
    reactions = ReactiveLight()
    assert reactions.light(Reactive(), 0.0, (FIRE,)).breaths == ()
    light = reactions.light(Reactive(level=0.5), 0.02, (FIRE,))
    assert light.breaths[0].amount == pytest.approx(0.4)
    assert light.breaths[0].box == FIRE.box
    falling = [reactions.light(Reactive(), 0.02 + 0.02 * i, (FIRE,)) for i in range(1, 100)]
    amounts = [light.breaths[0].amount for light in falling if light.breaths]
    assert all(b < a for a, b in itertools.pairwise(amounts))
    assert amounts[-1] < 0.01


def test_steady_level_is_steady_light() -> None:
    reactions = ReactiveLight()
    seen = [reactions.light(Reactive(level=0.6), 0.04 * i, (FIRE,)).breaths for i in range(20)]
    assert len(set(seen)) == 1


def test_no_more_than_the_shader_has_room_for() -> None:
    light = ReactiveLight().light(Reactive(level=1.0), 0.0, (FIRE,) * 9)
    assert len(light.breaths) == MOST_BREATHS


def test_it_lightens_its_box_in_its_colour_and_nothing_far_away() -> None:
    lit = np.full((72, 128, 3), 55.0, np.float32)
    breathe(lit, FIRE)
    added = lit - 55.0
    middle = added[int(0.6 * 72), int(0.3 * 128)]
    assert middle[0] == pytest.approx(200 * BREATH * 0.8, rel=0.03)
    assert middle[1] == pytest.approx(middle[0] / 2, rel=0.03)
    assert added[:, 90:].max() < 0.5
    assert np.abs(np.diff(added, axis=0)).max() < 8, "its edge is not seen"
    assert np.abs(np.diff(added, axis=1)).max() < 8


@pytest.mark.parametrize("box", [(-0.5, 0.5, 0.1, 0.1), (1.4, 1.4, 0.2, 0.2), (0.5, 0.5, 3.0, 3.0)])
def test_a_box_partly_or_wholly_out_of_sight(box: tuple[float, float, float, float]) -> None:
    lit = np.full((36, 64, 3), 250.0, np.float32)
    breathe(lit, Breath(box, (1.0, 1.0, 1.0), 1.0))
    assert lit.max() <= 255.0
    assert lit.min() >= 250.0
