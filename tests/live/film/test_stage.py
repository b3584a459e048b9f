"""The stage: one picture for all, as often as the most eager wants it, and none for nobody."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from live.compose.frame import frame_size
from live.film.forms import Form
from live.film.stage import MOST, Frame, Seat, Stage
from live.film.studio import Studio
from live.view.picture import View
from tests.live.compose.test_frame import panel, view
from tests.until import LONGEST_S, until


class Show:
    """A show that counts how often it is looked at, and can be turned or broken."""

    def __init__(self) -> None:
        self.looks = 0
        self.aspect = 16 / 9
        self.panels = []
        self.error: Exception | None = None
        self.said: list[str] = []

    def view(self) -> View:
        self.looks += 1
        if self.error is not None:
            raise self.error
        return replace(view(panels=self.panels), aspect=self.aspect)


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
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)
        assert stage.newest is not None
    assert stage.newest is None
    threads = [each for each in threading.enumerate() if each.name == "stage"]
    looks = show.looks
    time.sleep(0.3)  # six pictures
    assert show.looks <= looks + 1
    stage.close()
    assert not any(each.is_alive() for each in threads)


def size_of(frame: Frame) -> tuple[int, int]:
    return Image.open(io.BytesIO(frame.jpeg)).size


def test_readers_share_one_picture(show: Show, stage: Stage) -> None:
    with stage.want(20.0, Form.JPEG) as one, stage.want(20.0, Form.JPEG) as other:
        frames = {}
        for seat in (one, other) * 3:
            frame = take(seat)
            assert frames.setdefault(frame.number, frame) is frame
        # Each look is one picture, but for those at the shape when a seat was taken, and the next.
        assert show.looks <= max(frames) + 3
    assert size_of(frame) == (1280, 720)


def test_each_form_is_made_for_those_who_take_it(stage: Stage) -> None:
    with stage.want(20.0, Form.FRAMES) as seat:
        assert take(seat).jpeg == b""
        shown = stage.frames.newest()
        assert shown is not None
        assert shown.picture.shape == (720, 1280, 3)
        with stage.want(20.0, Form.JPEG) as other:
            pixels = np.asarray(Image.open(io.BytesIO(take(other).jpeg))).astype(int)
            assert np.abs(pixels - shown.picture).mean() < 4
    assert stage.packets.count == 0
    with stage.want(20.0, Form.ENCODED) as seat:
        take(seat)
        until(lambda: stage.packets.count > 1)


def test_nothing_is_made_for_one_who_is_not_ready(show: Show, stage: Stage) -> None:
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)
        seat.ready = False
        seat.next(0.2)
        looks = show.looks
        assert seat.next(0.3) is None
        assert show.looks <= looks + 1
        seat.ready = True
        take(seat)


def test_the_most_eager_sets_the_rate_and_the_others_get_theirs(stage: Stage) -> None:
    slow = stage.want(5.0, Form.JPEG)
    began = take(slow)
    eager = stage.want(20.0, Form.JPEG)
    until(lambda: take(eager).at_s > began.at_s + 1.0)
    # Frames that show a moment closer than half of a fifth of a second are passed over.
    frames = [take(slow) for _ in range(4)]
    gaps = np.diff([frame.at_s for frame in frames])
    assert gaps.min() > 0.09
    assert np.diff([frame.number for frame in frames]).max() > 1


def test_a_fast_stage_gives_two_of_three_to_a_seat_at_two_thirds(stage: Stage) -> None:
    seat = Seat(stage, 20.0, Form.JPEG, (2, 2))
    assert sum(seat.takes(100.0 + at / 30) for at in range(61)) == 41


def test_a_frame_keeps_its_size_until_all_have_left(show: Show, stage: Stage) -> None:
    first = stage.want(20.0, Form.JPEG)
    wide = size_of(take(first))
    show.aspect = 9 / 16
    second = stage.want(20.0, Form.JPEG)
    assert second.size == first.size == wide
    first.leave()
    assert size_of(take(second)) == wide
    second.leave()
    with stage.want(20.0, Form.FRAMES) as third:
        take(third)
        assert third.size == (wide[1], wide[0])
        shown = stage.frames.newest()
        assert shown is not None
        assert shown.picture.shape == (wide[0], wide[1], 3)


def test_what_cannot_be_composed_is_said_once_and_tried_again(show: Show, stage: Stage) -> None:
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)
        show.error = ValueError("a broken view")
        looks = show.looks
        until(lambda: show.looks > looks + 2)
        show.error = None
        number = take(seat).number
        until(lambda: take(seat).number > number)
    assert show.said == ["a picture could not be composed: a broken view"]


def test_its_process_may_end_and_is_started_again(
    show: Show, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    studios: list[Studio] = []
    real = Studio.wait
    monkeypatch.setattr(Studio, "wait", lambda studio: studios.append(studio) or real(studio))
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)
        studios[-1].kill()
        before = studios[-1]
        until(lambda: studios[-1] is not before)
        take(seat)
    assert show.said == ["a picture could not be composed: its process has ended"]


def test_what_its_process_cannot_compose_is_said(
    show: Show, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)
        show.panels = [panel(3, 0, level="loud")]
        until(lambda: show.said)
        show.panels = []
        take(seat)
    assert len(show.said) == 1
    assert show.said[0].startswith("a picture could not be composed: ")


def test_the_process_is_given_up_when_nobody_has_wanted_anything_for_long(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.film.stage.IDLE_S", 0.1)
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)
        assert stage._studio is not None
    until(lambda: stage._studio is None)
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)


def test_one_that_stands_still_is_not_waited_for_at_the_end(stage: Stage) -> None:
    with stage.want(20.0, Form.JPEG) as seat:
        take(seat)
        assert stage._studio is not None
        os.kill(stage._studio._process.pid, signal.SIGSTOP)
        stage.close()


def test_closing_lets_everybody_go(stage: Stage) -> None:
    seat, got = stage.want(0.1, Form.JPEG), []
    take(seat)
    waits = threading.Thread(target=lambda: got.append(seat.next(LONGEST_S)))
    waits.start()
    stage.close()
    waits.join(LONGEST_S)
    assert got == [None]
    stage.close()
    assert stage.want(20.0, Form.JPEG).next(LONGEST_S) is None
    seat.leave()
    seat.leave()


def test_there_is_room_for_frames_of_every_shape() -> None:
    for aspect in np.geomspace(0.2, 5.0, 500):
        width, height = frame_size(float(aspect))
        assert width * height <= MOST[0] * MOST[1]
