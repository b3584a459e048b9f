"""Nothing leaves the machine: no look-up, no connection, no file outside the program's folders."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile

from tests.tiny_models import tone_of
from tests.watched import Seen, strace_fault, under_audit, under_strace

COMMANDS = {
    "live": "live --headless --input demo --duration 2 --events e.jsonl --record a.mp4",
    "describe": "describe owl.wav",
    "separate": "separate owl.wav -o apart",
    "render": "render owl.wav -o owl.mp4",
    "engines": "engines --build --runtime openvino",
    "tune": "tune --quick --target-ms 5000 --min-scenes 0 -o plot.png",
}


def given(name: str, bundle: Path, folder: Path) -> list[str]:
    """Arguments of a command, with a sound to hear in its folder."""
    folder.mkdir(exist_ok=True)
    soundfile.write(folder / "owl.wav", tone_of("owl", 4.2), 16000)
    return [*COMMANDS[name].split(), "--bundle", str(bundle)]


def check(seen: Seen) -> None:
    """See that it worked, and reached for nothing."""
    assert seen.code == 0, seen.said
    assert seen.network == []
    assert seen.files == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", list(COMMANDS))
def test_no_process_opens_a_socket_or_a_strange_file(
    name: str, small_bundle: Path, tmp_path: Path
) -> None:
    fault = strace_fault()
    if fault:
        pytest.skip(fault)
    check(under_strace(given(name, small_bundle, tmp_path), tmp_path))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["live", "describe", "engines"])
def test_no_python_asks_for_a_name_or_a_connection(
    name: str, small_bundle: Path, tmp_path: Path
) -> None:
    check(under_audit(given(name, small_bundle, tmp_path), tmp_path))


def test_both_watchers_see_a_look_up_and_a_strange_file(tmp_path: Path) -> None:
    """They are no good if they are blind."""
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "__init__.py").touch()
    (tmp_path / "live" / "program.py").write_text(
        "import pathlib, socket\n"
        "(pathlib.Path.home() / 'id').write_text('1')\n"
        "try: socket.create_connection(('127.0.0.1', 9), 1)\n"
        "except OSError: pass\n"
    )
    for number, watch in enumerate((under_audit, under_strace)):
        if watch is under_strace and strace_fault():
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "live").symlink_to(tmp_path / "live")
        seen = watch([], folder)
        assert seen.code == 0, seen.said
        assert seen.network
        assert [Path(path).name for path in seen.files] == ["id"]
