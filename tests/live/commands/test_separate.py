"""`soundglass separate`: one whole, aligned WAV per track."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live import cli
from tests.live.commands.sounds import FIREWORKS, RATE, THUNDER, tone, two_tones


@pytest.fixture(scope="module")
def separated(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("separated")
    source = two_tones(folder)
    out = folder / "new" / "out"
    arguments = ["separate", str(source), "-o", str(out), "--bundle", str(small_bundle)]
    assert cli.main([*arguments, "--runtime", "onnxruntime"]) == 0
    return out


def test_the_report_names_what_was_separated(separated: Path) -> None:
    report = json.loads((separated / "sources.json").read_text("utf-8"))
    assert report["schema"] == 1
    assert report["sample_rate_hz"] == RATE
    assert [source["label"] for source in report["sources"]] == ["thunder", "fireworks"]
    files = {source["file"] for source in report["sources"]} | {"sources.json"}
    assert {entry.name for entry in separated.iterdir()} == files


@pytest.mark.parametrize(("label", "span_s"), [("thunder", THUNDER), ("fireworks", FIREWORKS)])
def test_each_source_is_aligned_with_the_input_sample_for_sample(
    separated: Path, label: str, span_s: tuple[float, float]
) -> None:
    report = json.loads((separated / "sources.json").read_text("utf-8"))
    entry = next(each for each in report["sources"] if each["label"] == label)
    assert entry["file"] == f"source-{entry['track']}.wav"
    samples, rate = soundfile.read(separated / entry["file"], dtype="float32")
    wanted = tone(label, span_s)
    assert rate == RATE
    assert samples.shape == wanted.shape
    assert entry["start_s"] == pytest.approx(span_s[0], abs=0.5)
    assert entry["end_s"] == pytest.approx(span_s[1], abs=1.1)

    middle = slice(round((span_s[0] + 1) * RATE), round((span_s[1] - 1) * RATE))
    shifts = range(-8, 9)
    errors = [float(np.mean((samples[middle] - np.roll(wanted, s)[middle]) ** 2)) for s in shifts]
    assert list(shifts)[int(np.argmin(errors))] == 0
    assert min(errors) < 0.01 * float(np.mean(wanted[middle] ** 2))


def test_a_source_is_there_from_its_first_sample_on(separated: Path) -> None:
    report = json.loads((separated / "sources.json").read_text("utf-8"))
    entry = next(each for each in report["sources"] if each["label"] == "fireworks")
    samples, _ = soundfile.read(separated / entry["file"], dtype="float32")
    begin = round(FIREWORKS[0] * RATE)
    wanted = tone("fireworks", FIREWORKS)[begin : begin + RATE // 2]
    assert np.mean(samples[begin : begin + RATE // 2] ** 2) > 0.9 * np.mean(wanted**2)


def test_silence_gives_no_source(small_bundle: Path, tmp_path: Path, capsys) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(5 * RATE), RATE)
    out = tmp_path / "out"
    arguments = ["separate", str(tmp_path / "silence.wav"), "-o", str(out), "--json"]
    assert cli.main([*arguments, "--bundle", str(small_bundle)]) == 0
    assert json.loads(capsys.readouterr().out)["sources"] == []
    assert [entry.name for entry in out.iterdir()] == ["sources.json"]
