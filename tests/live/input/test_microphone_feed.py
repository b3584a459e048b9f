"""The real microphone path: PulseAudio, PortAudio, the capture process, the ring."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from live.errors import UserError
from live.input.capture import BlockWriter, align_to_ring
from live.input.microphone import Microphone, choose
from live.input.microphone_feed import MicrophoneFeed, list_microphone_names
from live.input.shared_ring import RING_HZ, SharedRing
from live.input.silence import BEHIND_S, fill_with_silence
from tests.live.pulse_server import pulse  # noqa: F401
from tests.until import STOPS_IN_S, until


@pytest.fixture
def shared():
    shared = SharedRing.create()
    yield shared
    shared.close()


@pytest.fixture
def feed(pulse, shared):  # noqa: F811
    feed = MicrophoneFeed(shared, "pulse")
    feed.start()
    try:
        feed.wait_for_first()
        yield feed
    finally:
        feed.stop()


def tone(seconds, hz=997.0):
    return (0.25 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RING_HZ)) / RING_HZ)).astype(
        np.float32
    )


def newest(shared, seconds):
    end = shared.ring.written
    return shared.ring.read(max(0, end - round(seconds * RING_HZ)), end)


def test_a_tone_is_heard_whole(pulse, feed, shared):  # noqa: F811
    pulse.play(tone(600.0), cushion_s=2.0)
    until(lambda: np.abs(newest(shared, 0.1)).max(initial=0.0) > 0.2)
    # The player or the server may be kept from the processor: then the next three seconds count.
    for _ in range(20):
        begun, state = passing(shared.ring, 3.0)
        broken = breaks_in_phase(shared.ring.read(begun.written, state.written), 997.0)
        if not broken and state.lost == begun.lost:
            break
    assert (broken, state.lost - begun.lost) == (0, 0)
    assert drift_s(begun, state) < 0.1
    until(lambda: is_of_now(shared.ring))


def passing(ring, seconds):
    """The ring's state before and after so much sound has come."""
    begun = ring.state()
    until(lambda: ring.written >= begun.written + seconds * RING_HZ)
    return begun, ring.state()


def drift_s(begun, state):
    """How far the ring's clock, its samples, is off the computer's between two states."""
    passed_s = state.captured_at_s - begun.captured_at_s
    return abs((state.written - begun.written) / RING_HZ - passed_s)


def is_of_now(ring):
    return abs(time.monotonic() - ring.state().captured_at_s) < 0.3


def breaks_in_phase(samples, hz):
    """How many samples do not follow from those before, as a steady tone's must."""
    turn = 2 * np.cos(2 * np.pi * hz / RING_HZ)
    foreseen = turn * samples[1:-1] - samples[:-2]
    return int((np.abs(samples[2:] - foreseen) > 0.01).sum())


def test_breaks_in_phase_sees_one_lost_sample():
    whole = tone(1.0)
    assert breaks_in_phase(whole, 997.0) == 0
    assert breaks_in_phase(np.delete(whole, 24_000), 997.0) > 0


def test_unplugged_and_plugged_in_again(pulse, feed, shared):  # noqa: F811
    ring = shared.ring
    until(lambda: ring.written > RING_HZ // 2)
    pulse.kill()
    until(lambda: feed.message is not None)
    assert "waiting for microphone" in feed.message
    # The clock goes on in silence.
    begun, state = passing(ring, 1.5)
    assert drift_s(begun, state) < 0.01
    until(lambda: is_of_now(ring))
    assert ring.lost > RING_HZ
    pulse.start()
    until(lambda: feed.message is None)
    pulse.play(tone(600.0))
    until(lambda: np.abs(newest(shared, 0.1)).max(initial=0.0) > 0.2)
    for _ in range(20):  # a second in which nobody was kept from the processor
        begun, state = passing(ring, 1.0)
        if state.lost == begun.lost:
            break
    assert state.lost == begun.lost
    until(lambda: is_of_now(ring))


def test_a_killed_capture_process_is_replaced_and_the_clock_stays_true(feed, shared):
    ring = shared.ring
    until(lambda: ring.written > RING_HZ // 2)
    first = ring.state()
    pid = feed.capture_pid
    os.kill(pid, signal.SIGKILL)
    until(lambda: feed.capture_pid not in (None, pid) and feed.message is None)
    until(lambda: drift_s(first, passing(ring, 0.3)[1]) < 0.1)
    assert ring.lost > 0


def test_a_hung_capture_process_is_replaced(feed, shared):
    until(lambda: shared.ring.written > RING_HZ // 2)
    pid = feed.capture_pid
    os.kill(pid, signal.SIGSTOP)
    until(lambda: feed.capture_pid not in (None, pid) and feed.message is None)


def test_stopping_leaves_no_process(feed):
    pid = feed.capture_pid
    began = time.monotonic()
    feed.stop()
    assert time.monotonic() - began < STOPS_IN_S
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_capture_process_ends_when_its_show_is_killed(pulse):  # noqa: F811
    show = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\n"
            "from live.input.microphone_feed import MicrophoneFeed\n"
            "from live.input.shared_ring import SharedRing\n"
            "feed = MicrophoneFeed(SharedRing.create(), 'pulse')\n"
            "feed.start(); feed.wait_for_first(); print(feed.capture_pid, flush=True)\n"
            "time.sleep(3600)\n",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert show.stdout is not None
    pid = int(show.stdout.readline())
    show.kill()
    _, warnings = show.communicate()
    assert warnings == ""

    def gone():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] == "Z"

    until(gone)


def test_no_such_microphone_names_those_there_are(pulse, shared):  # noqa: F811
    feed = MicrophoneFeed(shared, "harpsichord")
    feed.start()
    try:
        with pytest.raises(UserError, match=r"harpsichord.*'pulse'"):
            feed.wait_for_first(60.0)
    finally:
        feed.stop()


def test_the_list_of_microphones(pulse):  # noqa: F811
    assert "pulse" in list_microphone_names()


MICROPHONES = tuple(
    Microphone(index, name, "ALSA", 2, 48_000, is_default=name == "default")
    for index, name in enumerate(("USB Mic: Audio (hw:1,0)", "pulse", "default", "USB Cam"))
)


def test_choosing():
    assert choose(MICROPHONES, "mic").name == "default"
    assert choose(MICROPHONES, "1").name == "pulse"
    assert choose(MICROPHONES, "usb cam").name == "USB Cam"
    assert choose(MICROPHONES, "mic", after="USB Cam").index == 0
    assert choose(MICROPHONES, "mic", after="pulse").name == "default"
    with pytest.raises(UserError, match="several"):
        choose(MICROPHONES, "usb")
    with pytest.raises(UserError, match="no microphone or file is called"):
        choose(MICROPHONES, "theremin")
    with pytest.raises(UserError, match="no microphone found"):
        choose((), "mic")


def test_a_device_is_known_again_at_another_place():
    assert choose(MICROPHONES, "USB Mic: Audio (hw:3,0)").index == 0
    assert choose(MICROPHONES[1:] + MICROPHONES[:1], "USB Mic: Audio (hw:3,0)").index == 0
    with pytest.raises(UserError, match="no microphone or file is called"):
        choose(MICROPHONES, "USB Microphone (hw:1,0)")


def test_a_number_decides_between_devices_of_one_name():
    twins = tuple(replace(MICROPHONES[3], index=index) for index in (4, 7))
    assert choose(twins, "USB Cam", index=7).index == 7
    assert choose(twins, "USB Cam", index=5).index == 4
    with pytest.raises(UserError, match="several"):
        choose(twins, "USB Cam")


def test_silence_fills_and_sound_joins_on_without_overlap(shared):
    ring = shared.ring
    fill_with_silence(ring, lost=False)
    time.sleep(0.3)
    before_s = time.monotonic()
    fill_with_silence(ring, lost=True)
    after_s = time.monotonic()
    state = ring.state()
    assert state.lost > 0.2 * RING_HZ
    assert before_s - 1 / RING_HZ <= state.captured_at_s + BEHIND_S <= after_s
    block = np.arange(480, dtype=np.float32) / 480
    # The block begins 5 ms before the silence ends: its first half stands there already.
    late, lost = align_to_ring(ring, block, state.captured_at_s + 0.005)
    assert lost == 0
    assert abs(late.size - 240) <= 1
    assert late[-1] == block[-1]
    # The block begins 20 ms after it.
    whole, lost = align_to_ring(ring, block, state.captured_at_s + 0.03)
    assert whole.size == 480
    assert abs(lost - 960) <= 1


def test_sound_in_lumps_does_not_run_before_the_clock(shared):
    shared.set_writer(1)
    writer = BlockWriter(shared, 1)
    block = np.ones(480, np.float32)
    began = time.monotonic()
    for _ in range(200):
        writer.write_block(block, time.monotonic(), False)
    assert shared.ring.written < (0.35 + time.monotonic() - began) * RING_HZ


def test_what_came_before_the_turn_joins_on_to_the_silence(shared):
    ring, writer = shared.ring, BlockWriter(shared, 1)
    ring.write(np.zeros(480, np.float32), 100.0)
    for number in range(1, 6):
        writer.write_block(np.full(480, number, np.float32), 100.0 + 0.01 * number, False)
    shared.set_writer(1)
    writer.write_block(np.full(480, 6, np.float32), 100.06, False)
    assert ring.lost == 0
    heard = ring.read(480, ring.written)
    assert (heard == np.repeat(np.arange(1, 7, dtype=np.float32), 480)).all()


def test_nothing_is_written_out_of_turn(shared):
    writer = BlockWriter(shared, 1)
    writer.write_block(np.ones(480, np.float32), time.monotonic(), False)
    assert shared.ring.written == 0
    assert shared.ready_writer == 1
