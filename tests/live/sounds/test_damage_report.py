"""What can be read of a sound counts; what cannot is told, and its time stays empty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from live.sounds.file import SoundFile, open_sound
from tests.live.damaged_sounds import (
    RATE,
    encoded,
    flac_of_unknown_length,
    melody,
    spoilt,
    unfinished_rf64,
    unfinished_wav,
)


def read(folder: Path, name: str, content: bytes) -> tuple[np.ndarray, SoundFile]:
    (folder / name).write_bytes(content)
    sound = open_sound(folder / name)
    samples = sound.samples()
    assert sound.frames == samples.size
    return samples, sound


def seconds_alike(heard: np.ndarray, wanted: np.ndarray) -> list[bool]:
    """Whether each tenth of a second is what it should be, at its own place."""
    n = min(heard.size, wanted.size) // 4800 * 4800
    errors = np.abs(heard[:n] - wanted[:n]).reshape(-1, 4800).max(axis=1)
    return [bool(error < 0.15) for error in errors]


@pytest.mark.parametrize("length", [0, 0xFFFFFFFF, 0x7FFFF000, 4000])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT", "PCM_U8", "ALAW"])
def test_a_wav_whose_header_was_never_finished_is_whole(tmp_path, subtype, length) -> None:
    whole = encoded(melody(), "WAV", subtype)
    heard, sound = read(tmp_path, "power.wav", unfinished_wav(whole, length))
    wanted, _ = read(tmp_path, "whole.wav", whole)
    np.testing.assert_array_equal(heard, wanted)
    assert sound.fault is None


@pytest.mark.parametrize("length", [0, 2**64 - 1])
def test_so_is_a_long_wav(tmp_path, length) -> None:
    whole = encoded(melody(), "RF64", "PCM_16")
    heard, sound = read(tmp_path, "power.wav", unfinished_rf64(whole, length))
    assert heard.size == 4 * RATE
    assert sound.fault is None


def test_notes_after_the_samples_of_a_wav_are_no_sound(tmp_path) -> None:
    whole = encoded(melody()[:-1], "WAV", "PCM_U8")
    notes = b"LIST" + (26).to_bytes(4, "little") + b"INFOISFT" + (14).to_bytes(4, "little")
    heard, sound = read(tmp_path, "notes.wav", whole + notes + b"a recorder 1.0")
    assert heard.size == 4 * RATE - 1
    assert sound.fault is None


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_a_flac_of_unknown_length_is_whole(tmp_path, subtype) -> None:
    whole = encoded(melody(), "FLAC", subtype)
    heard, sound = read(tmp_path, "pipe.flac", flac_of_unknown_length(whole))
    wanted, _ = read(tmp_path, "whole.flac", whole)
    np.testing.assert_array_equal(heard, wanted)
    assert sound.fault is None


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8])
@pytest.mark.parametrize(
    ("kind", "subtype", "length"),
    [("FLAC", "PCM_16", 1), ("FLAC", "PCM_16", 9000), ("OGG", "VORBIS", 1), ("OGG", "OPUS", 3000)],
)
def test_damage_in_the_middle_costs_only_its_own_time(
    tmp_path, kind, subtype, length, share
) -> None:
    whole = encoded(melody(8.0), kind, subtype)
    heard, sound = read(tmp_path, "bad", spoilt(whole, share, length))
    wanted, good = read(tmp_path, "good", whole)
    assert good.fault is None
    assert heard.size == wanted.size
    alike = seconds_alike(heard, wanted)
    lost = alike.count(False)
    assert 0 < lost <= 25
    # All that is wrong is in one place; before and after it every sample is where it belongs.
    first = alike.index(False)
    assert all(alike[:first])
    assert all(alike[first + 25 :])
    assert "cannot be read" in str(sound.fault)


def test_an_mp3_goes_on_after_damage(tmp_path) -> None:
    whole = encoded(melody(8.0), "MP3")
    heard, sound = read(tmp_path, "bad.mp3", spoilt(whole, 0.5, 4000))
    wanted, good = read(tmp_path, "good.mp3", whole)
    assert good.fault is None
    assert abs(heard.size - wanted.size) < 0.1 * RATE
    assert sum(seconds_alike(heard, wanted)[:38]) == 38
    assert "at 4" in str(sound.fault) or "at 3.9" in str(sound.fault)


def test_a_variable_bit_rate_without_a_header_is_read_to_its_end(tmp_path) -> None:
    # Silence, then noise: from the first frames a reader would guess a length far too long, from
    # noise before silence one far too short.
    noise = melody(20.0, seed=3) + 0.2 * np.random.default_rng(1).normal(size=20 * RATE)
    quiet = np.zeros(20 * RATE)
    for name, samples in (("up", [quiet, noise]), ("down", [noise, quiet])):
        path = tmp_path / f"{name}.mp3"
        with soundfile.SoundFile(
            path, "w", RATE, 1, format="MP3", bitrate_mode="VARIABLE", compression_level=0.5
        ) as file:
            file.write(np.concatenate(samples))
        content = path.read_bytes()
        at = max(content.find(b"Xing"), content.find(b"Info"))
        sync = content.rfind(b"\xff\xfb", 0, at)
        second = content.index(b"\xff\xfb", at)
        heard, sound = read(tmp_path, f"{name}.mp3", content[:sync] + content[second:])
        assert heard.size == pytest.approx(40 * RATE, abs=2500)
        assert sound.fault is None


def test_an_mp3_that_lacks_what_its_header_promises_says_so(tmp_path) -> None:
    whole = encoded(melody(8.0), "MP3")
    heard, sound = read(tmp_path, "cut.mp3", whole[: len(whole) // 2])
    assert heard.size == pytest.approx(4 * RATE, abs=0.3 * RATE)
    assert "breaks off" in str(sound.fault)


@pytest.mark.parametrize(
    "links",
    [
        [("VORBIS", 48_000, 1), ("VORBIS", 48_000, 1)],
        [("OPUS", 48_000, 2), ("OPUS", 48_000, 2), ("OPUS", 48_000, 1)],
        [("VORBIS", 44_100, 2), ("OPUS", 48_000, 1), ("VORBIS", 22_050, 1)],
    ],
)
def test_every_link_of_a_chained_ogg_is_read(tmp_path, links) -> None:
    content, wanted = b"", []
    for number, (subtype, rate, channels) in enumerate(links):
        sound = melody(2.0, rate, number)
        content += encoded(np.stack([sound] * channels, 1), "OGG", subtype, rate)
        wanted.append(melody(2.0, links[0][1], number))
    heard, sound = read(tmp_path, "radio.ogg", content)
    assert sound.fault is None
    assert heard.size == pytest.approx(sum(each.size for each in wanted), abs=len(links))
    for number, each in enumerate(wanted):
        here = heard[number * each.size :][: each.size]
        assert np.corrcoef(here[4800:-4800], each[4800:-4800])[0, 1] > 0.97


def test_an_ogg_that_breaks_off_says_so(tmp_path) -> None:
    whole = encoded(melody(8.0), "OGG", "VORBIS")
    heard, sound = read(tmp_path, "cut.ogg", whole[: len(whole) // 2])
    assert 2 * RATE < heard.size < 6 * RATE
    assert "breaks off" in str(sound.fault)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e300])
def test_samples_that_are_no_numbers_become_silence(tmp_path, value) -> None:
    samples = melody().astype(np.float64)
    good, _ = read(tmp_path, "good.wav", encoded(samples, "WAV", "DOUBLE"))
    samples[RATE : RATE + 10] = value
    heard, sound = read(tmp_path, "bad.wav", encoded(samples, "WAV", "DOUBLE"))
    assert not heard[RATE : RATE + 10].any()
    good[RATE : RATE + 10] = 0
    np.testing.assert_array_equal(heard, good)
    assert "10 samples are not numbers" in str(sound.fault)
    assert "1.00 s" in str(sound.fault)


def test_titles_and_padding_of_an_mp3_are_no_damage(tmp_path) -> None:
    whole = encoded(melody(), "MP3")
    title = b"TAG" + b"rain".ljust(125, b"\0")
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + bytes(20) + b"x" * 400
    for number, tail in enumerate((title, ape + title, bytes(5000))):
        heard, sound = read(tmp_path, f"{number}.mp3", whole + tail)
        assert heard.size == pytest.approx(4 * RATE, abs=1200)
        assert sound.fault is None
