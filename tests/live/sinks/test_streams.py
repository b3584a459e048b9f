"""RTMP and SRT to receivers that are real: Debian's ffmpeg, listening on this machine."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from live.compose.frame import compose
from live.film.forms import RATE
from live.input.shared_ring import RING_HZ
from tests.live.compose.test_frame import view
from tests.live.sinks.conftest import COLOUR, LEVEL, TONE_HZ, Receive, Show
from tests.until import until

SOME = 60_000
"""Bytes of some seconds: most of it is sound, for the picture stands still."""

CORNER = (slice(40, 80), slice(40, 80))
"""A part of the picture where there is nothing but the scene."""


def check(path: Path) -> None:
    """See that picture and sound are the show's, and belong together."""
    with av.open(str(path)) as got:
        times, colour = [], None
        for frame in got.decode(video=0):
            times.append(frame.time or 0.0)
            colour = frame.to_ndarray(format="rgb24")[CORNER].mean((0, 1))
    assert colour is not None
    sent = compose(view(COLOUR))[CORNER].mean((0, 1))
    assert np.abs(colour - sent).max() < 5
    steps = np.diff(times) * RATE
    # A fixed rate, whatever the stage gives; a busy machine may leave out some, and none is early.
    assert np.abs(steps - np.round(steps)).max() < 0.1
    assert steps.min() > 0.5
    with av.open(str(path)) as got:
        blocks = [frame.to_ndarray().mean(0) for frame in got.decode(audio=0)]
        sound = np.concatenate(blocks[4:-4])
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    assert np.fft.rfftfreq(sound.size, 1 / RING_HZ)[spectrum.argmax()] == pytest.approx(
        TONE_HZ, abs=2.0
    )
    assert np.sqrt(np.mean(sound**2)) == pytest.approx(LEVEL / 2**0.5, rel=0.1)
    # The ends may differ by what was on its way.
    assert sound.size / RING_HZ == pytest.approx(times[-1] - times[0], abs=1.0)


def test_a_media_server_gets_picture_and_sound(
    show: Show, receive: Receive, port: int, tmp_path: Path
) -> None:
    address = f"rtmp://127.0.0.1:{port}/live/key"
    server = receive(address, "-listen", "1", into=tmp_path / "got.flv")
    sinks = show.send(address)  # it is tried again until the server has come up
    until(lambda: server.has(SOME))
    said = f"rtmp://127.0.0.1:{port}/live/..."
    until(lambda: sinks.sending == {said: True})
    assert f"{said} gets the picture" in show.said[-1]
    sinks.stop()
    server.wait()
    check(server.path)


def test_srt(show: Show, receive: Receive, port: int, tmp_path: Path) -> None:
    address = f"srt://127.0.0.1:{port}"
    listener = receive(f"{address}?mode=listener", into=tmp_path / "got.ts")
    sinks = show.send(address)
    until(lambda: listener.has(2 * SOME) and all(sinks.sending.values()))
    sinks.stop()
    listener.wait()
    check(listener.path)


def test_a_server_that_dies_is_one_message_and_gets_the_picture_again(
    show: Show, receive: Receive, port: int, tmp_path: Path
) -> None:
    address = f"rtmp://127.0.0.1:{port}/live/key"
    first = receive(address, "-listen", "1", into=tmp_path / "first.flv")
    sinks = show.send(address)
    until(lambda: first.has(1) and all(sinks.sending.values()))
    before = len(show.said)
    first.kill()
    until(lambda: not any(sinks.sending.values()))
    second = receive(address, "-listen", "1", into=tmp_path / "second.flv")
    until(lambda: second.has(SOME) and all(sinks.sending.values()))
    said = show.said[before:]
    assert len(said) == 2
    assert "gets no picture for now, and is tried again: " in said[0]
    assert said[1] == f"rtmp://127.0.0.1:{port}/live/... gets the picture again"
    sinks.stop()
    second.wait()
    check(second.path)


def test_where_it_goes_is_changed_while_it_runs(
    show: Show, receive: Receive, port: int, tmp_path: Path
) -> None:
    kept, other = f"rtmp://127.0.0.1:{port}/live/key", "rtmp://127.0.0.1:1/live/key"
    server = receive(kept, "-listen", "1", into=tmp_path / "got.flv")
    sinks = show.send(kept, other)
    until(lambda: server.has(1) and sinks.sending[f"rtmp://127.0.0.1:{port}/live/..."])
    sinks.send_to([kept])
    assert sinks.sending == {f"rtmp://127.0.0.1:{port}/live/...": True}  # it was not broken off
    sinks.send_to(())
    server.wait()
    assert sinks.sending == {}
    assert show.stage.newest is None  # nobody wants it any more
