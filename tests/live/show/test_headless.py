"""`soundglass live --headless` as a person runs it: a real process, real sound, real files."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from PIL import Image

from engine.synthesis.catalogue import synthesise
from tests.live.pulse_server import pulse  # noqa: F401
from tests.tiny_models import tone_of
from tests.until import STOPS_IN_S, until

RATE = 48_000
ROOT = Path(__file__).parents[3]


class Show:
    """A running `soundglass live --headless`."""

    def __init__(self, bundle, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "live.program", "live", "--headless"]
            + f"--bundle {bundle} --runtime onnxruntime".split()
            + [str(each) for each in arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self):
        """Wait for its end; return the exit code and what it said on standard error."""
        _, said = self.process.communicate()
        return self.process.returncode, said


@pytest.fixture
def show(small_bundle):
    shows = []

    def start(*arguments):
        shows.append(Show(small_bundle, *arguments))
        return shows[-1]

    yield start
    for each in shows:
        if each.process.poll() is None:
            each.process.kill()
        each.process.communicate()


def lines(path):
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def heard_s(path):
    return lines(path)[-1]["t"] if lines(path) else 0.0


def length(path):
    with av.open(str(path)) as container:
        pictures = [frame.time for frame in container.decode(video=0)]
    with av.open(str(path)) as container:
        sound = sum(frame.samples for frame in container.decode(audio=0))
    return pictures[-1], sound / RATE


def test_ctrl_c_stops_it_in_time_and_leaves_whole_files(show, tmp_path):
    running = show(
        *("--input", "demo", "--record", tmp_path / "a.mp4", "--frames", tmp_path / "frames"),
        *("--events", tmp_path / "e.jsonl"),
    )
    until(lambda: len(lines(tmp_path / "e.jsonl")) > 15)
    until(lambda: heard_s(tmp_path / "e.jsonl") > 3.0)
    began = time.monotonic()
    running.process.send_signal(signal.SIGINT)
    code, said = running.end()
    assert time.monotonic() - began < STOPS_IN_S
    assert code == 130
    assert said.count("\n") == 1
    assert "pictures" in said
    pictures_s, sound_s = length(tmp_path / "a.mp4")
    assert pictures_s > 1.0
    # A recorder that is kept from the processor lacks its last picture: by no more than that.
    assert abs(pictures_s - sound_s) < 1.5
    frames = list((tmp_path / "frames").iterdir())
    assert frames
    for frame in frames:
        assert frame.name.startswith("frame-")
        Image.open(frame).load()


def test_a_file_plays_to_its_end(show, tmp_path):
    soundfile.write(tmp_path / "bird.ogg", tone_of("birds", 5.0, 44_100), 44_100)
    running = show("--input", tmp_path / "bird.ogg", "--events", tmp_path / "e.jsonl")
    code, _ = running.end()
    assert code == 0
    heard = lines(tmp_path / "e.jsonl")
    assert heard[-1]["t"] == pytest.approx(5.0)
    assert heard[-1]["sources"][0]["labels"][0][0] == "birds"
    assert any(line["sound_to_picture_ms"] for line in heard)
    assert {"separate", "encode", "generate", "paint"} <= set(
        next(line for line in heard if line["sound_to_picture_ms"])["timings_ms"]
    )


def test_duration_ends_it(show, tmp_path):
    began = time.monotonic()
    code, _ = show("--input", "demo", "--duration", "2").end()
    assert code == 0
    assert time.monotonic() - began > 2.0


def test_events_on_standard_output(show):
    running = show("--json", "--input", "demo")
    said = [json.loads(running.process.stdout.readline()) for _ in range(4)]
    running.process.send_signal(signal.SIGINT)
    rest, _ = running.process.communicate()
    said += [json.loads(line) for line in rest.splitlines()]
    assert running.process.returncode == 130
    assert all(line["schema"] == 1 for line in said)


def test_a_killed_show_leaves_a_recording_that_plays(show, tmp_path):
    path, events = tmp_path / "a.mp4", tmp_path / "e.jsonl"
    running = show("--input", "demo", "--record", path, "--events", events)
    until(lambda: heard_s(events) > 5.0)
    running.process.kill()
    running.process.wait()
    # No more than the last fragments may be missing.
    pictures_s, sound_s = length(path)
    assert pictures_s > 2.0
    assert sound_s > 2.0


def test_a_microphone(show, pulse, tmp_path):  # noqa: F811
    """A tone that the tiny encoder knows, and a synthesised recording, through a sound server."""
    events = tmp_path / "e.jsonl"
    running = show("--input", "mic", "--events", events)

    def heard(label):
        return any(
            source["labels"][0][0] == label and source["labels"][0][1] > 0.5
            for line in lines(events)
            for source in line["sources"]
        )

    until(lambda: lines(events))
    pulse.play(np.concatenate([synthesise("rain", 2.0, RATE, 1), tone_of("frog", 600.0, RATE)]))
    until(lambda: heard("frog") and any(line["sound_to_picture_ms"] for line in lines(events)))
    running.process.send_signal(signal.SIGINT)
    code, said = running.end()
    assert code == 130
    assert re.search(r" \d+ samples lost", said)
    delays = [line["sound_to_picture_ms"] for line in lines(events)]
    assert all(delay > 0 for delay in delays if delay is not None)


def test_the_sound_server_dies_and_comes_back_in_mid_show(show, pulse, tmp_path):  # noqa: F811
    events = tmp_path / "e.jsonl"
    running = show("--input", "pulse", "--events", events, "--record", tmp_path / "a.mp4")
    until(lambda: len(lines(events)) > 5)
    pulse.kill()
    silent_from = len(lines(events))
    # The show goes on without a microphone: hearings, of silence.
    until(lambda: len(lines(events)) > silent_from + 15)
    pulse.start()
    pulse.play(tone_of("owl", 600.0, RATE))
    until(
        lambda: any(
            source["labels"][0][0] == "owl"
            for line in lines(events)[-5:]
            for source in line["sources"]
        )
    )
    heard = lines(events)
    passed = heard[-1]["t"] - heard[0]["t"]
    assert passed > 3.0
    # Time in sound is time on the clock, through it all.
    assert len(heard) + heard[-1]["dropped"] >= passed / 0.2 - 2
    running.process.send_signal(signal.SIGINT)
    code, said = running.end()
    assert code == 130
    *_, waiting, back, summary = said.splitlines()
    assert "waiting for microphone 'pulse'" in waiting
    assert "microphone 'pulse' is open again" in back
    assert "pictures" in summary
    assert said.count("\n") == 3
    length(tmp_path / "a.mp4")


def test_no_sound_system_is_one_line(show, tmp_path, monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nowhere")
    code, said = show("--input", "mic", "--no-wait").end()
    assert code == 2
    assert said.count("\n") == 1
    assert "microphone" in said


def test_an_unknown_device_is_one_line(show, pulse):  # noqa: F811
    code, said = show("--input", "theremin", "--no-wait").end()
    assert code == 2
    assert said.count("\n") == 1
    assert "'theremin'" in said


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_sample_is_lost_in_ten_minutes(pulse):  # noqa: F811
    """A steady tone through the microphone path: every sample follows from those before."""
    from live.input.microphone_feed import MicrophoneFeed
    from live.input.shared_ring import SharedRing
    from tests.live.input.test_microphone_feed import breaks_in_phase, tone

    seconds = float(os.environ.get("SOUNDGLASS_CAPTURE_S", "600"))
    shared = SharedRing.create()
    feed = MicrophoneFeed(shared, "pulse")
    pulse.play(tone(seconds + 30, 1000.0), cushion_s=4.0)
    feed.start()
    try:
        feed.wait_for_first()
        time.sleep(8.0)
        begun, began_s = shared.ring.state(), time.monotonic()
        at, breaks = begun.written, []
        while time.monotonic() - began_s < seconds:
            time.sleep(1.0)
            state = shared.ring.state()
            heard = shared.ring.read(at - 2, state.written)
            broken = breaks_in_phase(heard, 1000.0)
            if broken:
                breaks.append((at / RATE, broken, int((heard == 0).sum()), state.lost))
            at = state.written
        state, passed_s = shared.ring.state(), time.monotonic() - began_s
    finally:
        feed.stop()
        shared.close()
    assert (breaks, state.lost - begun.lost) == ([], 0), (
        f"(second, breaks, zeros, lost so far): {breaks}, overflows: {shared.overflows}"
    )
    assert np.abs(heard).max() > 0.2
    assert abs((state.written - begun.written) / RATE - passed_s) < 0.15
