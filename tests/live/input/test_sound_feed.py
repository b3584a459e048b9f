import time

import numpy as np
import pytest
import soundfile

from live.input.feeds import looks_like_a_file, make_feed
from live.input.microphone_feed import MicrophoneFeed
from live.input.shared_ring import RING_HZ, SharedRing
from live.input.sound_feed import SoundFeed, resample_to_ring
from live.sounds.file import open_sound
from tests.until import until


@pytest.fixture
def shared():
    shared = SharedRing.create()
    yield shared
    shared.close()


def chirp(seconds, rate):
    t = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * (200 + 150 * t) * t)).astype(np.float32)


@pytest.mark.parametrize(
    ("rate", "channels", "name"),
    [
        (48_000, 1, "a.wav"),
        (44_100, 2, "b.flac"),
        (22_050, 1, "c.ogg"),
        (16_000, 6, "d.wav"),
        (44_100, 2, "e.mp3"),
    ],
)
def test_any_rate_and_channel_count(tmp_path, rate, channels, name):
    sound = np.repeat(chirp(2.0, rate)[:, None], channels, axis=1)
    soundfile.write(tmp_path / name, sound, rate)
    heard = np.concatenate(list(resample_to_ring(open_sound(tmp_path / name))))
    wanted = chirp(2.0, RING_HZ)
    assert abs(heard.size - wanted.size) < (3000 if name.endswith("mp3") else 3)
    if not name.endswith("mp3"):
        n = min(heard.size, wanted.size)
        assert np.abs(heard[:n] - wanted[:n])[2000:-2000].max() < 0.06


def test_a_file_plays_once_in_real_time_and_silence_follows(tmp_path, shared):
    sound = chirp(1.0, RING_HZ)
    soundfile.write(tmp_path / "a.wav", sound, RING_HZ, subtype="FLOAT")
    feed = make_feed(shared, str(tmp_path / "a.wav"), 0.5)
    began = time.monotonic()
    feed.start()
    until(lambda: shared.ring.written > 0)
    begun = time.monotonic()
    until(lambda: feed.ended)
    took = time.monotonic() - began
    until(lambda: shared.ring.written > sound.size + RING_HZ // 4)
    state = shared.ring.state()
    feed.stop()
    assert took > 0.9
    assert feed.end_sample == sound.size
    assert np.array_equal(shared.ring.read(0, sound.size), sound)
    assert not shared.ring.read(sound.size, state.written).any()
    assert state.lost == 0
    assert "at its end" in feed.message
    # The last sample is as old as the clock says.
    assert began <= state.captured_at_s - state.written / RING_HZ <= begun
    assert state.captured_at_s <= time.monotonic()


def test_the_sound_joins_on_when_another_was_there(tmp_path, shared):
    soundfile.write(tmp_path / "a.wav", chirp(5.0, RING_HZ), RING_HZ)
    first = make_feed(shared, str(tmp_path / "a.wav"), 0.5)
    first.start()
    until(lambda: shared.ring.written > RING_HZ // 5)
    first.stop()
    before = shared.ring.state()
    time.sleep(0.2)
    second = make_feed(shared, str(tmp_path / "a.wav"), 0.5)
    second.start()
    until(lambda: shared.ring.written > before.written + RING_HZ // 2)
    second.stop()
    after = shared.ring.state()
    passed = after.captured_at_s - before.captured_at_s
    assert abs((after.written - before.written) / RING_HZ - passed) < 1e-3


def test_what_cannot_be_read_becomes_a_message_and_the_sound_goes_on(tmp_path, shared):
    sound = chirp(2.0, RING_HZ)
    sound[RING_HZ + 100] = np.nan
    soundfile.write(tmp_path / "a.wav", sound, RING_HZ, subtype="FLOAT")
    feed = make_feed(shared, str(tmp_path / "a.wav"), 0.5)
    feed.start()
    until(lambda: feed.ended)
    feed.stop()
    assert "1 samples are not numbers" in feed.message
    assert feed.message == feed.fault
    sound[RING_HZ + 100] = 0
    assert np.array_equal(shared.ring.read(0, sound.size), sound)


def test_what_is_meant_as_a_file(tmp_path):
    assert looks_like_a_file("rain.flac")
    assert looks_like_a_file("sounds/rain")
    assert not looks_like_a_file("USB Mic: Audio (hw:1,0)")
    assert not looks_like_a_file("3")
    assert not looks_like_a_file("pulse")
    assert looks_like_a_file("-")


def test_a_word_is_a_word_and_a_path_with_a_slash_a_path(tmp_path, monkeypatch, shared):
    monkeypatch.chdir(tmp_path)
    for name in ("demo", "mic", "2"):
        soundfile.write(tmp_path / name, chirp(2.0, 8000), 8000, format="WAV")
    for name in ("demo", "mic", "2"):
        for path in (f"./{name}", str(tmp_path / name), f"../{tmp_path.name}/{name}"):
            assert open_sound(path).samples().size == 16000
            feed = make_feed(shared, path, 0.5)
            assert isinstance(feed, SoundFeed)
            assert feed.name == path
            feed.stop()
    assert open_sound("demo").seconds > 60
    assert isinstance(make_feed(shared, "mic", 0.5), MicrophoneFeed)
    assert isinstance(make_feed(shared, "2", 0.5), MicrophoneFeed)
