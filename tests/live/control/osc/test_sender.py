"""OSC out: what is heard and what is changed, as another program receives it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import pytest
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

from live.control.adapters import Adapters
from live.control.desk import Desk
from live.settings.model import Settings
from live.show.session import Session
from tests.live.control.show import desk_of
from tests.until import LONGEST_S


class Listener:
    """Somebody else's program: takes the bundles."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(LONGEST_S)
        self.newest: dict[str, list] = {}
        self.tagged_s = 0.0

    def take(self) -> dict[str, list]:
        """Return the messages of the next bundle."""
        bundle = OscBundle(self.socket.recv(1 << 16))
        self.tagged_s = bundle.timestamp
        taken = {each.address: list(each.params) for each in bundle if type(each) is OscMessage}
        self.newest.update(taken)
        return taken

    def take_until(self, what: Callable[[], object]) -> None:
        deadline_s = time.monotonic() + LONGEST_S
        while not what():
            assert time.monotonic() < deadline_s
            self.take()


@pytest.fixture
def desk(show: Session) -> Iterator[Desk]:
    """The desk of the show."""
    with desk_of(show) as (made, _):
        yield made


@pytest.fixture
def listener(desk: Desk) -> Iterator[Listener]:
    """A program that the show sends to."""
    made = Listener()
    adapters = Adapters(desk, Settings(osc_out=f"127.0.0.1:{made.socket.getsockname()[1]}"))
    yield made
    adapters.stop()
    made.socket.close()


def test_the_sound_of_the_moment_in_bundles_with_time_tags(listener: Listener) -> None:
    for _ in range(3):
        taken = listener.take()
        for name in ("level", "onset", "brightness"):
            (value,) = taken[f"/soundglass/{name}"]
            assert 0.0 <= value <= 1.0
        assert abs(listener.tagged_s - time.time()) < LONGEST_S
    listener.take_until(lambda: listener.newest["/soundglass/level"][0] > 0.0)


def test_every_source_with_label_probability_loudness_and_place(
    listener: Listener, show: Session
) -> None:
    def told() -> list[list]:
        sources = [v for a, v in listener.newest.items() if a.startswith("/soundglass/source/")]
        return [source for source in sources if source[0]]

    listener.take_until(told)
    label, probability, lufs, x, y = told()[0]
    assert label in (*show.bundle.manifest.labels, "unknown")
    assert 0.0 < probability <= 1.0
    assert -70.0 <= lufs <= 0.0
    assert 0.0 <= x <= 1.0
    assert 0.0 <= y <= 1.0


def test_all_values_first_and_then_changes_with_their_origin(
    listener: Listener, desk: Desk
) -> None:
    listener.take_until(lambda: "/soundglass/light" in listener.newest)
    readable = {f"/soundglass/{c.name}" for c, _ in desk.values() if not c.is_done}
    assert readable <= listener.newest.keys()
    desk.apply({"light": "snow"}, "keys")
    listener.take_until(lambda: listener.newest["/soundglass/light"] == ["snow", "keys"])
    desk.session.freeze(True)
    listener.take_until(lambda: listener.newest["/soundglass/freeze"] == [True, "show"])
    desk.session.freeze(False)


def test_what_a_hand_moves_by_osc_is_told_once_it_rests(listener: Listener, desk: Desk) -> None:
    listener.take_until(lambda: "/soundglass/sensitivity" in listener.newest)
    told = []
    for step in range(10):
        desk.ask("sensitivity", float(step), "osc 127.0.0.1:5")
        told.append(listener.take().get("/soundglass/sensitivity"))
    listener.take_until(
        lambda: listener.newest["/soundglass/sensitivity"] == [9.0, "osc 127.0.0.1:5"]
    )
    assert not any(told), "a fader that moves is not told where it was"
