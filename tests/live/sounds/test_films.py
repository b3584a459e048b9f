"""The sound of films and of formats that only FFmpeg's libraries know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live.errors import UserError
from live.sounds.file import open_sound
from tests.live.damaged_sounds import RATE, encoded, film, melody, spoilt


@pytest.mark.parametrize(
    ("name", "coder", "pictures"),
    [
        ("a.m4a", "aac", False),
        ("a.aac", "aac", False),
        ("a.mp4", "aac", True),
        ("a.mov", "aac", True),
        ("a.mkv", "ac3", True),
        ("a.webm", "libopus", False),
        ("a.ts", "aac", True),
        ("a.avi", "ac3", True),
        ("a.opus", "libopus", False),
    ],
)
def test_its_sound_is_read(tmp_path: Path, name: str, coder: str, pictures: bool) -> None:
    wanted = melody()
    path = film(tmp_path / name, coder, wanted, pictures=pictures)
    sound = open_sound(path, at_least_s=2.0)
    heard = sound.samples()
    assert sound.sample_rate_hz == RATE
    assert heard.size == pytest.approx(wanted.size, abs=3000)
    assert sound.fault is None
    shifts = range(-2400, 2401, 8)
    middle = wanted[RATE : 2 * RATE]
    alike = [np.corrcoef(heard[RATE + s : 2 * RATE + s], middle)[0, 1] for s in shifts]
    assert max(alike) > 0.9


def test_a_film_without_sound_is_one_line(tmp_path: Path) -> None:
    path = film(tmp_path / "silent.mp4", None, melody(), pictures=True)
    with pytest.raises(UserError, match=r"silent\.mp4 .*there is no sound in it"):
        open_sound(path)


def test_damage_in_a_film_costs_only_its_own_time(tmp_path: Path) -> None:
    path = film(tmp_path / "a.m4a", "aac", melody(8.0))
    wanted = open_sound(path).samples()
    path.write_bytes(spoilt(path.read_bytes(), 0.4, 4000))
    sound = open_sound(path)
    heard = sound.samples()
    assert abs(heard.size - wanted.size) < 0.05 * RATE
    np.testing.assert_array_equal(heard[:RATE], wanted[:RATE])
    np.testing.assert_allclose(heard[-RATE:], wanted[-RATE:], atol=1e-5)
    assert "cannot be read" in str(sound.fault)


@pytest.mark.parametrize("kind", ["playlist", "address", "list"])
def test_no_format_may_fetch_something_else(tmp_path: Path, kind: str) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(encoded(melody(), "WAV"))
    text = {
        "playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{other}\n#EXT-X-ENDLIST\n",
        "address": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
        "list": f"ffconcat version 1.0\nfile {other}\n",
    }[kind]
    path = tmp_path / "sound.wav"
    path.write_text(text)
    with pytest.raises(UserError, match="cannot be read as sound"):
        open_sound(path)


@pytest.mark.parametrize(
    ("subtype", "rate", "channels"),
    [
        ("PCM_16", 48_000, 8),
        ("PCM_24", 192_000, 2),
        ("PCM_U8", 8_000, 1),
        ("DOUBLE", 44_100, 2),
        ("ALAW", 8_000, 1),
        ("ULAW", 8_000, 2),
        ("IMA_ADPCM", 22_050, 1),
        ("PCM_32", 96_000, 1),
        ("PCM_16", 500, 1),
    ],
)
def test_a_good_wav_is_what_libsndfile_reads_bit_for_bit(
    tmp_path: Path, subtype: str, rate: int, channels: int
) -> None:
    import soundfile

    sounds = [melody(2.0, rate, seed) for seed in range(channels)]
    path = tmp_path / "a.wav"
    path.write_bytes(encoded(np.stack(sounds, 1), "WAV", subtype, rate))
    wanted, _ = soundfile.read(path, dtype="float32", always_2d=True)
    heard = open_sound(path).samples()
    np.testing.assert_array_equal(heard, wanted.mean(axis=1, dtype=np.float32))
