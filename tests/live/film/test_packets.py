"""Encoded pictures through shared memory: whole, in order, and never in anybody's way."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from live.film.encoder import Encoded
from live.film.packets import CAPACITY, PacketReader, SharedPackets


@pytest.fixture
def packets() -> Iterator[SharedPackets]:
    made = SharedPackets.create()
    yield made
    made.close()


def encoded(number: int, size: int = 1000, key: bool = False) -> Encoded:
    """Something that looks like one, of which every byte says which."""
    return Encoded(bytes([number % 251]) * size, float(number), key)


def read_all(reader: PacketReader) -> list[Encoded]:
    return list(iter(reader.next, None))


def test_a_reader_begins_with_a_key_picture(packets: SharedPackets) -> None:
    packets.put(encoded(1, key=True))
    reader = PacketReader(packets)
    assert reader.next() is None  # that one is old
    for number in range(2, 8):
        packets.put(encoded(number, key=number == 4))
    assert [each.at_s for each in read_all(reader)] == [4.0, 5.0, 6.0, 7.0]
    assert reader.left_out == 0
    assert reader.behind == 0


def test_another_process_would_read_the_same(packets: SharedPackets) -> None:
    other = SharedPackets(packets.fd)
    reader = PacketReader(other)
    made = [encoded(number, 70_000, number % 20 == 0) for number in range(400)]
    read: list[Encoded] = []
    for picture in made:  # many times around
        packets.put(picture)
        read += read_all(reader)
    assert read == made
    assert packets.written > 4 * CAPACITY


def test_a_slow_reader_goes_on_with_the_newest_key_picture(packets: SharedPackets) -> None:
    reader = PacketReader(packets)
    packets.put(encoded(0, key=True))
    assert reader.next() == encoded(0, key=True)
    for number in range(1, 130):
        packets.put(encoded(number, 100_000, number % 20 == 0))
    assert reader.behind == 129
    read = read_all(reader)
    assert [each.at_s for each in read] == [*map(float, range(120, 130))]
    assert reader.left_out == 119


def test_skipping_waits_for_a_key_picture_that_is_new(packets: SharedPackets) -> None:
    reader = PacketReader(packets)
    packets.put(encoded(0, key=True))
    packets.put(encoded(1))
    assert len(read_all(reader)) == 2
    packets.put(encoded(2))
    reader.skip()
    packets.put(encoded(3))
    assert reader.next() is None
    packets.put(encoded(4, key=True))
    assert reader.next() == encoded(4, key=True)
    assert reader.left_out == 2


def test_what_is_read_while_it_is_written_is_whole(packets: SharedPackets) -> None:
    over = threading.Event()

    def write() -> None:
        sizes = np.random.default_rng(1).integers(1, 300_000, 2000)
        for number, size in enumerate(sizes):
            packets.put(encoded(number, int(size), number % 5 == 0))
        over.set()

    reader, read = PacketReader(packets), 0
    thread = threading.Thread(target=write)
    thread.start()
    last = -1.0
    while not over.is_set():
        for picture in read_all(reader):
            assert set(picture.body) == {round(picture.at_s) % 251}
            assert picture.at_s > last
            last, read = picture.at_s, read + 1
    thread.join()
    assert read > 0
