"""What a MIDI message says of a knob, a fader or a pad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_BEND = 8192


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a knob stands."""

    knob: str
    """Kind, channel from 1 and number: "cc 1 7", "note 10 36", "pitch 1"."""
    place: float
    """In [0, 1]; of a pad 1 when it is struck and 0 when it is let go."""
    pad: bool
    """Whether it is struck and not moved."""


def reading_of(message: Any) -> Reading | None:
    """Return what a message of mido's says; None for one that is about no knob, as a clock's."""
    match message.type:
        case "control_change":
            knob = f"cc {message.channel + 1} {message.control}"
            return Reading(knob, message.value / 127, pad=False)
        case "pitchwheel":
            place = (message.pitch + _BEND) / (2 * _BEND - 1)
            return Reading(f"pitch {message.channel + 1}", place, pad=False)
        case "note_on" | "note_off":
            struck = message.type == "note_on" and message.velocity > 0
            knob = f"note {message.channel + 1} {message.note}"
            return Reading(knob, 1.0 if struck else 0.0, pad=True)
        case _:
            return None
