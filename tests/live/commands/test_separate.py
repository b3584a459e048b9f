"""`soundglass separate` with a bundle that detects: whole files that add up to the recording."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live import cli
from tests.live.small_disk import small_disk
from tests.tiny_models import RATE, between, tone_of

HZ = 48_000


@pytest.fixture
def bundle(small_bundle: Path) -> Path:
    return small_bundle


def separate(bundle: Path, folder: Path, sound: np.ndarray, rate: int = HZ, *more: str):
    soundfile.write(folder / "in.wav", sound, rate, "FLOAT")
    out = folder / "out"
    asked = ["separate", str(folder / "in.wav"), "-o", str(out), "--bundle", str(bundle)]
    assert cli.main([*asked, "--runtime", "onnxruntime", *more]) == 0
    report = json.loads((out / "sources.json").read_text("utf-8"))
    return report, {p.name: soundfile.read(p, dtype="float32")[0] for p in out.glob("*.wav")}


def tone(label: str, seconds: float) -> np.ndarray:
    return tone_of(label, seconds, HZ)


def test_what_is_there_from_the_start_is_there_from_the_start(bundle: Path, tmp_path: Path) -> None:
    dog, train = tone("dog", 8.0), tone("train", 8.0)
    train[: 4 * HZ] = 0
    report, files = separate(bundle, tmp_path, dog + train)
    found = {each["label"]: each for each in report["sources"]}
    assert set(found) == {"dog", "train"}
    assert (found["dog"]["start_s"], found["dog"]["end_s"]) == (0.0, 8.0)
    assert found["train"]["start_s"] == pytest.approx(4.0, abs=0.9)
    for label, truth in (("dog", dog), ("train", train)):
        got = files[found[label]["file"]]
        assert got.shape == truth.shape
        assert np.square(got - truth).sum() < 0.05 * np.square(truth).sum(), label


@pytest.mark.parametrize("rate", [HZ, 44_100, 8_000])
def test_all_files_add_up_to_the_recording(bundle: Path, tmp_path: Path, rate: int) -> None:
    rng = np.random.default_rng(0)
    time = np.arange(5 * rate) / rate
    sound = 0.1 * np.sin(2 * np.pi * 900 * time) + 0.02 * rng.standard_normal(time.size)
    report, files = separate(bundle, tmp_path, sound.astype(np.float32), rate)
    assert set(files) == {each["file"] for each in report["sources"]} | {report["rest"]["file"]}
    assert len(files) >= 2
    assert np.abs(sum(files.values()) - sound).max() < 1e-4


def test_treble_goes_with_whoever_owns_the_octave_below(bundle: Path, tmp_path: Path) -> None:
    treble = 0.1 * np.sin(2 * np.pi * 12_000 * np.arange(4 * HZ) / HZ).astype(np.float32)
    _, files = separate(bundle, tmp_path, tone("fireworks", 4.0) + treble)
    source, rest = files["source-1.wav"], files["source-rest.wav"]
    assert np.square(source).mean() > 1.8 * np.square(treble).mean()
    assert np.square(rest).mean() < 0.1 * np.square(treble).mean()


def test_what_has_no_name_is_in_the_rest(bundle: Path, tmp_path: Path) -> None:
    lost = np.repeat(between("owl", 4.0), HZ // RATE)
    report, files = separate(bundle, tmp_path, lost)
    assert report["sources"] == []
    assert list(files) == ["source-rest.wav"]
    assert np.allclose(files["source-rest.wav"], lost, atol=1e-6)


def test_silence_gives_no_source(bundle: Path, tmp_path: Path) -> None:
    report, files = separate(bundle, tmp_path, np.zeros(5 * HZ, np.float32))
    assert report["sources"] == []
    assert not files["source-rest.wav"].any()


def test_nothing_else_is_left_in_the_folder(bundle: Path, tmp_path: Path) -> None:
    separate(bundle, tmp_path, tone("dog", 4.0))
    left = {p.name for p in (tmp_path / "out").iterdir()}
    assert left == {"source-1.wav", "source-rest.wav", "sources.json"}


def test_a_file_of_one_window_is_taken_apart(bundle: Path, tmp_path: Path) -> None:
    report, files = separate(bundle, tmp_path, tone("dog", 1.0), HZ, "--window", "1")
    assert [each["label"] for each in report["sources"]] == ["dog"]
    assert np.abs(sum(files.values()) - tone("dog", 1.0)).max() < 1e-4


def test_files_of_an_earlier_recording_go(bundle: Path, tmp_path: Path) -> None:
    separate(bundle, tmp_path, tone("dog", 4.0) + tone("train", 4.0))
    (tmp_path / "out" / "mine.txt").write_bytes(b"kept")
    separate(bundle, tmp_path, tone("dog", 4.0))
    left = {p.name for p in (tmp_path / "out").iterdir()}
    assert left == {"source-1.wav", "source-rest.wav", "sources.json", "mine.txt"}


def test_nobody_gives_more_than_there_is(bundle: Path, tmp_path: Path) -> None:
    """Where one sound hands over to another, neither file holds the other's twice."""
    rng = np.random.default_rng(0)
    noise = 0.05 * rng.standard_normal(8 * HZ).astype(np.float32)
    sound = tone("dog", 8.0) + noise
    sound[4 * HZ :] += tone("train", 4.0)
    _, files = separate(bundle, tmp_path, sound)
    rest = files["source-rest.wav"]
    assert np.square(rest).sum() < np.square(sound).sum()
    assert (rest @ sound) >= 0, "the rest is never the recording turned over"


@pytest.mark.parametrize("room", [500_000, 1_000_000, 1_200_000, 1_536_010])
def test_a_full_disk_is_one_line_and_leaves_nothing(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], room: int
) -> None:
    """Whichever file no longer fits: the recording, its slots, or a source."""
    sound = tone_of("dog", 4.0, 2 * HZ) + tone_of("train", 4.0, 2 * HZ)
    soundfile.write(tmp_path / "in.wav", sound, 2 * HZ, "FLOAT")
    asked = ["separate", str(tmp_path / "in.wav"), "-o", str(tmp_path / "out")]
    with small_disk() as disk:
        disk.hold(room)
        code = cli.main([*asked, "--bundle", str(bundle), "--runtime", "onnxruntime"])
    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list((tmp_path / "out").iterdir()) == []
