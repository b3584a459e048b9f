"""One encoding for all who take it: made while somebody does, and readable from its keys on."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import numpy as np
import pytest

from live.film.encoder import KEY_S, Encoded, PictureEncoder
from live.film.packets import PacketReader
from live.film.sharing import SharedEncoding
from live.film.stage import Stage
from tests.live.compose.test_frame import view
from tests.until import until

COLOUR = (40, 120, 200)


class Show:
    """A plain show that can stop being composed."""

    def __init__(self) -> None:
        self.broken = False
        self.looks = 0

    def view(self):
        self.looks += 1
        if self.broken:
            raise RuntimeError("nothing to be seen")
        return view(COLOUR)


@pytest.fixture
def show() -> Show:
    return Show()


@pytest.fixture
def encoding(show: Show) -> Iterator[SharedEncoding]:
    stage = Stage(show.view, lambda line: None)
    yield SharedEncoding(stage)
    stage.close()


def take(reader: PacketReader, count: int) -> list[Encoded]:
    taken: list[Encoded] = []

    def enough() -> bool:
        taken.extend(iter(reader.next, None))
        return len(taken) >= count

    until(enough)
    return taken


def decoded(pictures: list[Encoded]) -> list[np.ndarray]:
    body = io.BytesIO(b"".join(each.body for each in pictures))
    with av.open(body, format="h264") as read:
        return [frame.to_ndarray(format="rgb24") for frame in read.decode(video=0)]


def test_all_readers_get_the_same_pictures(encoding: SharedEncoding) -> None:
    first, second = PacketReader(encoding.join()), PacketReader(encoding.join())
    one, other = take(first, 8), take(second, 8)
    both = min(len(one), len(other))
    assert [each.body for each in one][:both] == [each.body for each in other][:both]
    shown = decoded(one)
    assert len(shown) >= 8 - 1  # FFmpeg holds back the last
    assert shown[-1].shape == (720, 1280, 3)
    assert np.abs(shown[-1][40:80, 40:80].mean((0, 1)) - COLOUR).max() < 25
    for _ in range(2):
        encoding.leave()


def test_nothing_is_encoded_for_nobody(encoding: SharedEncoding, show: Show) -> None:
    packets = encoding.join()
    take(PacketReader(packets), 2)
    encoding.leave()
    looks, count = show.looks, packets.count
    reader = PacketReader(encoding.join())
    assert (show.looks - looks, packets.count - count) <= (1, 1)
    assert take(reader, 1)[0].key
    encoding.leave()


def test_who_comes_gets_a_key_picture_at_once(encoding: SharedEncoding) -> None:
    take(PacketReader(encoding.join()), 3)
    reader = PacketReader(encoding.join())
    came = take(reader, 1)[0]
    assert came.key
    for _ in range(2):
        encoding.leave()


def test_a_picture_that_stands_is_sent_again(encoding: SharedEncoding, show: Show) -> None:
    reader = PacketReader(encoding.join())
    before = take(reader, 2)
    show.broken, looks = True, show.looks
    until(lambda: show.looks > looks + 1)
    came = [*before, *take(reader, 4)]  # more than what was on its way
    assert np.abs(decoded(came)[-1][40:80, 40:80].mean((0, 1)) - COLOUR).max() < 25
    encoding.leave()


def test_there_is_a_key_picture_by_the_clock() -> None:
    encoder, made = PictureEncoder(64, 36, 20), []
    picture = np.zeros((36, 64, 3), np.uint8)
    for k in range(12):  # few pictures, as of a busy machine
        made.append(encoder.encode(picture, 0.4 * k))
    keys = [each.at_s for each in made if each is not None and each.key]
    assert np.diff(keys).max() <= KEY_S + 0.4
    assert encoder.encode(picture, 4.4) is None  # it is not later
    asked = encoder.encode(picture, 4.5, key=True)
    assert asked is not None
    assert asked.key
