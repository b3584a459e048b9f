"""The newest picture in shared memory: whole for every reader, whatever the writer does."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from live.film.shared_frames import SharedFrames
from tests.until import until

_READER = """
import sys
from live.film.shared_frames import SharedFrames
frames, torn, seen = SharedFrames(int(sys.argv[1]), 320, 180), 0, 0
print("ready", flush=True)
while seen < 400:
    frame = frames.newest(seen)
    if frame is None:
        continue
    seen = frame.number
    torn += int(frame.picture.min() != frame.picture.max() or frame.picture[0, 0, 0] != seen % 251)
print(torn)
"""


def test_nothing_is_there_before_the_first() -> None:
    frames = SharedFrames.create(64, 36)
    assert frames.newest() is None
    frames.put(np.full((36, 64, 3), 7, np.uint8), 12.5)
    found = frames.newest()
    assert found is not None
    assert (found.number, found.at_s, int(found.picture.mean())) == (1, 12.5, 7)
    assert frames.newest(1) is None
    frames.put(np.full((36, 64, 3), 8, np.uint8), 13.0)
    assert int(found.picture.max()) == 7  # a copy of its own
    frames.close()
    frames.close()


def test_a_reader_in_another_process_never_sees_half_a_picture() -> None:
    frames = SharedFrames.create(320, 180)
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(frames.fd)],
        pass_fds=[frames.fd],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    number = 0

    def write() -> bool:
        nonlocal number
        for _ in range(50):  # as fast as it goes: far faster than any show
            number += 1
            frames.put(np.full((180, 320, 3), number % 251, np.uint8), 0.0)
        return reader.poll() is not None

    until(write)
    assert reader.stdout.read() == "0\n"
    reader.stdout.close()
    frames.close()
