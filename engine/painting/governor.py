"""Keeps sound-to-picture under its target by giving things up, and says what.

Things are given up in a fixed order, one at a time: first panels are repainted less often, then
pictures get fewer sampler steps, then panels are painted only now and then. They are taken back in
the reverse order when, by what was measured, there is room for it. A thing that had to be given up
again right after it was taken back is left alone for twice as long the next time, so that the plan
comes to rest.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.packets import Pictures

_PACES = (1, 2, 4, 8)
"""Each panel in every picture, in every second, ..."""
_PANEL_SHARE = 0.5
"""About what a panel costs, of what the scene does."""
_LOOK = 8
"""Pictures looked at before anything is decided."""
_LOOK_FAR = 24
_ROOM = 0.85
"""Share of the target that must be enough before something is taken back."""
_REST_S = 4.0
_LONGEST_REST_S = 120.0
_RELAPSE_S = 10.0
"""Taking back failed if it was undone within this time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to paint the next picture."""

    panels_every: int
    """Each panel is in every panels_every-th picture; 1 is in all, 0 in one now and then."""
    steps: int
    """Sampler steps."""


class Governor:
    """Watches how old pictures are when they are shown, and plans the next. For one thread."""

    def __init__(
        self, target_ms: float, steps: Sequence[int], panels: int = 4, panels_every: int = 1
    ) -> None:
        """target_ms: sound-to-picture to stay under. steps: sampler steps that may be used, at
        least one. panels: most panels. panels_every: their pace while nothing is given up.
        """
        self._target_ms = target_ms
        self._ladder = _ladder(sorted(set(steps), reverse=True), panels, panels_every)
        self._level = 0
        self._seen: tuple[int, int] = (0, -1)
        self._ages: deque[float] = deque(maxlen=_LOOK_FAR)
        self._paints: deque[float] = deque(maxlen=_LOOK_FAR)
        self._corrections: dict[int, float] = {}
        """Level to what it cost over the level given up to, measured over guessed."""
        self._given_up_from: tuple[int, float] | None = None
        """The level that was just left and what painting cost there."""
        self._changed_s = -math.inf
        self._taken_back_s = -math.inf
        self._rest_s = [_REST_S] * len(self._ladder)

    @property
    def plan(self) -> Plan:
        """How to paint the next picture."""
        return self._ladder[self._level]

    @property
    def given_up(self) -> tuple[str, ...]:
        """What is given up now, in plain words; empty when nothing is."""
        best, plan = self._ladder[0], self.plan
        said = []
        if plan.panels_every != best.panels_every:
            pace = f"panels every {_ordinal(plan.panels_every)} picture"
            said.append(pace if plan.panels_every else "panels only now and then")
        if plan.steps != best.steps:
            said.append(f"{plan.steps} step{'s' if plan.steps > 1 else ''} instead of {best.steps}")
        return tuple(said)

    def observe(self, pictures: Pictures, now_s: float, panels: int = 4) -> Plan:
        """Tell of pictures that were just handed over, and hear how to paint the next.

        now_s: monotonic seconds, of the clock of `captured_at_s`. panels: how many live now;
        pacing none is no use. Only the first pictures of a hearing tell how old they are; of the
        others only the painting time counts.
        """
        stamp = pictures.stamp
        self._paints.append(pictures.timings_ms.get("paint", 0.0))
        first = (stamp.epoch, stamp.window_id) > self._seen
        if not first:
            return self.plan
        self._seen = (stamp.epoch, stamp.window_id)
        self._ages.append((now_s - stamp.captured_at_s) * 1e3)
        if len(self._ages) < _LOOK:
            return self.plan
        self._learn(panels)
        # The second-worst of eight: one hiccup is none of the plan's business.
        if sorted(list(self._ages)[-_LOOK:])[-2] > self._target_ms:
            self._give_up(now_s, panels)
        else:
            self._take_back(now_s, panels)
        return self.plan

    def _give_up(self, now_s: float, panels: int) -> None:
        lower = self._next(1, panels)
        if lower is None:
            return
        rest_s = self._rest_s[self._level]
        if now_s - self._taken_back_s < _RELAPSE_S + 2 * rest_s:
            self._rest_s[self._level] = min(2 * rest_s, _LONGEST_REST_S)
        else:
            self._rest_s[self._level] = _REST_S
        self._given_up_from = (self._level, _median(self._paints))
        self._change(lower, now_s)

    def _take_back(self, now_s: float, panels: int) -> None:
        upper = self._next(-1, panels)
        if upper is None or len(self._ages) < _LOOK_FAR:
            return
        if now_s - self._changed_s < self._rest_s[upper]:
            return
        guess = _work(self._ladder[upper], panels) / _work(self.plan, panels)
        factor = max(1.0, guess * self._corrections.get(upper, 1.0))
        # A picture can wait for the one before it: what painting costs more counts twice.
        more_ms = 2 * _median(self._paints) * (factor - 1)
        if float(np.percentile(self._ages, 95)) + more_ms < _ROOM * self._target_ms:
            self._given_up_from = None
            self._taken_back_s = now_s
            self._change(upper, now_s)

    def _learn(self, panels: int) -> None:
        """Compare what giving up brought with what it was guessed to bring."""
        if self._given_up_from is None or not self._paints:
            return
        upper, cost_ms = self._given_up_from
        self._given_up_from = None
        guess = _work(self._ladder[upper], panels) / _work(self.plan, panels)
        self._corrections[upper] = cost_ms / max(_median(self._paints), 1e-3) / guess

    def _change(self, level: int, now_s: float) -> None:
        self._level = level
        self._changed_s = now_s
        self._ages.clear()
        self._paints.clear()

    def _next(self, step: int, panels: int) -> int | None:
        """The nearest level that way that is another for this many panels."""
        here = self.plan
        level = self._level + step
        while 0 <= level < len(self._ladder):
            there = self._ladder[level]
            if panels or there.steps != here.steps:
                return level
            level += step
        return None


def _ladder(steps: Sequence[int], panels: int, panels_every: int) -> tuple[Plan, ...]:
    """All plans from the best to the cheapest."""
    slower = tuple(pace for pace in _PACES if pace > panels_every)
    paces = (panels_every, *slower) if panels else (0,)
    plans = [Plan(pace, steps[0]) for pace in paces]
    plans += [Plan(paces[-1], count) for count in steps[1:]]
    if panels:
        plans.append(Plan(0, steps[-1]))
    return tuple(plans)


def _work(plan: Plan, panels: int) -> float:
    """A guess at what a tick costs, in no unit."""
    painted = panels / plan.panels_every if plan.panels_every else 0
    return (1 + _PANEL_SHARE * painted) * (1 + plan.steps)


def _median(values: Sequence[float] | deque[float]) -> float:
    return float(np.median(values))


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth", 8: "eighth"}.get(
        number, f"{number}th"
    )
