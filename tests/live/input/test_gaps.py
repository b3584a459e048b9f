import numpy as np
import pytest

from live.input.gaps import GapFinder

BLOCK = 480


def fed(seconds, lost_at=None, lost=0, flagged=False, jitter=0.03, drift=0.0, seed=0):
    """Losses found in blocks that arrive late by up to `jitter` s, in bursts."""
    rng = np.random.default_rng(seed)
    finder = GapFinder(48_000)
    shift, found, arrived = 0.0, [], 0.0
    for k in range(round(seconds * 100)):
        overflowed = False
        if lost_at is not None and k == round(lost_at * 100):
            shift += lost / 48_000
            overflowed = flagged
        due = (k + 1) * 0.01 * (1 + drift) + shift
        arrived = max(arrived, due + (rng.uniform(0, jitter) if k % 3 else 0.0))
        found.append(finder.count_lost(BLOCK, 1000 + arrived, overflowed))
    return found


def test_bursts_are_no_loss():
    assert sum(fed(60)) == 0


def test_a_slow_or_fast_clock_is_no_loss():
    assert sum(fed(600, drift=1e-4)) == 0
    assert sum(fed(600, drift=-1e-4)) == 0


def test_a_single_late_block_is_no_loss():
    finder = GapFinder(48_000)
    for k in range(1000):
        late = 0.3 if k == 500 else 0.0
        assert finder.count_lost(BLOCK, k * 0.01 + late) == 0


def test_a_silent_loss_is_counted_in_samples():
    found = fed(20, lost_at=5, lost=24_000)
    assert abs(sum(found) - 24_000) < 200
    assert sum(1 for each in found if each) == 1


def test_a_flagged_loss_is_counted_although_small():
    assert abs(sum(fed(20, lost_at=5, lost=960, flagged=True)) - 960) < 200
    assert sum(fed(20, lost_at=5, lost=960, flagged=False)) == 0


@pytest.mark.parametrize("stall", [0.3, 0.7, 1.1])
@pytest.mark.parametrize("speed", [1.05, 1.5, 5, 50])
def test_a_device_that_was_held_up_and_catches_up_has_lost_nothing(stall, speed):
    finder, arrived, found = GapFinder(48_000), 0.0, 0
    for k in range(4000):
        due = (k + 1) * 0.01
        held_up = due + stall if k == 500 else arrived + 0.01 / speed
        arrived = max(due, held_up) if k >= 500 else due
        found += finder.count_lost(BLOCK, arrived)
    assert found == 0
