"""The desk: where all hands meet. Every adapter asks it, and hears from it what came of that."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from live.control.actions import CONTROLS
from live.control.crossing import Crossing, glides
from live.control.cues import Cue, CueClock
from live.control.declared import Control, Kind, Link, Value, Window
from live.control.lane import Lane, Slots
from live.control.presets import free_name, read_preset, write_preset
from live.control.values import said, share_of, step_from, value_at, value_of
from live.errors import UserError
from live.suggest import did_you_mean

if TYPE_CHECKING:
    from live.show.session import Session

REST_S = 0.3
"""What opens models or hears anew waits until a hand has rested for so long."""
CROSSFADE_S = 3.0
"""What a hand chooses crosses over in the pictures in this time; a preset in its own."""
FIRST_CROSS_S = 3.0


class Knobs(Protocol):
    """What the desk asks of MIDI."""

    def learn(self, name: str) -> str:
        """Give a control to the knob that is moved next; return what there is to say."""
        ...

    def unlearn(self, name: str) -> str:
        """Take a control from all knobs; return what there is to say."""
        ...

    def played_by(self, name: str) -> str:
        """Return which knobs play a control, in words; empty for none."""
        ...

    def set_end(self, name: str, end: int, share: float) -> str:
        """Let a control's knobs end (0: at the bottom, 1: at the top) there, in [0, 1]."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of something that was asked for."""

    names: tuple[str, ...]
    """Of controls."""
    origin: str
    """Who asked: "keys", "osc 127.0.0.1:9001", "midi Launchpad", "cue 2"."""
    line: str = ""
    """What there is to say of it; empty when nothing."""
    failed: bool = False
    """Whether the line is a complaint, and nothing was changed."""


class Desk:
    """The controls of one running show. Every method may be called from any thread.

    `ask` puts a value into its control's slot and returns; `apply` does it at once.
    """

    def __init__(self, session: Session, controls: Sequence[Control] = CONTROLS) -> None:
        """session: has started. Nothing runs before the first hand asks for something."""
        self.session = session
        self.controls: dict[str, Control] = {control.name: control for control in controls}
        self.window: Window | None = None
        self.preset, self.cross_s = "", FIRST_CROSS_S
        self.chosen = next(iter(self.controls), "")
        self.links: Mapping[str, Link] = {}
        self.recording_to = ""
        self.knobs: Knobs | None = None
        self.origins: dict[str, str] = {}
        """Who has asked for a control last, by its name."""
        self._window_slots: Slots = {}
        self._window_lock = threading.Lock()
        self._quick = Lane("hands", self._take)
        self._slow = Lane("slow hands", self._take)
        self._crossing: Crossing | None = None
        self._cues: Sequence[Cue] = ()
        self._cue_clock: CueClock | None = None
        self._cue = -1
        self._told: list[Callable[[Outcome], None]] = []

    def stop(self) -> None:
        """Take nothing more; what is under way is waited for."""
        if self._cue_clock is not None:
            self._cue_clock.stop()
        if self._crossing is not None:
            self._crossing.stop()
        self._quick.stop()
        self._slow.stop()

    def listen(self, told: Callable[[Outcome], None]) -> None:
        """Have every outcome that has a line told, on whichever thread it came about."""
        self._told.append(told)

    # --- asking --------------------------------------------------------------------------------

    def find(self, name: str) -> Control:
        """Return a control.

        Raises:
            UserError: there is none of that name; the line has the nearest.
        """
        control = self.controls.get(name)
        if control is None:
            hint = did_you_mean(name, self.controls)
            raise UserError(f"there is no control {name[:80]!r}.{hint}")
        return control

    def value(self, name: str) -> Value:
        """Return the value of a control now.

        Raises:
            UserError: there is no such control, or it needs a window and there is none.
        """
        return self.find(name).read(self)

    def values(self) -> Iterator[tuple[Control, Value]]:
        """Yield every control that can be read now, with its value."""
        for control in self.controls.values():
            if self.window is not None or not control.on_window:
                yield control, control.read(self)

    def ask(self, name: str, given: Any, origin: str) -> None:
        """Put a value, in real units, into a control's slot.

        Raises:
            UserError: there is no such control, or it does not take this value.
        """
        control = self.find(name)
        self._put(control, value_of(control, given), origin)

    def ask_at(self, name: str, share: Any, origin: str) -> None:
        """Put the value at a fader's place, from 0 to 1, into a control's slot.

        Raises:
            UserError: there is no such control, or the place is no number from 0 to 1.
        """
        control = self.find(name)
        self._put(control, value_at(control, share), origin)

    def _put(self, control: Control, value: Value, origin: str) -> None:
        if control.kind is Kind.ACTION and not value:
            return  # the button was let go
        if self._crossing is not None:
            self._crossing.leave(control.name)
        self._into_slot(control, value, origin)
        self.origins[control.name] = origin

    def _into_slot(self, control: Control, value: Value, origin: str) -> None:
        if control.on_window:
            if self.window is None:
                raise UserError(f"{control.name}: this show has no window.")
            with self._window_lock:
                self._window_slots[control.name] = (value, origin)
            return
        lane = self._slow if control.slow else self._quick
        lane.put({control.name: value}, origin, REST_S if control.rests else 0.0)

    def serve_window(self) -> None:
        """Do what hands asked of the window; the window calls it on its own thread."""
        with self._window_lock:
            slots, self._window_slots = self._window_slots, {}
        if slots:
            self._take(slots)

    # --- doing ---------------------------------------------------------------------------------

    def apply(
        self, values: Mapping[str, Value], origin: str, crossfade_s: float = CROSSFADE_S
    ) -> str:
        """Set controls at once, on the caller's thread; return what there is to say of it.

        Raises:
            UserError: a control cannot be set so; the settings among them are changed together or
                not at all.
            BundleError, RuntimeMissing: models cannot be opened.
        """
        controls = [self.find(name) for name in values]
        self.origins.update(dict.fromkeys(values, origin))
        if self._crossing is not None and self._crossing.origin != origin:
            for name in values:
                self._crossing.leave(name)
        settings = {c.attribute: values[c.name] for c in controls if c.attribute}
        if settings:
            self.session.cross_in(crossfade_s)
            self.session.change(**settings)
        lines = []
        for control in controls:
            if control.write is None:
                continue
            line = control.write(self, values[control.name])
            if line:
                lines.append(line)
        return "; ".join(lines)

    def _take(self, slots: Slots) -> None:
        """Apply what was in slots, all of an origin together; never raises."""
        for origin in dict.fromkeys(origin for _, origin in slots.values()):
            values = {name: value for name, (value, who) in slots.items() if who == origin}
            try:
                line, failed = self.apply(values, origin), False
            except Exception as error:
                if len(values) > 1:  # one of them must not keep the others from being taken up
                    for name, value in values.items():
                        self._take({name: (value, origin)})
                    continue
                line, failed = _line_of(error), True
            if line:
                self.tell(Outcome(tuple(values), origin, line, failed))

    def tell(self, outcome: Outcome) -> None:
        """Hand an outcome to everybody who listens."""
        for told in self._told:
            told(outcome)

    # --- what controls do beside the show ------------------------------------------------------

    def recall(self, preset: str, cross_s: float | None = None, origin: str = "") -> str:
        """Cross over to a preset; return what there is to say."""
        wanted = read_preset(preset, self.controls)
        seconds = self.cross_s if cross_s is None else cross_s
        origin = origin or f"preset {preset}"
        if self._crossing is not None:
            self._crossing.stop()
        gliding = {n: float(v) for n, v in wanted.values.items() if glides(self.controls[n])}
        now: dict[str, Value] = {}
        for name, value in wanted.values.items():
            control = self.controls[name]
            if name in gliding or (control.on_window and self.window is None):
                continue
            if control.on_window or control.slow:
                self._into_slot(control, value, origin)
            else:
                now[name] = value
        now.pop("preset", None)
        if now:
            self.apply(now, origin, seconds)
        begin = {name: float(self.controls[name].read(self)) for name in gliding}
        self._crossing = Crossing(begin, gliding, seconds, origin, self._quick.put)
        self.preset = preset
        return wanted.left_out or f"preset {preset}, in {seconds:g} s"

    def save(self, said: str) -> str:
        """Save a preset, named by the first word, of the controls that the others name."""
        name, *wanted = said.split() or [free_name()]
        chosen = [self.find(each) for each in wanted] or [
            c for c in self.controls.values() if c.attribute and not c.slow
        ]
        for control in chosen:
            if control.is_done:
                raise UserError(f"{control.name} is done and has no value for a preset to keep.")
        values = {control.name: control.read(self) for control in chosen}
        return f"saved {write_preset(name, values, self.controls)}"

    def choose(self, name: str) -> str:
        """Choose the control that is stepped and learnt; return what there is to say of it."""
        self.chosen = name
        control = self.find(name)
        now = "" if control.is_done else f" is {said(control, control.read(self))}"
        knobs = self.knobs.played_by(name) if self.knobs is not None else ""
        return f"chosen: {name}{now}{f', played by {knobs}' if knobs else ''}"

    def step(self, up: bool) -> str:
        """Move the chosen control by one step; return what there is to say."""
        control = self.find(self.chosen)
        if control.name in ("step-up", "step-down"):
            raise UserError(f"{control.name} cannot step itself: choose another control.")
        value = step_from(control, control.read(self), up)
        self._put(control, value, "step")
        return f"{control.name}: {said(control, value)}"

    def use_cues(self, cues: Sequence[Cue]) -> None:
        """Take cues from a list: each at its time, or by next-cue."""
        self._cues = cues
        self._cue_clock = CueClock(cues, self._begin_cue)
        self._cue_clock.start()

    def next_cue(self) -> str:
        """Begin the cue after the newest; return what there is to say."""
        if not self._cues:
            raise UserError("there is no cue list: start with --cues FILE.")
        index = (self._cue + 1) % len(self._cues)
        return f"cue {index + 1}: {self._recall_cue(index, self._cues[index].cross_s)}"

    def _begin_cue(self, index: int, in_force: bool) -> None:
        """Begin a cue by the clock; at once where it began before the show did."""
        names, origin = ("preset",), f"cue {index + 1}"
        try:
            line = self._recall_cue(index, 0.0 if in_force else self._cues[index].cross_s)
            self.tell(Outcome(names, origin, f"{origin}: {line}"))
        except Exception as error:
            self.tell(Outcome(names, origin, f"{origin}: {_line_of(error)}", failed=True))

    def _recall_cue(self, index: int, cross_s: float | None) -> str:
        self._cue = index
        return self.recall(self._cues[index].preset, cross_s, f"cue {index + 1}")

    def learn(self) -> str:
        """Give the chosen control to the next knob that is moved; return what there is to say."""
        return self._midi.learn(self.find(self.chosen).name)

    def unlearn(self) -> str:
        """Take the chosen control from all knobs; return what there is to say."""
        return self._midi.unlearn(self.find(self.chosen).name)

    def turning_point(self, end: int) -> str:
        """Let the chosen control's knobs end (0: at the bottom, 1: at the top) where it is now."""
        control = self.find(self.chosen)
        return self._midi.set_end(control.name, end, share_of(control, control.read(self)))

    @property
    def _midi(self) -> Knobs:
        if self.knobs is None:
            raise UserError("MIDI is off: start with --midi.")
        return self.knobs


def _line_of(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else repr(error)
