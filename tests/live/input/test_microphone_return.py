"""A microphone that is not there yet, goes and comes back, or gives only digital silence."""

import time

import numpy as np
import pytest

from live.errors import UserError
from live.input.microphone_feed import MicrophoneFeed
from live.input.shared_ring import RING_HZ
from live.messages import Messages
from tests.live.input.test_microphone_feed import newest, shared, tone, until  # noqa: F401
from tests.live.pulse_server import pulse  # noqa: F401

LONG_S = 60.0
"""Far more than any of it takes, also on a busy machine."""


@pytest.fixture
def messages():
    return Messages()


@pytest.fixture
def start(shared, messages):  # noqa: F811
    """Start a feed of the microphone "pulse" that waits for it."""
    feeds = []

    def started(wanted="pulse", waits=True):
        feeds.append(MicrophoneFeed(shared, wanted, waits=waits, messages=messages))
        feeds[-1].start()
        feeds[-1].wait_for_first(LONG_S)
        return feeds[-1]

    yield started
    for feed in feeds:
        feed.stop()


@pytest.fixture
def hasty(monkeypatch):
    """Digital silence becomes a fault sooner, so that it need not be waited for."""
    monkeypatch.setattr("live.input.microphone_feed.ZEROS_S", (1.5, 2.0))


def told(messages):
    return messages.lines_since(0)[1]


def sounds(shared):  # noqa: F811
    return np.abs(newest(shared, 0.1)).max(initial=0.0) > 0.2


def test_a_sound_server_that_comes_after_the_show(pulse, start, shared, messages):  # noqa: F811
    pulse.kill()
    feed = start()
    assert feed.message == told(messages)[0]
    assert feed.message.startswith("waiting for microphone 'pulse': no microphone found")
    # The clock goes on in silence, none of which is lost sound.
    before = shared.ring.written
    until(lambda: shared.ring.written > before + RING_HZ, LONG_S)
    assert shared.ring.lost == 0
    pulse.start()
    until(lambda: feed.message is None, LONG_S)
    pulse.play(tone(LONG_S))
    until(lambda: sounds(shared), LONG_S)
    assert told(messages)[1:] == ["microphone 'pulse' is open: listening."]


def test_the_default_microphone_is_waited_for_by_that_word(pulse, start):  # noqa: F811
    pulse.kill()
    assert start("mic").message.startswith("waiting for microphone 'mic' (the default one): ")


def test_the_source_that_was_asked_for_comes_after_the_show(
    pulse,  # noqa: F811
    start,
    shared,  # noqa: F811
    messages,
    monkeypatch,
):
    monkeypatch.setenv("PULSE_SOURCE", "desk.monitor")
    feed = start()
    assert feed.message.startswith("waiting for microphone 'pulse'")
    pulse.plug("desk")
    until(lambda: feed.message is None, LONG_S)
    pulse.play(tone(LONG_S), sink="desk")
    until(lambda: sounds(shared), LONG_S)
    assert len(told(messages)) == 2


def test_a_name_that_is_not_there_is_waited_for_with_the_names_that_are(pulse, start):  # noqa: F811
    line = start("theremin").message
    assert line.startswith("waiting for microphone 'theremin': ")
    assert "'pulse'" in line


def test_what_waiting_does_not_mend_is_an_error(pulse, start):  # noqa: F811
    with pytest.raises(UserError, match=r"several microphones fit 'u'"):
        start("u")


def test_a_stream_that_was_left_on_another_source_finds_its_own(
    pulse,  # noqa: F811
    start,
    shared,  # noqa: F811
    messages,
    monkeypatch,
):
    """The server moves it to the one that is left, and does not move it back."""
    pulse.plug("desk")
    monkeypatch.setenv("PULSE_SOURCE", "desk.monitor")
    feed = start()
    pulse.play(0.1 * tone(LONG_S), sink="glass")
    until(lambda: shared.ring.written > RING_HZ, LONG_S)
    pulse.unplug("desk")
    # The other one sounds, so that silence tells nothing.
    until(lambda: "waiting for microphone 'pulse'" in (feed.message or ""), LONG_S)
    pulse.plug("desk")
    until(lambda: feed.message is None, LONG_S)
    pulse.play(tone(LONG_S), sink="desk")
    until(lambda: sounds(shared), LONG_S)
    assert len(told(messages)) == 2


def test_unplugged_and_plugged_in_between_two_looks(
    pulse,  # noqa: F811
    start,
    shared,  # noqa: F811
    messages,
    monkeypatch,
):
    pulse.plug("desk")
    monkeypatch.setenv("PULSE_SOURCE", "desk.monitor")
    feed = start()
    until(lambda: shared.ring.written > RING_HZ, LONG_S)
    pulse.unplug("desk")
    pulse.plug("desk")
    until(lambda: told(messages), LONG_S)
    pulse.play(tone(LONG_S), sink="desk")
    until(lambda: feed.message is None and sounds(shared), LONG_S)


def test_a_muted_microphone_is_one_line_and_loses_nothing(pulse, start, shared, messages, hasty):  # noqa: F811
    feed, pids = start(), set()

    def opened_so_often(times):
        pids.add(feed.capture_pid)
        return len(pids) > times

    until(lambda: opened_so_often(1), LONG_S)
    began = shared.ring.state()
    until(lambda: opened_so_often(4), 2 * LONG_S)
    state = shared.ring.state()
    passed_s = state.captured_at_s - began.captured_at_s
    assert abs((state.written - began.written) / RING_HZ - passed_s) < 0.1
    assert (state.lost - began.lost) / RING_HZ < 0.1
    assert [line.split(":")[0] for line in told(messages)] == [
        "only digital silence comes from microphone 'pulse'"
    ]
    assert feed.message == told(messages)[0]
    pulse.play(tone(LONG_S))
    until(lambda: feed.message is None, LONG_S)
    assert told(messages)[1:] == ["sound comes from microphone 'pulse' again."]
    pid = feed.capture_pid
    time.sleep(5.0)
    assert feed.capture_pid == pid
    assert len(told(messages)) == 2


def test_digital_silence_that_cannot_be_opened_again_is_waited_for(
    pulse,  # noqa: F811
    start,
    shared,  # noqa: F811
    messages,
    monkeypatch,
    hasty,
):
    feed = start()
    monkeypatch.setenv("PULSE_SOURCE", "desk.monitor")
    until(lambda: "waiting for microphone 'pulse': " in (feed.message or ""), LONG_S)
    pulse.plug("desk")
    until(lambda: len(told(messages)) > 2, LONG_S)
    pulse.play(tone(LONG_S), sink="desk")
    until(lambda: feed.message is None and sounds(shared), LONG_S)
    zeros, waiting, back = told(messages)[:3]
    assert zeros.startswith("only digital silence comes from microphone 'pulse'")
    assert waiting.startswith("waiting for microphone 'pulse'")
    assert back == "microphone 'pulse' is open again: listening."


def test_a_server_that_dies_again_and_again_is_two_lines_each_time(
    pulse,  # noqa: F811
    start,
    messages,
):
    feed = start()
    for _ in range(2):
        pulse.kill()
        until(lambda: feed.message is not None, LONG_S)
        pulse.start()
        until(lambda: feed.message is None, LONG_S)
    lines = told(messages)
    assert [line.split(" ")[0] for line in lines] == ["waiting", "microphone"] * 2


def test_a_dead_microphone_gives_way_to_the_next_one_and_says_so(
    pulse,  # noqa: F811
    start,
    shared,  # noqa: F811
    messages,
    hasty,
    monkeypatch,
):
    monkeypatch.setattr("live.input.microphone_feed.DEAD_S", (2.0, 3.0))
    feed = start()
    until(lambda: feed.name != "pulse", LONG_S)
    assert "'pulse' has given only digital silence" in (feed.unheard or "")
    until(lambda: any("trying microphone" in line for line in told(messages)), LONG_S)
    pulse.play(tone(LONG_S))
    until(lambda: feed.unheard is None and sounds(shared), LONG_S)
    assert feed.message is None


def test_somebody_at_the_keys_keeps_the_microphone_that_is_muted(pulse, start, hasty, monkeypatch):  # noqa: F811
    monkeypatch.setattr("live.input.microphone_feed.DEAD_S", (2.0, 0.5))
    feed = start(waits=False)
    until(lambda: feed.unheard, LONG_S)
    opened = feed.capture_pid
    until(lambda: feed.capture_pid != opened, LONG_S)  # it is opened again all the same
    assert feed.name == "pulse"
    pulse.play(tone(LONG_S))
    until(lambda: feed.unheard is None, LONG_S)


def test_a_constant_is_no_sound():
    from live.input.capture import BlockWriter
    from live.input.shared_ring import SharedRing

    ring = SharedRing.create(RING_HZ)
    ring.set_writer(1)
    writer = BlockWriter(ring, 1)
    stuck = np.full(480, 0.25, np.float32)
    writer.write_block(stuck, time.monotonic(), False)
    first_s = ring.last_sound_at_s  # the step to it could be heard
    writer.write_block(stuck + 1e-7, time.monotonic(), False)
    assert ring.last_sound_at_s == first_s
    writer.write_block(stuck + np.linspace(0, 1e-4, 480, dtype=np.float32), time.monotonic(), False)
    assert ring.last_sound_at_s > first_s
    ring.close()
