"""Panels come as the plan says, and where there is no time for them, now and then all the same."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import load_bundle
from engine.mailbox import Mailbox
from engine.packets import Hearing, Pictures, Stamp
from engine.painting.conditioning import Conditioner
from engine.painting.governor import Governor, Plan
from engine.painting.painter import Painter
from engine.runtimes.model import Model
from live.show import panel_pacing
from live.show.painting_thread import PaintingThread
from live.show.panel_pacing import AS_DUE, EMPTY_S, OVERDUE_S, RESTING_S, STARVED_S, most_panels
from live.show.turns import Turns
from tests.engine.hearings import hearing
from tests.until import until

FULL, PACED, RESTING = Plan(1, 2), Plan(4, 2), Plan(0, 1)


def most(
    plan: Plan, since_s: float, fits: int = 0, fresh: bool = False, empty: bool = False
) -> int:
    return most_panels(plan, fresh, 4, empty, since_s, lambda count: count <= fits)


def test_with_room_they_come_as_the_plan_says() -> None:
    assert most(FULL, 0.1, fits=4) == AS_DUE
    assert most(FULL, 0.1, fits=3) == 0
    assert most(PACED, 0.1, fits=1) == AS_DUE
    assert most(FULL, OVERDUE_S + 0.1) == AS_DUE
    assert most_panels(FULL, False, 0, False, 0.0, lambda _: True) == AS_DUE


def test_a_new_hearing_is_not_kept_waiting_by_them() -> None:
    assert most(FULL, OVERDUE_S + 0.1, fits=4, fresh=True) == 0
    assert most_panels(FULL, True, 0, False, 99.0, lambda _: True) == 0


@pytest.mark.parametrize("plan", [FULL, PACED, RESTING])
def test_where_every_picture_is_a_hearing_s_first_they_come_one_at_a_time(plan: Plan) -> None:
    assert most(plan, STARVED_S - 0.1, fresh=True) == 0
    assert most(plan, STARVED_S + 0.1, fresh=True) == 1
    assert most(plan, EMPTY_S - 0.1, fresh=True, empty=True) == 0
    assert most(plan, EMPTY_S + 0.1, fresh=True, empty=True) == 1


def test_given_up_ones_come_one_at_a_time() -> None:
    assert most(RESTING, RESTING_S - 0.1, fits=4) == 0
    assert most(RESTING, RESTING_S + 0.1, fits=4) == 1
    assert most(RESTING, RESTING_S + 0.1) == 0
    assert most(RESTING, STARVED_S + 0.1) == 1
    assert most_panels(RESTING, False, 0, False, 99.0, lambda _: True) == 0


class _Slow:
    """A real generator on a slow machine."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.runtime, self.input_names = model.runtime, model.input_names

    def run(self, inputs: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
        time.sleep(0.05)
        return self._model.run(inputs)

    def close(self) -> None:
        self._model.close()


class _Overloaded:
    """A painting thread with a new hearing after every picture, and everything given up."""

    def __init__(self, folder: Path) -> None:
        self.bundle = load_bundle(folder)
        self.tracks: dict[int, tuple[int, float]] = {1: (10, 0.8), 2: (6, 0.8), 3: (12, 0.8)}
        self.panels_each: list[int] = []
        self._models = self.bundle.models("onnxruntime", threads=1)
        painter = Painter({steps: _Slow(m) for steps, m in self._models.generators.items()})
        governor, now_s = Governor(1.0, painter.steps), 0.0
        while governor.plan.panels_every:
            stamp, now_s = Stamp(round(now_s), 0, 0, 0, 16000, now_s), now_s + 1
            governor.observe(Pictures(stamp, np.zeros((1, 1, 3), np.uint8), {}, {}), now_s)
        self._mailbox: Mailbox[Hearing] = Mailbox()
        self.thread = PaintingThread(
            self._mailbox, Conditioner(self.bundle), painter, governor, Turns(),
            lambda _, __, pictures: self.panels_each.append(len(pictures.panels)), print,
        )  # fmt: skip
        self._stop = threading.Event()
        self._feeder = threading.Thread(target=self._feed)

    def _feed(self) -> None:
        window = 0
        while not self._stop.wait(0.01):
            self._mailbox.put(hearing(self.bundle, window, dict(self.tracks)))
            window += 1

    @property
    def panels(self) -> Mapping[int, np.ndarray]:
        shown = self.thread.shown
        return shown.pictures.panels if shown is not None else {}

    def begin(self) -> None:
        self.thread.start()
        self._feeder.start()

    def end(self) -> None:
        self._stop.set()
        self._feeder.join()
        self.thread.stop()
        self._models.close()


@pytest.fixture
def overloaded(small_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Overloaded]:
    monkeypatch.setattr(panel_pacing, "EMPTY_S", 0.1)
    monkeypatch.setattr(panel_pacing, "STARVED_S", 0.2)
    show = _Overloaded(small_bundle)
    show.begin()
    yield show
    show.end()


def test_an_overloaded_show_leaves_no_panel_empty_and_none_as_it_was(
    overloaded: _Overloaded,
) -> None:
    assert overloaded.thread.given_up[0] == "panels only now and then"
    until(lambda: set(overloaded.panels) == {1, 2, 3})
    before = overloaded.panels[1].astype(int)
    overloaded.tracks[1] = (20, 0.8)  # it is heard as something else now
    until(lambda: np.abs(overloaded.panels[1].astype(int) - before).mean() > 4)
    overloaded.tracks[4] = (3, 0.8)
    until(lambda: 4 in overloaded.panels)
    assert set(overloaded.panels_each) == {0, 1}
