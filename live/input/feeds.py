"""What a show listens to: a microphone, a file or the demo, each feeding the ring by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from live.input.microphone_feed import MicrophoneFeed
from live.input.shared_ring import SharedRing
from live.input.sound_feed import SoundFeed
from live.messages import Messages
from live.paths.input_path import is_there
from live.sounds.bytes import STDIN, is_stream
from live.sounds.file import DEMO, open_sound


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
    """Return the feed for "mic", "demo", a sound file, "-", or a microphone's number or name.

    What looks like a file (it exists, or has a suffix or a folder) is one; it must be at least as
    long as a window, unless it is a stream, which is played from its first sound on. For messages
    and waits see `MicrophoneFeed`.

    Raises:
        UserError: the file cannot be used.
    """
    if wanted == DEMO:
        return SoundFeed(shared, open_sound(DEMO), loop=True)
    if looks_like_a_file(wanted):
        at_least_s = 0.0 if is_stream(wanted) else window_s
        return SoundFeed(shared, open_sound(wanted, at_least_s), loop=False)
    return MicrophoneFeed(shared, wanted, waits=waits, messages=messages)


def looks_like_a_file(wanted: str) -> bool:
    """Whether a name is meant as a file rather than a microphone such as "hw:1,0" or "2".

    "mic" and a number are microphones even where there is a file of that name; ./mic is the file.
    """
    if wanted == STDIN or "/" in wanted:
        return True
    if wanted == "mic" or wanted.isdigit():
        return False
    suffix = Path(wanted).suffix[1:]
    return is_there(wanted) or (suffix.isalnum() and not suffix.isdigit())
