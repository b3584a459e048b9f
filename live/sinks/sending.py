"""What a sink's process does until it is told to end: pictures or a stream, to the other side."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.sound.ring import SampleRing
from live.film.forms import RATE
from live.film.packets import PacketReader, SharedPackets
from live.film.shared_frames import SharedFrames
from live.sinks.address import Address
from live.sinks.clock import StreamClock, ticks
from live.sinks.output import open_output, open_stream

REPORT_S = 1.0
WAIT_S = 0.05
LOOK_S = 0.5 / RATE
MOST_BEHIND = 2 * RATE
"""Pictures of an encoding; a network that is slower goes on with the newest key picture."""

Report = Callable[..., None]
"""Says how it goes, in named values that are ready for JSON."""


def send_pictures(
    address: Address, frames: SharedFrames, ring: SampleRing, over: threading.Event, report: Report
) -> None:
    """Send the newest picture at a fixed rate, and the sound.

    Raises:
        UserError: the other side takes no more.
    """
    frame = frames.newest()
    while not ring.written or frame is None:
        if over.wait(WAIT_S):
            return
        frame = frames.newest()
    report(opens=True)
    output = open_output(address, frames.width, frames.height, RATE)
    clock, reported_s = StreamClock(ring), time.monotonic()
    for sent, number in enumerate(ticks(clock, RATE, over), 1):
        frame = frames.newest(frame.number) or frame
        output.add_picture(frame.picture, number)
        output.add_sound(clock.new_sound())
        if time.monotonic() - reported_s >= REPORT_S and output.taken:
            reported_s = time.monotonic()
            report(sent=sent)
    output.close()  # not after an error: it might wait for the other side


def send_stream(
    address: Address,
    packets: SharedPackets,
    ring: SampleRing,
    over: threading.Event,
    report: Report,
) -> None:
    """Send what has been encoded, from a key picture on, and the sound; raises as above."""
    reader = PacketReader(packets)
    key = reader.next()
    while not ring.written or key is None:
        if over.wait(WAIT_S):
            return
        key = key or reader.next()
    report(opens=True)
    stream = open_stream(address, key, RATE)
    clock, reported_s, sent = StreamClock(ring), time.monotonic(), 0
    while not over.wait(LOOK_S):
        if reader.behind > MOST_BEHIND:
            reader.skip()
        while (picture := reader.next()) is not None:
            at_s = clock.at_s(picture.at_s)
            if not sent and (at_s < 0.0 or not picture.key):
                continue  # from before there was a stream
            stream.add_picture(picture, at_s)
            stream.add_sound(clock.new_sound())
            sent += 1
        if time.monotonic() - reported_s >= REPORT_S and stream.taken:
            reported_s = time.monotonic()
            report(sent=sent)
    stream.close()  # not after an error: it might wait for the other side
