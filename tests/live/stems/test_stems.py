"""Each track's sound in a file of its own: in time, without clicks, through full disks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.bundle.load import load_bundle
from engine.packets import F32, HeardSource, Hearing, Stamp
from live.settings.model import Settings
from live.settings.places import STEMS
from live.show.session import Session
from live.stems.writer import StemWriter
from tests.live.small_disk import small_disk
from tests.tiny_models import tone_of
from tests.until import until

RATE, HOP = 16_000, 3200
FADE = 320
LATENCY = 384


@dataclass
class Heard:
    """A hearer whose tracks are sines without end, of which it hears those that it is told."""

    levels: dict[int, float] = field(default_factory=dict)
    epoch: int = 1
    hops: int = 0
    sounds_kept: int = 4 * RATE

    @property
    def sounds_end(self) -> int:
        return self.hops * HOP - LATENCY

    def sounds_of(self, samples: int) -> dict[int, F32]:
        at = np.arange(self.sounds_end - samples, self.sounds_end)
        return {
            track: (level * tone(track, at)).astype(np.float32)
            for track, level in self.levels.items()
        }

    def next(self, tracks: Mapping[int, str]) -> Hearing:
        """Hear another hop, with these tracks alive."""
        self.hops += 1
        end = self.hops * HOP
        stamp = Stamp(self.hops, self.epoch, end - 4 * RATE, end, RATE, end / RATE)
        sources = tuple(
            HeardSource(track, np.zeros(2, np.float32), ((label, 0.9),), -20.0, 0.5)
            for track, label in tracks.items()
        )
        return Hearing(stamp, sources, -20.0)


def tone(track: int, at: np.ndarray) -> np.ndarray:
    return np.sin(2 * np.pi * 100 * track * at / RATE)


def read(folder: Path) -> list[tuple[int, str, F32]]:
    """Return what is in a folder, in order of time: the sample of the day, the name, the sound."""
    found = []
    for path in sorted(folder.iterdir()):
        assert re.fullmatch(STEMS, path.name)
        content = path.read_bytes()
        at = content.index(b"bext") + 8 + 256 + 32 + 32 + 10 + 8
        begins = int.from_bytes(content[at : at + 8], "little")
        name = path.stem.split("-", 2)[2]
        found.append((begins, name, soundfile.read(path, dtype="float32")[0]))
    return sorted(found, key=lambda file: file[:2])


def test_tracks_lie_where_they_sounded_and_join_without_clicks(tmp_path: Path) -> None:
    said: list[str] = []
    writer, hearer = StemWriter(tmp_path, said.append), Heard()
    both = {1: "rain", 2: "church bells"}
    hearer.levels = {1: 0.5}
    for _ in range(5):
        writer.hear(hearer.next({1: "rain"}), hearer)
    hearer.levels = {1: 0.2, 2: 0.4}  # what a track gets of the sound changes, and would click
    for _ in range(5):
        writer.hear(hearer.next(both), hearer)
    hearer.levels = {2: 0.4}
    for _ in range(5):  # one is not heard for a while, and lives
        writer.hear(hearer.next(both), hearer)
    hearer.levels = {1: 0.2, 2: 0.4}
    for _ in range(5):
        writer.hear(hearer.next(both), hearer)
    writer.hear(hearer.next({2: "church bells"}), hearer)
    writer.stop()
    assert said == []
    (rain_at, rain_name, rain), (bells_at, bells_name, bells) = read(tmp_path)
    assert (rain_name, bells_name) == ("rain-1", "church-bells-2")
    first = HOP - LATENCY - FADE  # the first hearing begins nearly where it ends
    assert bells_at - rain_at == 5 * HOP - LATENCY - FADE - (first - FADE)
    for sound, track, at, level in (
        (rain, 1, first - FADE, 0.5), (bells, 2, 5 * HOP - LATENCY - FADE, 0.4),
    ):  # fmt: skip
        part = slice(2 * FADE, 2 * HOP)
        wanted = level * tone(track, np.arange(at, at + sound.size))
        np.testing.assert_allclose(sound[part], wanted[part], atol=1e-5)
    assert np.abs(rain[10 * HOP : 14 * HOP]).max() == 0.0
    # No step is larger than a sine of the largest level has, and a fade adds.
    for sound, track, level in ((rain, 1, 0.5), (bells, 2, 0.4)):
        steepest = level * 2 * np.pi * 100 * track / RATE + level / FADE
        assert np.abs(np.diff(sound)).max() < 1.05 * steepest
    # Both end: the one with its track, the other with the show.
    assert bells_at + bells.size == rain_at + rain.size + HOP


def test_a_new_epoch_begins_new_files(tmp_path: Path) -> None:
    writer, hearer = StemWriter(tmp_path, print), Heard({1: 0.5})
    for _ in range(3):
        writer.hear(hearer.next({1: "rain"}), hearer)
    hearer.epoch, hearer.hops = 2, 0
    for _ in range(3):
        writer.hear(hearer.next({1: "wind"}), hearer)
    writer.stop()
    assert sorted(name for _, name, _ in read(tmp_path)) == ["rain-1", "wind-1"]


def test_a_track_of_hours_is_cut_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.stems.files.LONGEST_S", 1.0)
    writer, hearer = StemWriter(tmp_path, print), Heard({1: 0.5})
    for _ in range(16):
        writer.hear(hearer.next({1: "rain"}), hearer)
    writer.stop()
    parts = read(tmp_path)
    assert len(parts) == 3
    for (at, _, sound), (following, _, _) in pairwise(parts):
        assert at + sound.size == following
    whole = np.concatenate([sound for _, _, sound in parts])
    at = HOP - LATENCY - 2 * FADE
    wanted = 0.5 * tone(1, np.arange(at, at + whole.size))
    np.testing.assert_allclose(whole[2 * FADE : -FADE], wanted[2 * FADE : -FADE], atol=1e-5)


def test_hearings_that_were_passed_over_are_silence_where_they_are_gone(tmp_path: Path) -> None:
    said: list[str] = []
    writer, hearer = StemWriter(tmp_path, said.append), Heard({1: 0.5})
    writer.hear(hearer.next({1: "rain"}), hearer)
    hearer.hops += 9  # a few hops later all of it is there still
    writer.hear(hearer.next({1: "rain"}), hearer)
    hearer.hops += 99
    writer.hear(hearer.next({1: "rain"}), hearer)
    writer.stop()
    ((_, _, sound),) = read(tmp_path)
    at = HOP - LATENCY - 2 * FADE
    assert at + sound.size == hearer.sounds_end
    wanted = 0.5 * tone(1, np.arange(at, at + sound.size))
    np.testing.assert_allclose(sound[2 * FADE : 10 * HOP], wanted[2 * FADE : 10 * HOP], atol=1e-5)
    np.testing.assert_allclose(sound[-3 * RATE : -FADE], wanted[-3 * RATE : -FADE], atol=1e-5)
    assert not sound[12 * HOP : -5 * RATE].any()
    assert len(said) == 1
    assert "s of separated sound are missing" in said[0]


def test_a_full_disk_is_one_message_and_new_files_are_begun(tmp_path: Path) -> None:
    said: list[str] = []
    writer, hearer = StemWriter(tmp_path, said.append), Heard({1: 0.5})
    tracks = {1: "rain"}
    with small_disk() as disk:
        disk.hold(20_000)

        def hear() -> bool:
            writer.hear(hearer.next(tracks), hearer)
            return bool(said)

        until(hear)
        disk.hold(100)
        disk.make_room()

        def hear_again() -> bool:
            writer.hear(hearer.next(tracks), hearer)
            return len(said) > 1

        until(hear_again)
        writer.stop()
    assert "no separated sound for now, it is tried again: " in said[0]
    assert f"separated sound is written to {tmp_path} again; " in said[1]
    assert len(said) == 2
    first, *others = [sound for _, _, sound in read(tmp_path)]
    assert others
    assert first.size > 1000
    assert others[-1].size > HOP - 2 * FADE


def test_the_sources_of_a_show_are_each_in_a_file(small_bundle: Path, tmp_path: Path) -> None:
    sound = np.zeros(9 * 48_000, np.float32)
    sound[48_000:] += tone_of("birds", 8, 48_000)
    soundfile.write(tmp_path / "a.wav", sound, 48_000, subtype="FLOAT")
    settings = Settings(
        headless=True, bundle=str(small_bundle), runtime="onnxruntime",
        input=str(tmp_path / "a.wav"), stems=tmp_path / "stems",
    )  # fmt: skip
    session = Session(settings, load_bundle(settings.bundle))
    session.start()
    try:
        until(lambda: session.finished)
    finally:
        session.stop()
    files = read(tmp_path / "stems")
    birds = max((heard for _, name, heard in files if name.startswith("birds-")), key=len)
    rate = load_bundle(settings.bundle).manifest.sample_rate_hz
    assert birds.size / rate > 4.0
    alone = tone_of("birds", 4, rate)
    spectrum = np.abs(np.fft.rfft(birds[-4 * rate : -rate] * np.hanning(3 * rate)))
    wanted = np.abs(np.fft.rfft(alone[: 3 * rate] * np.hanning(3 * rate)))
    assert abs(int(spectrum.argmax()) - int(wanted.argmax())) < 30
