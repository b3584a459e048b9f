"""From a moved knob to its control: learning, the ends of a knob, soft take-over."""

from __future__ import annotations

import threading
from typing import Any

from live.control.declared import Control, Kind
from live.control.desk import Desk, Outcome
from live.control.midi.bindings import Binding, Bindings
from live.control.midi.readings import Reading, reading_of
from live.control.values import share_of
from live.errors import UserError

NEAR = 2.5 / 127
"""A knob that is so near to its control's value has taken it over."""


class Player:
    """Takes the messages of all devices, from any thread; the desk's `knobs`."""

    def __init__(self, desk: Desk) -> None:
        """Raises UserError when what was learnt before cannot be read."""
        self._desk = desk
        self._bindings = Bindings()
        self._learning = ""
        self._places: dict[tuple[str, str], float] = {}
        """Of each knob that was moved: where it was last."""
        self._lock = threading.Lock()

    def take(self, device: str, message: Any) -> None:
        """Play a message of mido's that a device has sent; what is wrong becomes a line."""
        reading = reading_of(message)
        if reading is None:
            return
        with self._lock:
            before = self._places.get((device, reading.knob))
            self._places[device, reading.knob] = reading.place
            learning, self._learning = self._learning, ""
        origin = f"midi {device}"
        try:
            if learning:
                self._bindings.learn(device, reading.knob, learning)
                line = f"{reading.knob} of {device} plays {learning}"
                self._desk.tell(Outcome((learning,), origin, line))
                return
            binding = self._bindings.get(device, reading.knob)
            if binding is not None:
                self._play(self._desk.find(binding.control), binding, reading, before, origin)
        except UserError as error:
            self._desk.tell(Outcome((), origin, str(error), failed=True))

    def _play(
        self,
        control: Control,
        binding: Binding,
        reading: Reading,
        before: float | None,
        origin: str,
    ) -> None:
        if control.is_done or control.kind is Kind.SWITCH:
            self._press(control, reading, before or 0.0, origin)
        elif reading.pad:
            if reading.place:
                self._desk.ask_at(control.name, binding.high, origin)
        elif self._desk.origins.get(control.name) == origin or self._caught(
            control, binding, reading.place, before
        ):
            self._desk.ask_at(control.name, binding.share(reading.place), origin)

    def _press(self, control: Control, reading: Reading, before: float, origin: str) -> None:
        """Play a button, or a knob that stands for one: it counts when it passes its middle."""
        down = reading.place >= 0.5
        if down == (before >= 0.5):
            return
        if control.kind is Kind.SWITCH and reading.pad:
            if down:
                self._desk.ask(control.name, not self._desk.value(control.name), origin)
        elif control.kind is Kind.SWITCH or down:
            self._desk.ask(control.name, down, origin)

    def _caught(
        self, control: Control, binding: Binding, place: float, before: float | None
    ) -> bool:
        """Whether a knob has come to, or gone past, where another hand has put its control."""
        share = share_of(control, control.read(self._desk))
        now = binding.share(place) - share
        then = now if before is None else binding.share(before) - share
        return abs(now) <= NEAR or now * then < 0

    # -- what hands may ask of MIDI; see live.control.desk.Knobs --------------------------------

    def learn(self, name: str) -> str:
        """Give a control to the knob that is moved next."""
        with self._lock:
            self._learning = name
        return f"move a knob or strike a pad: it will play {name}"

    def unlearn(self, name: str) -> str:
        """Take a control from all knobs; nor does the next knob get it."""
        with self._lock:
            self._learning = ""
        count = self._bindings.unlearn(name)
        return f"{name} is taken from {count} knob{'' if count == 1 else 's'}"

    def set_end(self, name: str, end: int, share: float) -> str:
        """Let a control's knobs end (0: at the bottom, 1: at the top) there, in [0, 1]."""
        if not self._bindings.set_end(name, end, share):
            raise UserError(f"no knob plays {name}: learn one first.")
        where = "top" if end else "bottom"
        return f"the {where} of its knobs is {name} as it is now"

    def played_by(self, name: str) -> str:
        """Return which knobs play a control, in words; empty for none."""
        return ", ".join(self._bindings.knobs(name))
