"""Runs a command in a fresh home folder and tells what it reached for: the network, other files.

Two ways: under strace, which sees what native libraries do too, and with Python's own audit events
in every process that is started, which needs nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
OWN = (".cache/soundglass", ".config/soundglass", ".local/share/soundglass")
"""The program's folders in a home folder."""
_WATCH = """
import os, sys
_LOG = os.open(os.environ["WATCH_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto"}

def _look(event, given):
    asks = event in _NAMES or (event == "socket.connect" and isinstance(given[1], tuple))
    if asks:
        os.write(_LOG, f"{event} {given[1:] if event.endswith('connect') else given}\\n".encode())
        raise PermissionError("no network here")

sys.addaudithook(_look)
"""
_CALLS = "trace=network,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,symlink,link"
_INTERNET = re.compile(r"AF_INET6?\b|sin_port|sin6_port")
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MAKES = ("mkdir", "rename", "creat", "symlink", "link")


@dataclass
class Seen:
    """What a command did."""

    code: int
    said: str
    network: list[str] = field(default_factory=list)
    """Every connection and look-up that was tried, as told by the watcher."""
    files: list[str] = field(default_factory=list)
    """Every path made or written outside the folders that are the command's to write."""


def strace_fault() -> str | None:
    """Why strace cannot watch here, None if it can."""
    if shutil.which("strace") is None:
        return "strace is not installed (apt install strace)"
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True)
    return None if tried.returncode == 0 else "processes may not be traced here (ptrace)"


def under_strace(arguments: list[str], folder: Path) -> Seen:
    """Run `soundglass ARGUMENTS` under strace; folder is where it may write."""
    log = folder / "strace"
    traced = ["strace", "-f", "-qq", "-y", "--seccomp-bpf", "-s", "300", "-e", _CALLS, "-o", log]
    code, said = _run([*map(str, traced)], arguments, folder, {})
    lines = log.read_text(errors="replace").splitlines()
    network = [line for line in lines if _INTERNET.search(line)]
    return Seen(code, said, network, sorted(_written(lines, folder) | _strange(folder)))


def under_audit(arguments: list[str], folder: Path) -> Seen:
    """Run `soundglass ARGUMENTS` with name look-ups and connections refused in every process."""
    watch, log = folder / "watch", folder / "asked"
    watch.mkdir(parents=True, exist_ok=True)
    (watch / "sitecustomize.py").write_text(_WATCH)
    paths = os.pathsep.join([str(watch), str(ROOT)])
    code, said = _run([], arguments, folder, {"PYTHONPATH": paths, "WATCH_LOG": str(log)})
    return Seen(code, said, log.read_text().splitlines(), sorted(_strange(folder)))


def _run(
    before: list[str], arguments: list[str], folder: Path, more: dict[str, str]
) -> tuple[int, str]:
    home, temporary = folder / "home", folder / "tmp"
    for each in (home, temporary):
        each.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    kept = {name: value for name, value in kept.items() if name not in SET_BY_THE_PROGRAM}
    env = kept | {
        "HOME": str(home), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(ROOT), **more,
    }  # fmt: skip
    done = subprocess.run(
        [*before, sys.executable, "-m", "live.program", *arguments],
        env=env, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=540,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


SET_BY_THE_PROGRAM = ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY")
"""The tests' own process has loaded the program, and hands on what that set."""


def _written(lines: list[str], folder: Path) -> set[str]:
    """Paths that were made or opened for writing where the command has no business."""
    found = set()
    for line in lines:
        call = line.split(maxsplit=1)[-1]
        if " = -1 " in call or call.startswith(("<...", "+++", "---")):
            continue
        if call.startswith("open") and not _WRITING.search(call):
            continue
        if not call.startswith(("open", *_MAKES)):
            continue
        quoted = _QUOTED.findall(call)
        path = Path(quoted[-1]) if quoted else Path()
        path = path if path.is_absolute() else _beside(call, path, folder)
        if not _allowed(path, folder):
            found.add(str(path))
    return found


def _beside(call: str, path: Path, folder: Path) -> Path:
    """A path relative to an open folder, which strace -y names."""
    named = re.search(r"<(/[^>]*)>", call)
    return Path(named[1] if named else folder) / path


def _allowed(path: Path, folder: Path) -> bool:
    if path.is_relative_to("/dev") or path.is_relative_to("/proc"):
        return True
    home = folder / "home"
    if not path.is_relative_to(home):
        return path.is_relative_to(folder)
    inside = path.relative_to(home)
    return any(inside.is_relative_to(own) or Path(own).is_relative_to(inside) for own in OWN)


def _strange(folder: Path) -> set[str]:
    """What lies in the home folder afterwards and is not the program's."""
    return {str(path) for path in (folder / "home").rglob("*") if not _allowed(path, folder)}
