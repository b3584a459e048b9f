"""A view that goes over a line is drawn as it would have been, and each picture goes once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from engine.packets import Breath
from live.compose.frame import compose
from live.film.wire import ViewReader, ViewWriter, receive, send
from live.view.picture import View
from tests.live.compose.test_frame import flat, panel, view

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    made = socket.socketpair()
    yield made
    for end in made:
        end.close()


def carried(ends: Ends, *views: View) -> tuple[list[View], list[int]]:
    """Return views as they come over, and how many bytes of pictures each took."""
    writer, reader, sizes = ViewWriter(), ViewReader(), []

    def write() -> None:
        for each in views:
            send(ends[0], *writer.write(each))

    thread = threading.Thread(target=write)
    thread.start()
    came = []
    for _ in views:
        head, body = receive(ends[1])
        sizes.append(len(body))
        came.append(reader.read(head, body))
    thread.join()
    return came, sizes


def test_it_is_drawn_as_it_would_have_been(ends: Ends) -> None:
    shown = view((40, 120, 80), 0.4, 0.6, (panel(3, 0), panel(8, 2, presence=0.5)), "no sound: ü")
    assert shown.pictures is not None
    breath = Breath((0.5, 0.4, 0.2, 0.3), (1.0, 0.5, 0.2), 0.8)
    shown = replace(shown, pictures=replace(shown.pictures, breaths=(breath,)), dark=0.1)
    (came,), _ = carried(ends, shown)
    assert (compose(came, 320, 180) == compose(shown, 320, 180)).all()
    empty = replace(shown, pictures=None)
    (came,), _ = carried(ends, empty)
    assert (compose(came, 320, 180) == compose(empty, 320, 180)).all()


def test_a_picture_goes_once_for_as_long_as_it_is_shown(ends: Ends) -> None:
    first = view((40, 120, 80), panels=(panel(3, 0),))
    assert first.pictures is not None
    second = replace(first, pictures=replace(first.pictures, scene=flat((9, 9, 9))))
    came, sizes = carried(ends, first, first, second, first)
    scene, small = flat(0).nbytes, flat(0).nbytes
    assert sizes == [scene + small, 0, scene, scene]
    scenes = [each.pictures.scene for each in came if each.pictures is not None]
    assert scenes[0] is scenes[1]
    assert [int(each[0, 0, 0]) for each in scenes] == [40, 40, 9, 40]
    panels = [each.pictures.panels[3] for each in came if each.pictures is not None]
    assert all(each is panels[0] for each in panels)
    assert np.array_equal(panels[0], first.pictures.panels[3])


def test_a_line_that_ends_in_the_midst_is_an_end(ends: Ends) -> None:
    ends[0].sendall(b"\x05\0\0")
    ends[0].close()
    with pytest.raises(EOFError):
        receive(ends[1])
