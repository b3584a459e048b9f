"""Where sources stand."""

import numpy as np
import pytest

from engine.painting.composition import AIR, Box, Home, Homes, PlaceRules, look_shares, place_source
from tests.tiny_models import LABELS, places

SCENE = (288, 512)
TALL = SCENE[0] / SCENE[1]


def surely(**probabilities: float) -> np.ndarray:
    """(labels,) with these labels' probabilities."""
    found = np.zeros(len(LABELS), np.float32)
    for label, p in probabilities.items():
        found[LABELS.index(label.replace("_", " "))] = p
    return found


def test_a_sure_label_stands_where_the_bundle_says():
    stand = PlaceRules(places()).stand(surely(dog=1.0))
    np.testing.assert_allclose(stand.scene, places()[LABELS.index("dog"), 0])
    np.testing.assert_allclose(stand.panel, places()[LABELS.index("dog"), 1])
    assert stand.air == 0.0


def test_what_is_of_the_air_fills_the_picture():
    stand = PlaceRules(places()).stand(surely(rain=0.9, dog=0.1))
    assert stand.air == 1.0
    np.testing.assert_allclose(stand.scene, [[0.5, 1.0]] * 2)
    np.testing.assert_allclose(stand.panel, [[0.5, 1.0]] * 2)


def test_a_little_air_does_not_blow_a_subject_up():
    rules = PlaceRules(places())
    np.testing.assert_allclose(
        rules.stand(surely(dog=0.8, rain=0.2)).scene, rules.stand(surely(dog=1.0)).scene, rtol=1e-6
    )


def test_between_two_labels_it_stands_between_and_never_jumps():
    rules = PlaceRules(places())
    for other in ("birds", "rain"):
        path = [rules.stand(surely(**{"dog": 1 - p, other: p})) for p in np.linspace(0, 1, 201)]
        ways = np.stack([[*s.scene.ravel(), *s.panel.ravel(), s.air] for s in path])
        assert np.abs(np.diff(ways, axis=0)).max() < 0.07
        there = rules.stand(surely(**{other: 1.0})).scene
        np.testing.assert_allclose(ways[-1][:4].reshape(2, 2), there)


def test_a_world_without_subjects_is_all_air():
    nothing = np.tile(np.array([0.5, 1.0], np.float32), (3, 2, 2, 1))
    stand = PlaceRules(nothing).stand(np.array([0.5, 0.25, 0.25], np.float32))
    assert stand.air == 1.0


def crowd(seed: int, count: int) -> list[Box]:
    homes, boxes = Homes(seed, 8, SCENE), []
    rng = np.random.default_rng(seed)
    for track_id in range(1, count + 1):
        height = float(0.3 + 0.2 * rng.random())
        y = 0.9 - height / 2
        boxes.append(Box(homes.find(track_id, y, height, boxes).x, y, height))
    return boxes


@pytest.mark.parametrize(("count", "overlap"), [(2, 0.0), (3, 0.04), (4, 0.12)])
def test_sources_stand_apart_and_in_the_picture(count: int, overlap: float):
    for seed in range(60):
        boxes = crowd(seed, count)
        wide = [1.1 * b.height * TALL for b in boxes]
        for i, one in enumerate(boxes):
            assert -overlap <= one.x - wide[i] / 2
            assert one.x + wide[i] / 2 <= 1 + overlap
            for j in range(i):
                gap = abs(one.x - boxes[j].x) - (wide[i] + wide[j]) / 2
                assert gap > -overlap - 0.02, (seed, boxes)


def test_what_is_above_another_may_share_its_column():
    homes = Homes(0, 8, SCENE)
    row = [Box(x, 0.75, 0.45) for x in (0.17, 0.5, 0.83)]
    assert abs(homes.find(1, 0.2, 0.3, row).x - 0.5) > 0.15  # Where it likes to be


def test_it_faces_the_middle():
    for seed in range(20):
        home = Homes(seed, 8, SCENE).find(1, 0.7, 0.4, [])
        assert home.facing == (1.0 if home.x < 0.5 else -1.0)
        assert 0.15 < abs(home.x - 0.5) < 0.35


def test_homes_and_looks_are_the_seeds_and_the_tracks_own():
    def found(seed: int) -> list[tuple[float, float, int]]:
        homes = Homes(seed, 8, SCENE)
        return [(h.x, h.facing, h.look) for h in (homes.find(t, 0.7, 0.4, []) for t in range(30))]

    assert found(1) == found(1)
    assert found(1) != found(2)
    assert {look for _, _, look in found(1)} == set(range(8))
    assert len({x < 0.5 for x, _, _ in found(1)}) == 2


def test_who_comes_back_gets_its_old_home_if_that_is_free():
    homes = Homes(0, 8, SCENE)
    home = homes.find(1, 0.7, 0.4, [])
    assert homes.find(1, 0.7, 0.4, [Box(1 - home.x, 0.7, 0.3)]) == home
    taken = homes.find(1, 0.7, 0.4, [Box(home.x, 0.7, 0.4)])
    assert abs(taken.x - home.x) > 0.2
    assert taken.look == home.look
    homes.forget()


def test_air_is_the_whole_picture():
    assert AIR == (0.5, 0.5, 1.0, 0.0)


def test_a_source_is_placed_by_its_stand_and_its_home():
    ends, home = np.array([[0.6, 0.2], [0.5, 0.8]], np.float32), Home(0.3, -1.0, 5)
    assert place_source(ends, 0.0, home, 0.5, True) == pytest.approx((0.3, 0.55, 0.5, -1.0))
    assert place_source(ends, 0.0, home, 0.5, False) == pytest.approx((0.5, 0.55, 0.5, -1.0))
    assert place_source(ends, 0.5, home, 1.0, True) == pytest.approx((0.4, 0.5, 0.8, -0.5))
    assert (
        place_source(ends, 1.0, home, 1.0, True)[0::3]
        == place_source(ends, 1.0, None, 1.0, True)[0::3]
    )


def test_only_what_stands_somewhere_has_a_drawing_of_its_own():
    home = Home(0.3, -1.0, 5)
    assert look_shares(8, 0.0, home).tolist() == [0, 0, 0, 0, 0, 1, 0, 0]
    assert look_shares(8, 0.25, home).tolist() == [0.25, 0, 0, 0, 0, 0.75, 0, 0]
    assert look_shares(8, 1.0, home).tolist() == look_shares(8, 0.0, None).tolist() == [1] + [0] * 7
    assert look_shares(8, 0.5, Home(0.3, 1.0, 0)).tolist() == [1] + [0] * 7
