"""What a show listens to: a microphone, a file or the demo, each feeding the ring by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from live.messages import Messages
from live.microphone_feed import MicrophoneFeed
from live.shared_ring import SharedRing
from live.sound_feed import SoundFeed, at_ring_rate
from live.sound_file import DEMO, SoundFile, open_sound

__all__ = ["Feed", "at_ring_rate", "checked_sound", "looks_like_a_file", "make_feed"]

CHECKED_S = 120.0
"""How much of a file is read before the show starts, to find what cannot be read or is no number.
What comes later is a message in the running show."""


class Feed(Protocol):
    """Something that fills the ring, with silence if need be, so that its clock stays true."""

    name: str
    """What is heard, for people."""
    message: str | None
    """What keeps it from sounding, None when all is well."""
    ended: bool
    """It has come to its end; silence follows."""

    def start(self) -> None:
        """Begin to write to the ring."""
        ...

    def wait_for_first(self, timeout_s: float = ...) -> None:
        """Wait until it sounds; raises UserError when it cannot."""
        ...

    def stop(self) -> None:
        """Write no more."""
        ...


def make_feed(
    shared: SharedRing,
    wanted: str,
    window_s: float,
    messages: Messages | None = None,
    *,
    waits: bool = False,
) -> Feed:
    """Return the feed for "mic", "demo", a sound file, or a microphone's number or name.

    What looks like a file (it exists, or has a suffix or a folder) is one; it must be at least as
    long as a window. For messages and waits see `MicrophoneFeed`.

    Raises:
        UserError: the file cannot be used.
    """
    if wanted == DEMO:
        return SoundFeed(shared, open_sound(DEMO), loop=True)
    if wanted != "mic" and looks_like_a_file(wanted):
        return SoundFeed(shared, checked_sound(wanted, window_s), loop=False)
    return MicrophoneFeed(shared, wanted, waits=waits, messages=messages)


def looks_like_a_file(wanted: str) -> bool:
    """Whether a name is meant as a file rather than a microphone such as "hw:1,0" or "2"."""
    path = Path(wanted).expanduser()
    suffix = path.suffix[1:]
    return path.exists() or (suffix.isalnum() and not suffix.isdigit()) or "/" in wanted


def checked_sound(name: str, window_s: float) -> SoundFile:
    """Open a sound file and read its beginning.

    Raises:
        UserError: it cannot be read, holds no numbers, or is shorter than a window.
    """
    sound = open_sound(name, at_least_s=window_s)
    read = 0
    for block in sound.blocks():
        read += block.size
        if read > CHECKED_S * sound.sample_rate_hz:
            break
    return sound
