"""The files that start the show, as those who read them understand them."""

import configparser
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from live.kiosk.unit import command, desktop_entry, quoted, unit_text

ODD = Path('/home/a b/100% "new"\\x $HOME/kiosk.toml')


def section(text: str, name: str) -> configparser.SectionProxy:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    read.read_string(text)
    return read[name]


def test_the_unit_watches_and_starts_again():
    service = section(unit_text(Path("/k.toml"), headless=False), "Service")
    assert service["Type"] == "notify"
    assert service["Restart"] == "always"
    assert int(service["WatchdogSec"]) > 20
    assert shlex.split(service["ExecStart"])[-4:] == ["kiosk", "run", "--settings", "/k.toml"]
    install = section(unit_text(Path("/k.toml"), headless=False), "Install")
    assert install["WantedBy"] == "graphical-session.target"
    headless = unit_text(Path("/k.toml"), headless=True)
    assert "graphical" not in headless
    assert section(headless, "Install")["WantedBy"] == "default.target"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path):
    path = tmp_path / "soundglass.service"
    path.write_text(unit_text(ODD, headless=True))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(path)],
        capture_output=True,
        text=True,
        env={"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    ours = [line for line in checked.stderr.splitlines() if "soundglass" in line]
    assert not ours


def test_names_with_everything_in_them_come_back_whole():
    written = quoted(str(ODD))
    back = written[1:-1].replace("$$", "$").replace("%%", "%")
    assert back.replace('\\"', '"').replace("\\\\", "\\") == str(ODD)
    entry = section(desktop_entry(ODD), "Desktop Entry")
    value = entry["Exec"].replace("\\\\", "\\").replace("%%", "%").replace("\\$", "$")
    assert shlex.split(value) == [*command("kiosk", "supervise", "--settings"), str(ODD)]
