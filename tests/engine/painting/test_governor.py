"""The governor against simulated shows: capture, hearing and painting with made-up costs."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from engine.packets import Pictures, Stamp
from engine.painting.governor import Governor, Plan

HOP_S = 0.2
TARGET_MS = 250.0

Cost = Callable[[Plan, float], float]
"""Plan and seconds since the start to milliseconds of painting."""


def work(plan: Plan, panels: int = 4) -> float:
    """Share of the best plan's cost, with a part that no saving touches."""
    painted = panels / plan.panels_every if plan.panels_every else 0
    return 0.1 + 0.9 * (1 + painted / 2) / (1 + panels / 2) * (plan.steps + 1) / 3


class Show:
    """Hearings every hop, one painter that always takes the newest."""

    def __init__(self, cost: Cost, panels: int = 4, hearing_ms: float = 40.0) -> None:
        self.governor = Governor(TARGET_MS, (1, 2), panels)
        self.cost, self.panels, self.hearing_ms = cost, panels, hearing_ms
        self.now_s = 0.0
        self.changes: list[tuple[float, Plan]] = []
        self.ages: list[tuple[float, float]] = []
        self._plan = self.governor.plan

    def run(self, seconds: float, seed: int = 0, noise: float = 0.0) -> "Show":
        rng = np.random.default_rng(seed)
        end, last = self.now_s + seconds, -1
        while self.now_s < end:
            window = int((self.now_s - self.hearing_ms / 1e3) / HOP_S) - 1
            if window < 0:
                self.now_s += 0.01
                continue
            captured = (window + 1) * HOP_S
            paint = self.cost(self._plan, self.now_s)
            paint *= float(np.exp(noise * rng.standard_normal()))
            self.now_s += paint / 1e3
            if window != last:
                self.ages.append((self.now_s, (self.now_s - captured) * 1e3))
            last = window
            stamp = Stamp(window, 0, 0, 0, 16000, captured)
            picture = np.zeros((1, 1, 3), np.uint8)
            timings: Mapping[str, float] = {"paint": paint}
            plan = self.governor.observe(
                Pictures(stamp, picture, {}, timings), self.now_s, self.panels
            )
            if plan != self._plan:
                self.changes.append((self.now_s, plan))
                self._plan = plan
        return self

    def age_p95(self, since_s: float) -> float:
        return float(np.percentile([age for at, age in self.ages if at >= since_s], 95))


def test_nothing_is_given_up_where_there_is_time():
    show = Show(lambda plan, _: 70 * work(plan)).run(60, noise=0.1)
    assert show.changes == []
    assert show.governor.given_up == ()


def test_panels_get_seldom_first_then_steps_go_then_panels():
    show = Show(lambda plan, _: 2000 * work(plan)).run(120)
    plans = [plan for _, plan in show.changes]
    assert plans[:5] == [Plan(2, 2), Plan(4, 2), Plan(8, 2), Plan(8, 1), Plan(0, 1)]
    assert show.governor.given_up == ("panels only now and then", "1 step instead of 2")


@pytest.mark.parametrize("full_ms", [150, 200, 250, 320])
def test_the_target_is_kept_where_it_can_be(full_ms: float):
    show = Show(lambda plan, _: full_ms * work(plan)).run(120, noise=0.08)
    assert show.governor.given_up != ()
    assert show.age_p95(30) < TARGET_MS * 1.05


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("full_ms", [60, 110, 160, 220, 300, 900])
def test_it_comes_to_rest(full_ms: float, noise: float):
    show = Show(lambda plan, _: full_ms * work(plan)).run(500, 1, noise)
    late = [at for at, _ in show.changes if at > 250]
    assert len(late) <= 6, show.changes


def test_what_was_given_up_comes_back_when_the_machine_is_free_again():
    busy = Show(lambda plan, at: (400 if at < 30 else 60) * work(plan)).run(30)
    assert busy.governor.given_up != ()
    busy.run(90)
    assert busy.governor.given_up == ()


def test_one_hiccup_changes_nothing():
    def cost(plan: Plan, at: float) -> float:
        return 600.0 if 20.0 <= at < 20.3 else 70 * work(plan)

    assert Show(cost).run(60).changes == []


def test_without_panels_pacing_them_is_skipped():
    show = Show(lambda plan, _: 300 * work(plan, 0), panels=0).run(60)
    assert show.changes[0][1] == Plan(0, 1)
    assert show.governor.plan.panels_every == 0
    assert not any("panels" in said for said in show.governor.given_up)


def test_with_no_live_panels_a_step_goes_first():
    show = Show(lambda plan, _: 300 * work(plan, 0))
    show.panels = 0
    show.run(20)
    assert show.changes[0][1].steps == 1


def test_only_one_way_to_paint_is_no_failure():
    governor = Governor(10.0, [2], panels=0)
    picture = np.zeros((1, 1, 3), np.uint8)
    for i in range(100):
        stamp = Stamp(i, 0, 0, 0, 16000, i * HOP_S)
        plan = governor.observe(Pictures(stamp, picture, {}, {"paint": 500.0}), i * HOP_S + 1, 0)
    assert plan == Plan(0, 2)
    assert governor.given_up == ()


def test_panels_asked_for_less_often_are_nothing_given_up() -> None:
    governor = Governor(TARGET_MS, (1, 2), 4, panels_every=4)
    assert governor.plan == Plan(4, 2)
    assert governor.given_up == ()
    shown = Pictures(Stamp(0, 0, 0, 64000, 16000, 0.0), np.zeros((1, 1, 3), np.uint8), {})
    for window in range(40):
        stamp = Stamp(window, 0, 0, 64000, 16000, 0.2 * window)
        late = Pictures(stamp, shown.scene, {}, {"paint": 400.0})
        governor.observe(late, 0.2 * window + 1.0)
    assert governor.plan.panels_every in (0, 8), "only less often still, never more often"
