"""A sound of which a part can be read: the part is used, one line says so, exit code 3."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from live import cli
from tests.live.commands.sounds import two_tones
from tests.live.damaged_sounds import encoded, melody, spoilt


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    path = tmp_path / "damaged.flac"
    path.write_bytes(spoilt(encoded(melody(6.0), "FLAC"), 0.5, 2000))
    return path


def run(capfd: pytest.CaptureFixture[str], bundle: Path, *arguments: str) -> tuple[str, list[str]]:
    """Return what was printed, and the lines of complaint."""
    code = cli.main([*arguments, "--bundle", str(bundle), "--runtime", "onnxruntime"])
    said = capfd.readouterr()
    assert code == 3, said.err
    lines = [line for line in said.err.splitlines() if "damaged.flac" in line]
    assert len(lines) == 1, said.err
    assert lines[0].startswith("soundglass: ")
    return said.out, lines


def test_describe(small_bundle: Path, damaged: Path, capfd) -> None:
    out, lines = run(capfd, small_bundle, "describe", str(damaged))
    assert "6.0 s, 48000 Hz" in out
    assert "cannot be read" in lines[0]


def test_describe_as_lines(small_bundle: Path, damaged: Path, capfd) -> None:
    out, _ = run(capfd, small_bundle, "describe", str(damaged), "--json")
    assert len([json.loads(line) for line in out.splitlines()]) == 30


def test_separate(small_bundle: Path, damaged: Path, tmp_path: Path, capfd) -> None:
    run(capfd, small_bundle, "separate", str(damaged), "-o", str(tmp_path / "out"))
    assert json.loads((tmp_path / "out/sources.json").read_text())["frames"] == 6 * 48_000


def test_render(small_bundle: Path, damaged: Path, tmp_path: Path, capfd) -> None:
    film = tmp_path / "out.mp4"
    out, _ = run(capfd, small_bundle, "render", str(damaged), "-o", str(film), "--panels", "0")
    assert "150 frames, 6.0 s" in out
    assert film.stat().st_size > 10_000


def test_live_goes_on_to_the_end(small_bundle: Path, damaged: Path, tmp_path: Path, capfd) -> None:
    events = tmp_path / "events.jsonl"
    arguments = ["live", "--input", str(damaged), "--headless", "--events", str(events)]
    run(capfd, small_bundle, *arguments)
    assert json.loads(events.read_text().splitlines()[-1])["t"] > 5.0


def test_a_whole_sound_is_no_part(small_bundle: Path, tmp_path: Path, capfd) -> None:
    arguments = ["describe", str(two_tones(tmp_path)), "--bundle", str(small_bundle)]
    assert cli.main([*arguments, "--runtime", "onnxruntime"]) == 0
    assert capfd.readouterr().err == ""


def test_channels_that_would_cancel_are_heard(small_bundle: Path, tmp_path: Path, capfd) -> None:
    sound = melody(6.0)
    (tmp_path / "turned.wav").write_bytes(encoded(np.stack([sound, -sound], 1), "WAV"))
    (tmp_path / "one.wav").write_bytes(encoded(sound, "WAV"))
    said = []
    for name in ("turned.wav", "one.wav"):
        arguments = ["describe", str(tmp_path / name), "--bundle", str(small_bundle), "--json"]
        assert cli.main([*arguments, "--runtime", "onnxruntime"]) == 0
        lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
        said.append([line["sources"] for line in lines])
    assert said[0] == said[1]
    assert any(said[0])
