"""What starts the show with the desktop: a unit of systemd's, or an entry of the desktop's."""

from __future__ import annotations

import sys
from pathlib import Path

MARK = "# written by soundglass kiosk install"
"""Stands in whatever we write, so that nothing else is replaced or removed."""
WATCHDOG_S = 60
UNIT = "soundglass.service"


def command(*words: str) -> list[str]:
    """Return the command line of `soundglass WORDS` with this Python, from any folder."""
    return [sys.executable, "-P", "-m", "live.program", *words]


def unit_text(settings: Path, headless: bool) -> str:
    """Return the systemd unit. settings: the file that the show is started with."""
    target = "default.target" if headless else "graphical-session.target"
    bound = "" if headless else f"PartOf={target}\nAfter={target}\n"
    run = " ".join(map(quoted, command("kiosk", "run", "--settings", str(settings))))
    ended = " ".join(map(quoted, command("kiosk", "ended")))
    return f"""\
{MARK}
[Unit]
Description=Soundglass
{bound}StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={run}
ExecStopPost={ended}
Restart=always
RestartSec=2
WatchdogSec={WATCHDOG_S}
TimeoutStartSec=600
TimeoutStopSec=30
SuccessExitStatus=143

[Install]
WantedBy={target}
"""


def desktop_entry(settings: Path) -> str:
    """Return the entry of the desktop's autostart folder (XDG)."""
    words = command("kiosk", "supervise", "--settings", str(settings))
    run = " ".join(map(_quoted_for_desktop, words))
    return f"""\
{MARK}
[Desktop Entry]
Type=Application
Name=Soundglass
Comment=Listens to this place and paints what it hears
Exec={run}
Terminal=false
X-GNOME-Autostart-enabled=true
"""


def quoted(word: str) -> str:
    """Return a word as systemd reads it back: see systemd.service(5), command lines."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _quoted_for_desktop(word: str) -> str:
    """As the Desktop Entry Specification has it: quoting first, then the escapes of a string."""
    for letter in '\\"`$':
        word = word.replace(letter, f"\\{letter}")
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'
