"""What the commands read and write, as far as settings and options say: see `live.paths.apart`."""

from __future__ import annotations

import argparse
from pathlib import Path

from live.paths.apart import STANDARD, Place
from live.settings.model import Settings

FRAMES = r"frame-\d+\.png"
"""Names of the files in the folder of --frames."""
STEMS = r"\d{8}-\d{6}-.*\.wav"
"""Names of those in the folder of --stems: when a file begins, the label, the track's number."""


def places_read(parsed: argparse.Namespace, settings: Settings) -> list[Place]:
    """Return the sound, the settings file, the profile and the bundle's files."""
    from live.settings.file import default_settings_path

    read = places_named(parsed, settings)
    if getattr(parsed, "settings", None) is None:
        read.append(Place(default_settings_path(), "your settings file"))
    return read


def places_named(parsed: argparse.Namespace, settings: Settings) -> list[Place]:
    """Return the same without a settings file that nobody named."""
    read = _sound(parsed, settings)
    if getattr(parsed, "settings", None) is not None:
        read.append(Place(parsed.settings, "--settings"))
    if settings.cues is not None:
        read.append(Place(settings.cues, "--cues"))
    if getattr(parsed, "profile", None) is not None:
        from live.settings.profiles import profile_path

        read.append(Place(profile_path(parsed.profile), "--profile"))
    return [*read, *_bundle(settings.bundle)]


def places_written(settings: Settings) -> list[Place]:
    """Return the files of a show that the settings ask for."""
    files = {
        "--events": settings.events,
        "--log": settings.log,
        "--record": settings.record,
        "--trace": settings.trace,
    }
    written = [
        Place(STANDARD["output"] if str(path) == "-" else path, name)
        for name, path in files.items()
        if path is not None
    ]
    if settings.frames is not None:
        written.append(Place(settings.frames, "--frames", FRAMES))
    if settings.stems is not None:
        written.append(Place(settings.stems, "--stems", STEMS))
    return written


def _sound(parsed: argparse.Namespace, settings: Settings) -> list[Place]:
    positional = getattr(parsed, "file", None)
    name, said_as = (settings.input, "--input") if positional is None else (positional, "FILE")
    if name in ("mic", "demo"):
        return []
    if name == "-":
        return [Place(STANDARD["input"], said_as)]
    try:
        path = Path(name).expanduser()
        # What is not there is a microphone's name, or is complained about when it is opened.
        return [Place(path, said_as)] if path.exists() else []
    except (OSError, RuntimeError, ValueError):
        return []


def _bundle(name: str) -> list[Place]:
    from engine.bundle.load import BundleError, find_bundle

    try:
        files = sorted(find_bundle(name).iterdir())
    except (BundleError, OSError, RuntimeError):
        return []  # it is complained about when it is opened
    return [Place(path, "a file of the bundle") for path in files]
