"""No command writes over what it reads, whatever the same file is called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from live import cli
from live.errors import UserError
from live.paths.apart import Place, check_apart

ROOT = Path(__file__).parents[3]

LINKS = {"itself": None, "symbolic": os.symlink, "hard": os.link}


@pytest.fixture
def inputs(small_bundle: Path, tmp_path: Path) -> Path:
    """A folder with one of everything that is read; each has names of every kind."""
    import soundfile

    from tests.tiny_models import tone_of

    shutil.copytree(small_bundle, tmp_path / "bundle")
    soundfile.write(tmp_path / "in.wav", tone_of("owl", 4.2), 16000)
    (tmp_path / "show.toml").write_text("seed = 3\n")
    (tmp_path / "spec.toml").write_text('name = "x"\n[encoder]\ncheckpoint = "old/e.pt"\n')
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "e.pt").write_text("an encoder")
    (tmp_path / "profiles").mkdir()
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refused(capfd: pytest.CaptureFixture[str], folder: Path, command: str) -> str:
    """Run a command that must not start; return its line."""
    before = contents(folder)
    assert cli.main(command.format(folder).split()) == 2
    said = capfd.readouterr()
    assert said.err.count("\n") == 1
    assert contents(folder) == before
    return said.err


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ("live --headless --input {0}/in.wav --events", ".jsonl"),
        ("live --headless --input {0}/in.wav --record", ".mp4"),
        ("live --headless --input {0}/in.wav --trace", ".json"),
        ("live --input {0}/in.wav --save-settings", ".toml"),
        ("show --headless --input {0}/in.wav --events", ".jsonl"),
        ("render {0}/in.wav -o", ".mp4"),
        ("render {0}/in.wav -o {0}/x.mp4 --trace", ".json"),
        ("describe {0}/in.wav --save-settings", ".toml"),
        ("separate {0}/in.wav -o {0}/x --save-settings", ".toml"),
        ("separate {0}/in.wav -o", ""),
    ],
)
def test_the_sound(inputs: Path, capfd, command: str, ending: str, link: str) -> None:
    other = inputs / f"out{ending}"
    if link == "itself":
        other = inputs / f"in{ending}"
        (inputs / "in.wav").rename(other)
        command = command.replace("in.wav", other.name)
    else:
        LINKS[link](inputs / "in.wav", other)
    line = refused(capfd, inputs, f"{command} {inputs}/bundle/../{other.name}")
    assert "would overwrite" in line
    assert f"{inputs}/in" in line


@pytest.mark.parametrize(
    "command",
    [
        "live --headless --input demo --settings {0}/show.toml --events {0}/show.toml",
        "live --headless --input demo --settings {0}/show.toml --save-settings {0}/show.toml",
        "live --headless --input demo --bundle {0}/bundle --events {0}/bundle/bundle.json",
        "live --headless --input demo --bundle {0}/bundle --trace {0}/bundle/bundle.json",
        "bench --bundle {0}/bundle -o {0}/bundle/separator.onnx",
        "bench --settings {0}/show.toml -o {0}/show.toml",
        "tune --settings {0}/show.toml --bundle {0}/bundle -o {0}/link.png",
        "export {0}/spec.toml -o {0}",
        "export {0}/spec.toml -o {0}/old",
        "export turbo --diffusion {0}/old -o {0}/old",
        "export turbo --diffusion x --ears {0}/old --output {0}/old",
        "export paper --run {0}/old -o {0}/old",
    ],
)
def test_settings_bundle_and_checkpoints(inputs: Path, capfd, command: str) -> None:
    (inputs / "link.png").symlink_to(inputs / "show.toml")
    assert "would overwrite" in refused(capfd, inputs, command)


def test_settings_that_were_named_or_found(inputs: Path, capfd, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(inputs))
    own = inputs / "soundglass" / "settings.toml"
    (own.parent / "profiles").mkdir(parents=True)
    own.write_text("seed = 4\n")
    (own.parent / "profiles" / "stage.toml").write_text("seed = 5\n")
    line = refused(capfd, inputs, f"live --headless --input demo --events {own}")
    assert "your settings file" in line
    for command in (
        f"live --headless --input demo --profile stage --events {own.parent}/profiles/stage.toml",
        "tune --bundle {0}/bundle --profile stage --name stage",
    ):
        assert "--profile" in refused(capfd, inputs, command)
    # Nobody named it: this is how one changes one's own settings.
    assert cli.main(["live", "--panels", "2", "--save-settings", str(own)]) == 0
    assert "panels = 2" in own.read_text()


@pytest.mark.parametrize(
    "options",
    [
        "--events {0}/x.mp4 --record {0}/x.mp4",
        "--events {0}/x.json --trace {0}/bundle/../x.json",
        "--events {0}/x --frames {0}/x",
        "--events {0}/x/frame-000012.png --frames {0}/x",
        "--record {0}/one.mp4 --events {0}/other",
    ],
)
def test_outputs_with_each_other(inputs: Path, capfd, options: str) -> None:
    (inputs / "other").symlink_to(inputs / "one.mp4")
    line = refused(capfd, inputs, f"live --headless --input demo {options}")
    assert "would both write" in line


@pytest.mark.parametrize("linked", [None, os.symlink, os.link])
def test_files_in_a_folder(inputs: Path, capfd, linked) -> None:
    folder = inputs / "sources"
    folder.mkdir()
    sound = folder / "source-12.wav"
    if linked is None:
        (inputs / "in.wav").rename(sound)
        command = f"separate {sound} -o {folder}"
    else:
        linked(inputs / "in.wav", sound)
        command = f"separate {inputs}/in.wav -o {folder}"
    assert "would overwrite FILE" in refused(capfd, inputs, command)


def test_standard_output(inputs: Path) -> None:
    sound = inputs / "in.wav"
    before = sound.read_bytes()
    with sound.open("ab") as out:
        done = subprocess.run(
            [sys.executable, "-m", "live.program", "describe", sound, "--json"],
            cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "standard output would overwrite FILE" in done.stderr
    assert sound.read_bytes() == before


def test_what_may_be_shared(tmp_path: Path) -> None:
    for name in ("in.wav", "source-1.flac", "mine.png"):
        (tmp_path / name).touch()
    devices = [Place(Path("/dev/null"), "--events"), Place(Path("/dev/null"), "--record")]
    check_apart([Place(Path("/dev/null"), "--input")], devices)
    read = [Place(path, "FILE") for path in tmp_path.iterdir()]
    check_apart(read, [Place(tmp_path, "--output", r"source-\d+\.wav")])
    check_apart(read, [Place(tmp_path / "new.wav", "--output")])
    check_apart([Place(Path("in\0.wav"), "FILE")], [Place(Path("x" * 5000), "--output")])
    with pytest.raises(UserError, match="--output"):
        check_apart(read, [Place(tmp_path, "--output", r"[a-z]+\.png")])
