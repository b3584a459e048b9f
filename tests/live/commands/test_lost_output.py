"""Every command on a standard output that takes nothing, on a full disk and with too little memory:
one line that names the cause, exit code 2, and nothing half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import soundfile

from live import cli
from tests.live.commands.sounds import RATE
from tests.tiny_models import tone_of

ROOT = Path(__file__).parents[3]
PRINTS = {
    "show": ("--save-settings", "OUT/show.toml"),
    "live": ("--save-settings", "OUT/live.toml"),
    "describe": ("SOUND", "--bundle", "BUNDLE", "--runtime", "onnxruntime"),
    "separate": ("SOUND", "-o", "OUT", "--bundle", "BUNDLE", "--runtime", "onnxruntime"),
    "render": (
        *("SOUND", "-o", "OUT/a.mp4", "--panels", "0", "--bundle", "BUNDLE"),
        *("--runtime", "onnxruntime"),
    ),
    "devices": (),
    "doctor": ("--bundle", "BUNDLE"),
    "bench": ("--help",),
    "tune": ("--help",),
    "export": ("turbo", "--help"),
    "engines": ("--bundle", "BUNDLE"),
    "control": ("--list",),
    "kiosk": ("status",),
    "soak": ("--help",),
}
"""Arguments with which each command prints something soon."""


@pytest.fixture(scope="module")
def places(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("lost")
    return {
        "SOUND": str(short_sound(folder)), "BUNDLE": str(small_bundle), "OUT": str(folder / "out"),
    }  # fmt: skip


def short_sound(folder: Path) -> Path:
    """Write a little more than a window of thunder's tone."""
    path = folder / "thunder.wav"
    soundfile.write(path, tone_of("thunder", 4.4, RATE), RATE, subtype="FLOAT")
    return path


def run(
    arguments: tuple[str, ...],
    redirected: str = "",
    environment: Mapping[str, str | None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command; a variable that is None is taken out of the environment."""
    env = dict(os.environ) | {"PYTHONPATH": str(ROOT)} | dict(environment or {})
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-m", "live.program",
         *arguments],
        capture_output=True, text=True, timeout=110, cwd=ROOT,
        env={name: value for name, value in env.items() if value is not None},
    )  # fmt: skip


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("soundglass: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def filled(arguments: tuple[str, ...], places: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        "".join(places.get(part, part) for part in argument.partition("/")) if argument[0] != "/"
        else argument
        for argument in arguments
    )  # fmt: skip


def test_every_command_is_here() -> None:
    assert set(PRINTS) == set(cli.COMMANDS)


@pytest.mark.parametrize("command", PRINTS)
@pytest.mark.parametrize("redirected", [">&-", ">/dev/full"], ids=["closed", "full"])
def test_a_standard_output_that_takes_nothing(places, command: str, redirected: str) -> None:
    if redirected == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    done = run((command, *filled(PRINTS[command], places)), redirected)
    assert "standard output" in one_line(done)


def test_help_and_version_of_the_whole(places) -> None:
    for arguments in ((), ("--help",), ("--version",)):
        assert "closed" in one_line(run(arguments, ">&-"))


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_the_other_streams_change_nothing(places, redirected: str) -> None:
    arguments = ("describe", *filled(PRINTS["describe"], places))
    done = run(arguments, redirected)
    assert done.returncode == 0, done.stderr
    assert "thunder" in done.stdout
    done = run(("describe", "nowhere.wav"), redirected)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("command", ["separate", "render"])
def test_a_full_disk(places, tmp_path: Path, command: str) -> None:
    """A limit on the size of a file stands for it: the system refuses a write in the same way."""
    out = tmp_path / "out"
    arguments = {
        "separate": ("SOUND", "-o", str(out)),
        "render": ("SOUND", "-o", str(out / "show.mp4"), "--panels", "0"),
    }[command]
    limited = [
        "sh", "-c", 'ulimit -f 8; exec "$@"', "sh", sys.executable, "-m", "live.program", command,
        *filled((*arguments, "--bundle", "BUNDLE", "--runtime", "onnxruntime"), places),
    ]  # fmt: skip
    done = subprocess.run(
        limited, capture_output=True, text=True, timeout=110, cwd=ROOT,
        env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    line = done.stderr.splitlines()[-1]
    assert line.startswith(f"soundglass: cannot write {out}")
    assert "File too large" in line
    assert ".part" not in line
    assert [path for path in out.rglob("*") if path.is_file()] == []


_SHORT = """
import resource, sys
import numpy, onnxruntime
from engine.bundle.load import load_bundle
from live import cli
from live.show import models
from live.commands import describe

whole = load_bundle(sys.argv[2])
opened = type(whole).models
def short(*given, **named):
    size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + (4 << 20),) * 2)
    return opened(*given, **named)
type(whole).models = short
sys.exit(cli.main(["describe", sys.argv[1], "--bundle", sys.argv[2], "--runtime", "onnxruntime"]))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_too_little_memory_is_no_reason_to_install_anything(places) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SHORT, places["SOUND"], "picturebook"],
        capture_output=True, text=True, timeout=110, cwd=ROOT,
    )  # fmt: skip
    line = one_line(done)
    assert "too little memory" in line
    assert "install" not in line


NAMES = {
    "no utf-8": (b"n\xe4me.wav", "n\\xe4me.wav"),
    "escape codes": (b"a\x1b]0;b\x07.wav", "a\\x1b]0;b\\x07.wav"),
    "a line break": (b"a\nb.wav", "a\\nb.wav"),
    "turned round": ("gpj.\u202evaw".encode(), "gpj.\\u202evaw"),
    "300 letters": (b"a" * 300, "too long"),
    "no such user": (b"~nouser-at-all/x.wav", "~nouser-at-all"),
}


@pytest.mark.parametrize(("name", "said"), NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("command", ["describe", "separate", "render", "live"])
def test_a_name_is_printed_harmless(command: str, name: bytes, said: str, capfd, tmp_path) -> None:
    shown = os.fsdecode(name)
    arguments = {
        "describe": [shown],
        "separate": [shown, "-o", str(tmp_path / "out")],
        "render": [shown, "-o", str(tmp_path / "out.mp4")],
        "live": ["--headless", "--input", f"./{shown}" if b"~" not in name else shown],
    }[command]
    assert cli.main([command, *arguments]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert said in err
    assert "\x1b" not in err


@pytest.mark.parametrize("option", ["--bundle", "--settings", "--profile", "-o"])
@pytest.mark.parametrize("name", [b"n\xe4\x1b[31m\n", b"a" * 300, b"~nouser-at-all/x", b""])
def test_no_option_is_a_traceback(option: str, name: bytes, places, capfd, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    given = ["separate", places["SOUND"], "-o", "out", option, os.fsdecode(name)]
    if option == "-o" and name.startswith(b"n"):
        given += ["--bundle", "nothing"]  # the name itself is good enough for a folder
    assert cli.main(given) == 2
    err = capfd.readouterr().err
    assert err.count("\n") == 1
    assert "\x1b" not in err
    assert len(err) < 600


@pytest.mark.parametrize("command", ["describe", "separate", "live"])
def test_the_folder_it_was_started_in_is_gone(command: str, places, tmp_path: Path) -> None:
    arguments = {
        "describe": ("x.wav",),
        "separate": (places["SOUND"], "-o", "out"),
        "live": ("--save-settings", "s.toml"),
    }[command]
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        ["sh", "-c", 'cd "$0" && rmdir "$0" && exec "$@"', str(tmp_path / "gone"), sys.executable,
         "-m", "live.program", command, *arguments],
        capture_output=True, text=True, timeout=110, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "is gone" in one_line(done)


@pytest.mark.parametrize(
    "environment",
    [{"HOME": None}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"HOME": "/nowhere"}],
    ids=str,
)
def test_a_bare_environment(places, environment: dict[str, str | None]) -> None:
    done = run(("describe", *filled(PRINTS["describe"], places)), environment=environment)
    assert done.returncode == 0, done.stderr
    assert "thunder" in done.stdout
    assert "nowhere" in one_line(run(("describe", "nowhere-Ä.wav"), environment=environment))


def test_a_fault_of_the_program_is_no_fault_of_the_world(monkeypatch, capfd) -> None:
    """It keeps its traceback and is not taken for a mistake of whoever types."""
    for fault in (RuntimeError("a bug"), KeyError("a"), ValueError("x"), RecursionError("deep")):
        def broken(given: list[str], fault: Exception = fault) -> int:
            raise fault

        monkeypatch.setattr(cli, "_dispatch", broken)
        with pytest.raises(type(fault)):
            cli.main([])
    assert "soundglass:" not in capfd.readouterr().err
