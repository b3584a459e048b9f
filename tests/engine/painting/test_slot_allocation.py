import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.painting.slot_allocation import Places


def test_places_are_taken_from_the_first_and_ranks_do_not_matter():
    places = Places(3)
    places.update({5: 0.9, 6: 0.5})
    assert places.held == {5: 0, 6: 1}
    places.update({5: 0.1, 6: 0.9, 7: 0.95})
    assert places.held == {5: 0, 6: 1, 7: 2}


def test_a_freed_place_is_taken_again():
    places = Places(2)
    places.update({1: 0.5, 2: 0.5})
    places.update({2: 0.5})
    assert places.is_leaving(1)
    assert places.held == {1: 0, 2: 1}
    places.give_back(1)
    places.update({2: 0.5, 3: 0.5})
    assert places.held == {2: 1, 3: 0}


def test_only_a_plainly_more_significant_one_makes_another_leave():
    places = Places(1)
    places.update({1: 0.4})
    places.update({1: 0.4, 2: 0.5})
    assert places.waiting
    assert not places.is_leaving(1)
    places.update({1: 0.2, 2: 0.9})
    assert places.is_leaving(1)
    assert places.held == {1: 0}
    places.give_back(1)
    places.update({1: 0.3, 2: 0.9})
    assert places.held == {2: 0}


def test_one_who_comes_back_while_fading_stays():
    places = Places(1)
    places.update({1: 0.4})
    places.update({})
    assert places.is_leaving(1)
    places.update({1: 0.4})
    assert not places.is_leaving(1)


def test_no_places_is_no_failure():
    places = Places(0)
    places.update({1: 0.9})
    assert places.held == {}


@given(st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_a_place_never_changes_and_is_never_shared(count: int, seed: int):
    rng = np.random.default_rng(seed)
    places, before = Places(count), {}
    for _ in range(60):
        alive = {int(t): float(rng.random()) for t in rng.choice(8, rng.integers(0, 6), False)}
        places.update(alive)
        held = dict(places.held)
        assert len(set(held.values())) == len(held) <= count
        assert all(0 <= p < count for p in held.values())
        assert all(held[t] == p for t, p in before.items() if t in held)
        for track in list(held):
            if places.is_leaving(track) and rng.random() < 0.5:
                places.give_back(track)
        before = dict(places.held)
