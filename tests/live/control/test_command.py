"""`soundglass live` with hands: a real process, found and played by another program."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from live import cli
from live.control.presets import preset_path, presets_folder
from tests.until import LONGEST_S, until


def free_port() -> int:
    """Return a port that is free for UDP and TCP."""
    with socket.socket() as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        other.bind(("127.0.0.1", port))
        return port


def test_a_show_is_played_by_osc_and_cues_and_gives_its_ports_back(
    small_bundle: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    presets_folder().mkdir(parents=True, exist_ok=True)
    preset_path("fog").write_text('light = "fog"\nglow = 1\n')
    cues = tmp_path / "cues.toml"
    cues.write_text('[[cue]]\npreset = "fog"\nat = 00:00:00\ncross = 0\n')
    there = f"127.0.0.1:{free_port()}"
    show = subprocess.Popen(
        [
            sys.executable, "-m", "live.program", "live", "--headless", "--input", "demo",
            "--bundle", str(small_bundle), "--runtime", "onnxruntime",
            "--osc", there, "--osc-out", "127.0.0.1:9", "--cues", str(cues),
        ],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        until(lambda: cli.main(["control", "light", "--to", there]) == 0)
        until(lambda: cli.main(["control", "light", "--to", there]) == 0
              and capfd.readouterr().out.endswith("light: fog\n"))  # fmt: skip
        assert cli.main(["control", "sensitivity", "6", "--to", there]) == 0
        url = f"http://{there}/soundglass/sensitivity?VALUE"
        with urllib.request.urlopen(url, timeout=LONGEST_S) as answer:
            assert json.load(answer) == {"VALUE": [6.0]}
        show.send_signal(signal.SIGINT)
        _, said = show.communicate(timeout=LONGEST_S)
    finally:
        show.kill()
    assert show.returncode == 130
    assert "there is no control glow to set; left out." in said
    assert "Traceback" not in said
    capfd.readouterr()
    assert cli.main(["control", "light", "--to", there]) == 2


def test_a_port_in_use_ends_the_start_with_one_line(
    small_bundle: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        arguments = ["live", "--headless", "--input", "demo", "--bundle", str(small_bundle)]
        arguments += ["--runtime", "onnxruntime", "--osc", f"127.0.0.1:{port}"]
        assert cli.main(arguments) == 2
    err = capfd.readouterr().err
    assert err == (
        f"soundglass: --osc: port {port} of 127.0.0.1 is in use by another program: choose "
        "another port.\n"
    )


@pytest.mark.parametrize(
    ("option", "library", "extra"),
    [
        (["--osc", "127.0.0.1:0"], "pythonosc", "stage"),
        (["--osc-out", "127.0.0.1:9"], "pythonosc", "stage"),
        (["--web", "127.0.0.1:0"], "aiohttp", "stage"),
        (["--web", "127.0.0.1:0"], "segno", "stage"),
        (["--web", "127.0.0.1:0"], "prometheus_client", "stage"),
        (["--midi"], "mido", "midi"),
        (["--link"], "link", "link"),
    ],
)
def test_a_missing_extra_is_one_line(
    small_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    option: list[str],
    library: str,
    extra: str,
) -> None:
    for name in [each for each in sys.modules if needs(each, library)]:
        monkeypatch.delitem(sys.modules, name)

    class Refuse:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name.partition(".")[0] == library:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(sys, "meta_path", [Refuse(), *sys.meta_path])
    arguments = ["live", "--headless", "--input", "demo", "--bundle", str(small_bundle)]
    assert cli.main([*arguments, "--runtime", "onnxruntime", *option]) == 2
    assert capfd.readouterr().err == (
        f"soundglass: {library} is not installed here: pip install -c constraints.txt "
        f"-e '.[{extra}]'\n"
    )


def needs(name: str, library: str) -> bool:
    """Whether a module is the library's, or loads it."""
    ours = ("live.control.osc.", "live.web.", "live.control.midi.ports", "live.control.tempo")
    return name.partition(".")[0] == library or name.startswith(ours)
