"""Runs a show in a place of its own, does the planned faults to it, and notes what came of them."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from live.errors import UserError
from live.input.private_sound_server import DEVICE
from live.settings.file import write_settings_file
from live.settings.model import Settings
from live.soak.faults import FAULTS, Rig
from live.soak.plan import FIRST_S, LAST_S, plan
from live.soak.reports import Reader, Report
from live.soak.sound import SoundServer

READY_S = 180.0
RECOVERS_S = 60.0
"""A show that does not go on so long after a fault has not survived it."""
LOOK_S = 0.1
SOUND_S = 60.0


@dataclass(frozen=True, slots=True)
class Done:
    """A fault that was done."""

    kind: str
    began_s: float
    """time.monotonic()."""
    over_s: float
    """When it was undone."""
    back_s: float | None
    """When the show went on, all of it; None if it never did."""


@dataclass(frozen=True, slots=True)
class Soaked:
    """A run."""

    began_s: float
    """When the show was ready."""
    reports: tuple[Report, ...]
    done: tuple[Done, ...]
    code: int
    """With which the show ended when it was told to; another than 143 is an end of its own."""
    said: str
    """The end of its standard error."""


def soak(
    settings: Settings, seconds: float, folder: Path, tell: Callable[[str], None]
) -> Soaked:
    """Run a show for so many seconds in an empty folder; the plan is by the seed of its settings.

    tell: gets what is being done.

    Raises:
        UserError: a program that is needed is not there, or the show does not begin.
    """
    sound = SoundServer(_made(folder / "pulse"), _soundscape(folder))
    try:
        with _display() as display:
            port, web_port = _free_port(), _free_port()
            cache = _made(folder / "cache")
            env = {**sound.env, **display, "XDG_CACHE_HOME": str(cache)}
            env["XDG_CONFIG_HOME"] = str(_made(folder / "config"))
            with (folder / "stderr").open("w") as errors:
                shown = _of_show(settings, folder, port, web_port)
                write_settings_file(shown, folder / "show.toml")
                command = ["live.program", "soak", "--show", str(folder / "show.toml")]
                show = subprocess.Popen(
                    [sys.executable, "-P", "-m", *command],
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                )
            try:
                rig = Rig(show.pid, sound, cache / "soundglass", port, web_port)
                return _watch(show, rig, seconds, settings.seed, folder, tell)
            finally:
                if show.poll() is None:
                    show.kill()
                    show.wait()
    finally:
        sound.close()


def _of_show(settings: Settings, folder: Path, port: int, web_port: int) -> Settings:
    return replace(
        settings,
        input=DEVICE,
        fullscreen=True,
        keep="100MB",
        events=folder / "events.jsonl",
        record=folder / "show.mp4",
        log=folder / "log.jsonl",
        out=(f"rtmp://127.0.0.1:{port}/live/soak",),
        web=f"127.0.0.1:{web_port}",
    )


def _watch(
    show: subprocess.Popen[str],
    rig: Rig,
    seconds: float,
    seed: int,
    folder: Path,
    tell: Callable[[str], None],
) -> Soaked:
    assert show.stdout is not None
    reader = Reader(show.stdout)
    until_s = time.monotonic() + READY_S
    while reader.newest is None or reader.newest.painted == 0:
        if show.poll() is not None or time.monotonic() > until_s:
            raise UserError(f"the show does not begin: {_last_line(folder)}")
        time.sleep(LOOK_S)
    began_s = time.monotonic()
    end_s = began_s + seconds
    tell(f"the show runs; faults for {seconds / 60:.0f} minutes")
    done: list[Done] = []
    _wait(show, min(began_s + FIRST_S, end_s))
    for planned in plan(tuple(FAULTS), seconds, seed):
        _wait(show, min(time.monotonic() + planned.pause_s, end_s))
        if show.poll() is not None or time.monotonic() > end_s - LAST_S:
            break
        done.append(_do(planned.kind, rig, show, reader))
        back_s = done[-1].back_s
        came = "it did not go on" if back_s is None else f"back {back_s - done[-1].over_s:.1f} s on"
        tell(f"{planned.kind}: {came}")
    _wait(show, end_s)
    show.terminate()
    try:
        code = show.wait(60.0)
    except subprocess.TimeoutExpired:
        show.kill()
        code = show.wait()
    reader.join()
    return Soaked(began_s, tuple(reader.reports), tuple(done), code, _last_line(folder))


def _do(kind: str, rig: Rig, show: subprocess.Popen[str], reader: Reader) -> Done:
    began_s = time.monotonic()
    FAULTS[kind].do(rig)
    over_s = time.monotonic()
    before = reader.newest
    while time.monotonic() < over_s + RECOVERS_S and show.poll() is None:
        now = reader.newest
        if now is not None and before is not None and now.at_s > over_s:
            # A show that is made to hear anew counts its windows anew.
            moves = now.heard != before.heard and now.painted > before.painted
            if moves and now.fault is None:
                return Done(kind, began_s, over_s, now.at_s)
        time.sleep(LOOK_S)
    return Done(kind, began_s, over_s, None)


def _wait(show: subprocess.Popen[str], until_s: float) -> None:
    while time.monotonic() < until_s and show.poll() is None:
        time.sleep(min(LOOK_S, max(0.0, until_s - time.monotonic())))


def _last_line(folder: Path) -> str:
    lines = (folder / "stderr").read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _soundscape(folder: Path) -> Path:
    import soundfile

    from engine.synthesis.catalogue import demo_soundscape

    path = folder / "soundscape.wav"
    samples, _ = demo_soundscape(48000, SOUND_S)
    soundfile.write(path, samples, 48000, subtype="PCM_16")
    return path


@contextmanager
def _display() -> Iterator[dict[str, str]]:
    """Yield the environment of a display of our own, or of none where there is no Xvfb."""
    if shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reads, writes = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x720x24", "-noreset"],
        pass_fds=[writes], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writes)
    try:
        if not select.select([reads], [], [], 30.0)[0]:
            raise UserError("Xvfb does not start.")
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{os.read(reads, 16).decode().strip()}"}
    finally:
        os.close(reads)
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
