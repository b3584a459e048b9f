"""`soundglass live --headless` that nobody attends: it starts before its microphone is there."""

import re
import signal

from tests.live.pulse_server import pulse  # noqa: F401
from tests.live.show.test_headless import RATE, length, lines, show, until  # noqa: F401
from tests.tiny_models import tone_of

LONG_S = 120.0


def hears(events, label):
    return any(
        source["labels"][0][0] == label for line in lines(events)[-5:] for source in line["sources"]
    )


def test_it_starts_without_a_sound_server_and_hears_when_there_is_one(show, pulse, tmp_path):  # noqa: F811
    pulse.kill()
    events = tmp_path / "e.jsonl"
    running = show("--input", "mic", "--events", events, "--frames", tmp_path / "frames")
    # It hears and paints silence.
    until(lambda: len(lines(events)) > 5, LONG_S)
    until(lambda: any((tmp_path / "frames").glob("frame-*.png")), LONG_S)
    pulse.start()
    pulse.play(tone_of("owl", LONG_S, RATE))
    until(lambda: hears(events, "owl"), LONG_S)
    running.process.send_signal(signal.SIGINT)
    code, said = running.end()
    assert code == 128 + signal.SIGINT
    waiting, back, summary = said.splitlines()
    assert waiting.startswith("soundglass: waiting for microphone 'mic' (the default one): ")
    assert back.startswith("soundglass: microphone ")
    assert back.endswith(" is open: listening.")
    # a busy machine may cost some; the wait, a second at the least, is no loss
    lost = re.search(r", (\d+) samples lost", summary)
    assert lost is not None
    assert int(lost[1]) < RATE // 2


def test_asked_to_end_while_it_waits_it_ends_in_order(show, pulse, tmp_path):  # noqa: F811
    events = tmp_path / "e.jsonl"
    running = show("--input", "theremin", "--events", events, "--record", tmp_path / "a.mp4")
    until(lambda: len(lines(events)) > 15, LONG_S)
    running.process.send_signal(signal.SIGTERM)
    code, said = running.end()
    assert code == 128 + signal.SIGTERM
    waiting, summary = said.splitlines()
    assert "waiting for microphone 'theremin'" in waiting
    assert "pictures" in summary
    pictures_s, sound_s = length(tmp_path / "a.mp4")
    assert pictures_s > 1.0
    assert abs(pictures_s - sound_s) < 0.5
