"""The plan of a soak: the same for the same seed, and every fault has its turn."""

from live.soak.plan import GAP_S, plan

KINDS = ("a", "b", "c", "d", "e")


def test_the_same_seed_gives_the_same_plan_and_another_another():
    assert plan(KINDS, 7200.0, 3) == plan(KINDS, 7200.0, 3)
    assert plan(KINDS, 7200.0, 3) != plan(KINDS, 7200.0, 4)


def test_every_kind_comes_once_before_any_comes_again():
    planned = [each.kind for each in plan(KINDS, 7200.0, 0)]
    for first in range(0, len(planned), len(KINDS)):
        assert sorted(planned[first : first + len(KINDS)]) == sorted(KINDS)


def test_two_hours_have_some_sixty_faults_and_pauses_have_bounds():
    planned = plan(KINDS, 7200.0, 0)
    passed_s = count = 0
    while passed_s < 7200.0:
        passed_s += planned[count].pause_s
        count += 1
    assert 50 <= count <= 75
    for seconds in (60.0, 7200.0, 86400.0):
        pauses = [each.pause_s for each in plan(KINDS, seconds, 1)]
        assert min(pauses) >= 0.7 * GAP_S[0]
        assert max(pauses) <= 1.3 * GAP_S[1]
        assert sum(pauses) >= 0.7 * seconds
