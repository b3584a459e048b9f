"""The stage: one picture for all, as often as the most eager wants it, and none for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from live.film.stage import Frame, Seat, Stage
from live.view.picture import View
from tests.live.compose.test_frame import view
from tests.until import LONGEST_S, until


class Show:
    """A show that counts how often it is looked at, and can be turned or broken."""

    def __init__(self) -> None:
        self.looks = 0
        self.aspect = 320 / 180
        self.error: Exception | None = None
        self.said: list[str] = []

    def view(self) -> View:
        self.looks += 1
        if self.error is not None:
            raise self.error
        return replace(view(), aspect=self.aspect)


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    monkeypatch.setattr("live.film.stage.PAUSE_S", 0.01)
    return Show()


@pytest.fixture
def stage(show: Show) -> Iterator[Stage]:
    made = Stage(show.view, show.said.append)
    yield made
    made.close()


def take(seat: Seat) -> Frame:
    frame = seat.next(LONGEST_S)
    assert frame is not None
    return frame


def test_nothing_is_composed_while_nobody_wants_it(show: Show, stage: Stage) -> None:
    assert stage.newest is None
    with stage.want(20.0) as seat:
        take(seat)
        assert stage.newest is not None
    assert stage.newest is None
    threads = [each for each in threading.enumerate() if each.name == "stage"]
    looks = show.looks
    time.sleep(0.3)  # six pictures
    assert show.looks <= looks + 1
    stage.close()
    assert not any(each.is_alive() for each in threads)


def test_readers_share_one_picture(show: Show, stage: Stage) -> None:
    with stage.want(20.0) as one, stage.want(20.0) as other:
        first, second = take(one), take(other)
        newest = max(first, second, key=lambda frame: frame.number)
        oldest = take(one) if newest is second else take(other)
        assert oldest.number >= newest.number
        frames = {frame.number: frame for frame in (first, second, oldest)}
        assert len({id(frame.picture) for frame in frames.values()}) == len(frames)
        # Each look is one picture, but for those at the shape when the first seat was taken.
        assert show.looks <= oldest.number + 2
    assert first.picture.shape[2] == 3
    assert first.picture.dtype == np.uint8


def test_the_most_eager_sets_the_rate_and_the_others_get_theirs(stage: Stage) -> None:
    slow = stage.want(5.0)
    began = take(slow)
    eager = stage.want(20.0)
    until(lambda: take(eager).at_s > began.at_s + 1.0)
    # Frames that show a moment closer than half of a fifth of a second are passed over.
    frames = [take(slow) for _ in range(4)]
    gaps = np.diff([frame.at_s for frame in frames])
    assert gaps.min() > 0.09
    assert np.diff([frame.number for frame in frames]).max() > 1


def test_a_fast_stage_gives_two_of_three_to_a_seat_at_two_thirds() -> None:
    class Grid(Stage):
        """A stage of 30 a second whose clock is exact."""

        def __init__(self) -> None:
            self.at = 0

        def wait_for(self, taken: int, from_s: float, timeout_s: float) -> Frame | None:
            while self.at <= taken or self.at / 30 < from_s:
                self.at += 1
            return Frame(self.at, np.zeros((2, 2, 3), np.uint8), self.at / 30, view())

    seat = Seat(Grid(), 20.0, (2, 2))
    taken = [take(seat).number for _ in range(41)]
    assert taken[-1] - taken[0] == 60


def test_a_frame_keeps_its_size_until_all_have_left(show: Show, stage: Stage) -> None:
    first = stage.want(20.0)
    wide = take(first).picture.shape
    show.aspect = 9 / 16
    second = stage.want(20.0)
    assert second.size == first.size == (wide[1], wide[0])
    first.leave()
    assert take(second).picture.shape == wide
    second.leave()
    with stage.want(20.0) as third:
        assert take(third).picture.shape == (wide[1], wide[0], 3)


def test_what_cannot_be_composed_is_said_once_and_tried_again(show: Show, stage: Stage) -> None:
    with stage.want(20.0) as seat:
        take(seat)
        show.error = ValueError("a broken view")
        looks = show.looks
        until(lambda: show.looks > looks + 2)
        show.error = None
        number = take(seat).number
        until(lambda: take(seat).number > number)
    assert show.said == ["a picture could not be composed: a broken view"]


def test_closing_lets_everybody_go(stage: Stage) -> None:
    seat, got = stage.want(0.1), []
    take(seat)
    waits = threading.Thread(target=lambda: got.append(seat.next(LONGEST_S)))
    waits.start()
    stage.close()
    waits.join(LONGEST_S)
    assert got == [None]
    stage.close()
    assert stage.want(20.0).next(LONGEST_S) is None
    seat.leave()
    seat.leave()
