import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.painting.slot_allocation import SlotAllocation


def test_slots_are_taken_from_the_first_and_ranks_do_not_matter():
    allocation = SlotAllocation(3)
    allocation.update({5: 0.9, 6: 0.5})
    assert allocation.slots == {5: 0, 6: 1}
    allocation.update({5: 0.1, 6: 0.9, 7: 0.95})
    assert allocation.slots == {5: 0, 6: 1, 7: 2}


def test_a_freed_slot_is_taken_again():
    allocation = SlotAllocation(2)
    allocation.update({1: 0.5, 2: 0.5})
    allocation.update({2: 0.5})
    assert allocation.is_leaving(1)
    assert allocation.slots == {1: 0, 2: 1}
    allocation.release(1)
    allocation.update({2: 0.5, 3: 0.5})
    assert allocation.slots == {2: 1, 3: 0}


def test_only_a_plainly_more_significant_one_makes_another_leave():
    allocation = SlotAllocation(1)
    allocation.update({1: 0.4})
    allocation.update({1: 0.4, 2: 0.5})
    assert allocation.has_waiting
    assert not allocation.is_leaving(1)
    allocation.update({1: 0.2, 2: 0.9})
    assert allocation.is_leaving(1)
    assert allocation.slots == {1: 0}
    allocation.release(1)
    allocation.update({1: 0.3, 2: 0.9})
    assert allocation.slots == {2: 0}


def test_one_who_comes_back_while_fading_stays():
    allocation = SlotAllocation(1)
    allocation.update({1: 0.4})
    allocation.update({})
    assert allocation.is_leaving(1)
    allocation.update({1: 0.4})
    assert not allocation.is_leaving(1)


def test_no_slots_is_no_failure():
    allocation = SlotAllocation(0)
    allocation.update({1: 0.9})
    assert allocation.slots == {}


@given(st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_a_slot_never_changes_and_is_never_shared(count: int, seed: int):
    rng = np.random.default_rng(seed)
    allocation, before = SlotAllocation(count), {}
    for _ in range(60):
        alive = {int(t): float(rng.random()) for t in rng.choice(8, rng.integers(0, 6), False)}
        allocation.update(alive)
        held = dict(allocation.slots)
        assert len(set(held.values())) == len(held) <= count
        assert all(0 <= p < count for p in held.values())
        assert all(held[t] == p for t, p in before.items() if t in held)
        for track in list(held):
            if allocation.is_leaving(track) and rng.random() < 0.5:
                allocation.release(track)
        before = dict(allocation.slots)
