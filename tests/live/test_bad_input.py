"""Whatever a person gets wrong: exit code 2, one line that names it, and nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from live import cli
from live.input.private_sound_server import private_sound_server, private_sound_server_missing
from tests.live.commands.sounds import RATE, two_tones

COMMANDS = ("describe", "separate", "render", "live")


@pytest.fixture
def complaint(
    small_bundle: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command on a file; return its only line of complaint. Results go to tmp_path/out."""

    def run(command: str, file: Path | str, *more: str, bundle: Path | None = None) -> str:
        out = tmp_path / "out"
        where = {
            "describe": [str(file)],
            "separate": [str(file), "-o", str(out)],
            "render": [str(file), "-o", str(out / "show.mp4")],
            "live": ["--input", str(file), "--headless", "--record", str(out / "show.mp4")],
        }[command]
        used = str(bundle or small_bundle)
        arguments = [command, *where, "--bundle", used, "--runtime", "onnxruntime", *more]
        assert cli.main(arguments) == 2
        said = capfd.readouterr()
        assert said.err.count("\n") == 1, said.err
        assert said.err.startswith("soundglass: ")
        left = [path for path in out.rglob("*") if path.is_file()] if out.exists() else []
        assert left == []
        return said.err

    return run


@pytest.mark.parametrize("command", COMMANDS)
class TestSound:
    def test_no_such_file(self, complaint, tmp_path, command) -> None:
        line = complaint(command, tmp_path / "nowhere.wav")
        assert "nowhere.wav" in line

    def test_a_folder(self, complaint, tmp_path, command) -> None:
        assert "is a folder" in complaint(command, tmp_path)

    def test_no_sound(self, complaint, tmp_path, command) -> None:
        (tmp_path / "letter.wav").write_text("Dear Sir or Madam")
        line = complaint(command, tmp_path / "letter.wav")
        assert "letter.wav" in line
        assert "WAV, FLAC, OGG or MP3" in line

    def test_an_empty_file(self, complaint, tmp_path, command) -> None:
        (tmp_path / "empty.wav").touch()
        assert "empty.wav" in complaint(command, tmp_path / "empty.wav")

    def test_no_samples(self, complaint, tmp_path, command) -> None:
        soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)
        line = complaint(command, tmp_path / "none.wav")
        assert "none.wav is empty" in line

    def test_bytes_without_a_header(self, complaint, tmp_path, command) -> None:
        (tmp_path / "raw.wav").write_bytes(np.random.default_rng(0).bytes(400_000))
        line = complaint(command, tmp_path / "raw.wav")
        assert "raw.wav cannot be read as sound" in line

    def test_a_home_that_is_not_there(self, complaint, tmp_path, command) -> None:
        assert "~nobody-of-that-name" in complaint(command, "~nobody-of-that-name/rain.wav")

    def test_standard_input_that_is_closed_or_empty(self, complaint, command) -> None:
        assert "standard input" in complaint(command, "-")

    def test_shorter_than_a_window(self, complaint, tmp_path, command) -> None:
        soundfile.write(tmp_path / "short.wav", np.zeros(2 * RATE), RATE)
        line = complaint(command, tmp_path / "short.wav")
        assert "short.wav" in line
        assert "window of 4 s" in line
        assert "--window" in line


@pytest.fixture
def broken(small_bundle: Path, tmp_path: Path) -> Path:
    """A copy of the bundle, to be broken."""
    return Path(shutil.copytree(small_bundle, tmp_path / "broken"))


@pytest.mark.parametrize("command", COMMANDS)
class TestBundle:
    def test_no_such_bundle(self, complaint, tmp_path, command) -> None:
        line = complaint(command, two_tones(tmp_path), bundle=tmp_path / "nothing")
        assert "nothing" in line
        assert "bundle" in line

    def test_no_manifest(self, complaint, tmp_path, broken, command) -> None:
        (broken / "bundle.json").unlink()
        assert "bundle.json" in complaint(command, two_tones(tmp_path), bundle=broken)

    def test_a_truncated_file(self, complaint, tmp_path, broken, command) -> None:
        file = broken / "encoder.onnx"
        file.write_bytes(file.read_bytes()[:-100])
        assert "encoder.onnx" in complaint(command, two_tones(tmp_path), bundle=broken)

    def test_a_wrong_hash(self, complaint, tmp_path, broken, command) -> None:
        content = bytearray((broken / "generator-1.onnx").read_bytes())
        content[len(content) // 2] ^= 1
        (broken / "generator-1.onnx").write_bytes(content)
        assert "generator-1.onnx" in complaint(command, two_tones(tmp_path), bundle=broken)

    def test_a_manifest_that_lies(self, complaint, tmp_path, broken, command) -> None:
        said = json.loads((broken / "bundle.json").read_text("utf-8"))
        said["embedding_dim"] = 64
        (broken / "bundle.json").write_text(json.dumps(said), "utf-8")
        assert "bundle.json" in complaint(command, two_tones(tmp_path), bundle=broken)


@pytest.mark.parametrize("command", COMMANDS)
class TestSettings:
    def test_out_of_range(self, complaint, tmp_path, command) -> None:
        line = complaint(command, two_tones(tmp_path), "--window", "99")
        assert "--window is 99.0, but must be a number from 1 to 10" in line

    def test_an_unknown_option(self, complaint, tmp_path, command) -> None:
        line = complaint(command, two_tones(tmp_path), "--windw", "3")
        assert "Did you mean --window?" in line

    def test_an_unknown_key(self, complaint, tmp_path, command) -> None:
        (tmp_path / "show.toml").write_text("windw = 3")
        line = complaint(command, two_tones(tmp_path), "--settings", str(tmp_path / "show.toml"))
        assert "show.toml" in line
        assert "Did you mean window?" in line

    def test_a_runtime_that_is_not_known(self, complaint, tmp_path, command) -> None:
        assert "openvino?" in complaint(command, two_tones(tmp_path), "--runtime", "openvin")


class TestOutput:
    def run(self, arguments: list[str], capfd: pytest.CaptureFixture[str]) -> str:
        assert cli.main(arguments) == 2
        said = capfd.readouterr().err
        assert said.count("\n") == 1, said
        return said

    @pytest.mark.parametrize("command", ["separate", "render"])
    def test_a_file_is_in_the_way(self, small_bundle, tmp_path, capfd, command) -> None:
        (tmp_path / "way").write_text("x")
        place = str(tmp_path / "way" / ("out" if command == "separate" else "out.mp4"))
        arguments = [command, str(two_tones(tmp_path)), "-o", place]
        line = self.run([*arguments, "--bundle", str(small_bundle)], capfd)
        assert str(tmp_path / "way") in line

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    @pytest.mark.parametrize("command", ["separate", "render"])
    def test_a_folder_that_may_not_be_written(self, small_bundle, tmp_path, capfd, command) -> None:
        (tmp_path / "locked").mkdir(mode=0o500)
        place = str(tmp_path / "locked" / ("out" if command == "separate" else "out.mp4"))
        arguments = [command, str(two_tones(tmp_path)), "-o", place]
        line = self.run([*arguments, "--bundle", str(small_bundle)], capfd)
        assert "locked" in line

    def test_not_a_movie(self, small_bundle, tmp_path, capfd) -> None:
        arguments = ["render", str(two_tones(tmp_path)), "-o", str(tmp_path / "show.avi")]
        line = self.run([*arguments, "--bundle", str(small_bundle)], capfd)
        assert ".mp4" in line

    @pytest.mark.parametrize("option", ["--record", "--frames", "--events"])
    def test_live_output_that_cannot_be_written(
        self, small_bundle, tmp_path, capfd, option
    ) -> None:
        (tmp_path / "way").write_text("x")
        place = tmp_path / "way" / "show.mp4"
        arguments = ["live", "--input", str(two_tones(tmp_path)), "--headless", option, str(place)]
        line = self.run([*arguments, "--bundle", str(small_bundle)], capfd)
        assert str(tmp_path / "way") in line


class TestMachine:
    def run(self, arguments: list[str], capfd, monkeypatch, **environment: str) -> str:
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PULSE_SERVER"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert cli.main(arguments) == 2
        said = capfd.readouterr().err
        assert said.count("\n") == 1, said
        return said

    def test_no_display(self, small_bundle, capfd, monkeypatch) -> None:
        arguments = ["live", "--input", "demo", "--bundle", str(small_bundle)]
        line = self.run(arguments, capfd, monkeypatch)
        assert "no display" in line
        assert "--headless" in line

    def test_an_unknown_display(self, small_bundle, capfd, monkeypatch) -> None:
        arguments = ["live", "--input", "demo", "--bundle", str(small_bundle)]
        line = self.run(arguments, capfd, monkeypatch, DISPLAY=":4711")
        assert ":4711" in line


class TestMicrophone:
    """In processes of their own: PortAudio's list is frozen once it has been asked."""

    def run(self, bundle: Path, wanted: str, **environment: str) -> str:
        arguments = ["live", "--headless", "--no-wait", "--input", wanted, "--bundle", str(bundle)]
        done = subprocess.run(
            [sys.executable, "-m", "live.program", *arguments, "--runtime", "onnxruntime"],
            capture_output=True,
            text=True,
            env=os.environ | environment,
        )
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1, done.stderr
        assert done.stdout == ""
        return done.stderr

    @pytest.mark.skipif(Path("/proc/asound/cards").exists(), reason="there may be a sound card")
    def test_none(self, small_bundle) -> None:
        line = self.run(small_bundle, "mic", PULSE_SERVER="unix:/nowhere")
        assert "no microphone" in line
        assert "--input demo" in line

    @pytest.mark.skipif(private_sound_server_missing() is not None, reason="no PulseAudio here")
    def test_an_unknown_one(self, small_bundle) -> None:
        with private_sound_server() as server:
            line = self.run(small_bundle, "Rode NT1", **server.env)
        assert "Rode NT1" in line
        assert "pulse" in line


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--hours", "Mo 21:00-08:00", "ends before it begins"),
        ("--hours", "Mo 08:00-12:00; Mo 11:00-13:00", "overlap"),
        ("--place", "north,east", "must be latitude and longitude"),
    ],
)
def test_hours_and_places_that_make_no_sense(complaint, tmp_path, option, value, said) -> None:
    assert said in complaint("live", two_tones(tmp_path), option, value)
