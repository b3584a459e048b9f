"""Puts in place what starts the show with the desktop, says how it stands, and takes it away."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from live.errors import UserError
from live.kiosk.runs import runs_path
from live.kiosk.unit import MARK, UNIT, desktop_entry, unit_text
from live.paths.write_whole import write_whole
from live.settings.file import encode_settings, settings_text
from live.settings.model import SPECS, Settings


@dataclass(frozen=True, slots=True)
class Places:
    """The files of a kiosk in the user's configuration folder; they need not exist."""

    unit: Path
    entry: Path
    settings: Path


def places() -> Places:
    """Return where they are."""
    from platformdirs import user_config_path

    own = user_config_path("soundglass", appauthor=False)
    return Places(
        own.parent / "systemd" / "user" / UNIT,
        own.parent / "autostart" / "soundglass.desktop",
        own / "kiosk.toml",
    )


def has_systemd() -> bool:
    """Whether systemd runs services for this user."""
    if shutil.which("systemctl") is None:
        return False
    return _systemctl("show-environment").returncode == 0


def files_of(settings: Settings, with_systemd: bool) -> dict[Path, str]:
    """Return what is to be written where."""
    where = places()
    heading = f"{MARK.removeprefix('# ')}: settings of the show that starts by itself."
    files = {where.settings: settings_text(settings, tuple(SPECS), heading)}
    if with_systemd:
        files[where.unit] = unit_text(where.settings, settings.headless)
    else:
        files[where.entry] = desktop_entry(where.settings)
    return files


def install(settings: Settings, tell: Callable[[str], None]) -> None:
    """Write the files and start the show; tell: gets each line that there is to say.

    Raises:
        UserError: it cannot be done here, or a file of somebody else is in the way.
    """
    if not sys.platform.startswith("linux"):
        raise UserError("kiosk knows how to start the show with a Linux desktop only.")
    with_systemd = has_systemd()
    files = files_of(settings, with_systemd)
    for path in files:
        _check_ours(path)
    for path, text in files.items():
        write_whole(path, encode_settings(text))
        tell(f"wrote {path}")
    if not with_systemd:
        tell("there is no systemd for this user: the desktop starts the show when you log in.")
        return
    for words in (("daemon-reload",), ("enable", UNIT), ("restart", "--no-block", UNIT)):
        done = _systemctl(*words)
        if done.returncode:
            raise UserError(f"systemctl --user {' '.join(words)} failed: {_last_line(done)}")
    tell("the show starts now, and whenever you log in; soundglass kiosk status says how it goes.")
    if settings.headless:
        tell("loginctl enable-linger starts it without anybody logging in.")


def remove(tell: Callable[[str], None], only_say: bool = False) -> None:
    """End the show and remove the files; tell: gets each line. only_say: change nothing.

    Raises:
        UserError: a file is somebody else's, or cannot be removed.
    """
    there = [path for path in _all_files() if path.exists()]
    if not there:
        tell("no kiosk is installed.")
        return
    for path in there:
        _check_ours(path)
    if not only_say:
        if places().unit.exists() and has_systemd():
            _systemctl("disable", "--now", UNIT)
        _end_supervisor()
    for path in there:
        if not only_say:
            try:
                path.unlink()
            except OSError as error:
                raise UserError(f"cannot remove {path} ({error.strerror}).") from error
        tell(f"{'would remove' if only_say else 'removed'} {path}")
    if not only_say and has_systemd():
        _systemctl("daemon-reload")


def state() -> str:
    """Return in a few words how the kiosk stands: what starts it, and whether it runs."""
    where = places()
    if where.unit.exists():
        active = _systemctl("is-active", UNIT).stdout.strip() if has_systemd() else "not reachable"
        return f"started by systemd ({where.unit}): {active}"
    if where.entry.exists():
        running = "running" if supervisor_pid() else "not running"
        return f"started by the desktop ({where.entry}): {running}"
    return "not installed: soundglass kiosk install"


def is_installed() -> bool:
    """Whether something starts the show."""
    where = places()
    return where.unit.exists() or where.entry.exists()


def supervisor_path() -> Path:
    """Return the file that holds the process number of our own supervisor while it runs."""
    return runs_path().with_name("kiosk.pid")


def supervisor_pid() -> int | None:
    """Return the process number of our own supervisor; None while none runs."""
    import fcntl

    try:
        with supervisor_path().open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(file.read())
    except (OSError, ValueError):
        pass
    return None


def _end_supervisor() -> None:
    pid = supervisor_pid()
    if pid is not None:
        os.kill(pid, signal.SIGTERM)


def _all_files() -> Sequence[Path]:
    where = places()
    return (where.unit, where.entry, where.settings)


def _check_ours(path: Path) -> None:
    try:
        text = path.read_text("utf-8", "replace") if path.exists() else MARK
    except OSError as error:
        raise UserError(f"cannot read {path} ({error.strerror}).") from error
    if MARK.removeprefix("# ") not in text:
        raise UserError(
            f"{path} is there already and was not written by soundglass: move it away first."
        )


def _systemctl(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemctl", "--user", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stderr.strip().splitlines() or ["it said nothing"])[-1]

