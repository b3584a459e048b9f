"""Whatever bytes a file holds: sound, or one line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.errors import UserError
from live.sounds.file import open_sound
from tests.live.damaged_sounds import encoded, film, melody

MAGIC = (
    *(b"", b"RIFF\xff\xff\xff\xffWAVE", b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00"),
    *(
        b"RF64\xff\xff\xff\xffWAVEds64",
        b"fLaC\x00\x00\x00\x22",
        b"OggS\x00\x02",
        b"ID3\x04\x00\x00",
    ),
    *(b"\xff\xfb\x90\x00", b"FORM\x00\x00\x10\x00AIFF", b"\x1a\x45\xdf\xa3", b"caff\x00\x01"),
    *(b"\x00\x00\x00\x20ftypM4A ", b"\xff\xf1\x50\x80", b".snd\x00\x00\x00\x18", b"wvpk", b"MAC "),
    *(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"FLV\x01\x05", b"\x47\x40\x00\x10", b"RIFF0000AVI "),
)
KINDS = ("WAV", "RF64", "FLAC", "OGG", "MP3", "AIFF", "CAF", "AU", "m4a", "webm", "ts")
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytes")


@pytest.fixture(autouse=True)
def nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    assert capfd.readouterr() == ("", "")


def survives(folder: Path, content: bytes) -> None:
    path = folder / "sound"
    path.write_bytes(content)
    try:
        sound = open_sound(path)
    except UserError:
        return
    for block in itertools.islice(sound.blocks(), 30):
        assert block.dtype == np.float32
        assert np.isfinite(block).all()
    assert sound.fault is None or "\n" not in sound.fault


@cache
def whole(folder: Path, kind: str) -> bytes:
    sound = melody(0.6, 16_000)
    if kind.isupper():
        return encoded(sound, kind, rate=16_000)
    coder = {"m4a": "aac", "webm": "libopus", "ts": "aac"}[kind]
    rate = 48_000
    return film(folder / f"whole.{kind}", coder, melody(0.6, rate), rate).read_bytes()


@QUICK
@given(magic=st.sampled_from(MAGIC), tail=st.binary(max_size=4000))
def test_noise_behind_every_magic_number(folder: Path, magic: bytes, tail: bytes) -> None:
    survives(folder, magic + tail)


def test_every_magic_number_alone_and_cut(folder: Path) -> None:
    for magic in MAGIC:
        for end in range(len(magic) + 1):
            survives(folder, magic[:end])


@pytest.mark.parametrize("kind", KINDS)
@settings(QUICK, max_examples=25)
@given(data=st.data())
def test_sounds_with_bytes_cut_changed_and_taken_out(folder: Path, kind: str, data) -> None:
    content = bytearray(whole(folder, kind))
    place = st.integers(0, len(content) - 1) | st.integers(0, min(200, len(content) - 1))
    for at in data.draw(st.lists(place, max_size=6)):
        content[at] = data.draw(st.sampled_from([0, 0xFF, content[at] ^ 1, content[at] ^ 0x80]))
    if data.draw(st.booleans()):
        first = data.draw(place)
        del content[first : first + data.draw(st.integers(1, 2000))]
    if data.draw(st.booleans()):
        del content[data.draw(place) :]
    survives(folder, bytes(content))


def test_a_coder_that_nobody_knows(folder: Path) -> None:
    content = bytearray(encoded(melody(0.6, 16_000), "WAV", rate=16_000))
    content[20:22] = b"\x77\x77"
    survives(folder, bytes(content))
