"""An X server with two screens, for tests of walls: screens that go and come while it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

LEFT, RIGHT = "640/170x480/127+0+0", "640/170x480/127+640+0"
"""Pixels, millimetres and place of the two screens, as xrandr has them."""


@contextmanager
def two_screens() -> Iterator[str]:
    """Yield the name of a display with the screens "left" and "right", 640 by 480 each."""
    for program, package in (("Xvfb", "xvfb"), ("xrandr", "x11-xserver-utils")):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program} (Debian package {package})")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        # without -noreset the monitors would go with the first program that leaves
        [
            *("Xvfb", "-noreset", "-displayfd", str(writing), "-nolisten", "tcp"),
            *("-screen", "0", "1280x480x24"),
        ],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            display = f":{pipe.readline().strip()}"
        assert display != ":", "Xvfb did not start"
        plug(display, "left", LEFT, "screen")
        plug(display, "right", RIGHT)
        yield display
    finally:
        server.terminate()
        server.wait()


def plug(display: str, name: str, place: str, output: str = "none") -> None:
    """Let a screen come, or be somewhere else."""
    _xrandr(display, "--setmonitor", name, place, output)


def unplug(display: str, name: str) -> None:
    """Let a screen go."""
    _xrandr(display, "--delmonitor", name)


def _xrandr(display: str, *arguments: str) -> None:
    environment = {**os.environ, "DISPLAY": display}
    subprocess.run(["xrandr", *arguments], env=environment, check=True, capture_output=True)
