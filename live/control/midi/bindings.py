"""Which knob of which device plays which control: a TOML file in the configuration folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from live.errors import UserError
from live.paths.write_whole import write_whole
from live.settings.file import default_settings_path, encode_settings
from live.settings.text import read_toml

_HEADING = "# What MIDI knobs play, by device and knob; written when one is learnt or unlearned.\n"


@dataclass(frozen=True, slots=True)
class Binding:
    """What a knob plays."""

    control: str
    """Name of the control."""
    low: float = 0.0
    """Where the control stands, as a fader's place in [0, 1], when the knob is at its bottom."""
    high: float = 1.0
    """The same for its top; less than `low` for a knob that goes the other way round."""

    def share(self, place: float) -> float:
        """Return the fader's place for a knob's place, both in [0, 1]."""
        return self.low + place * (self.high - self.low)


def bindings_path() -> Path:
    """Return where they are kept; the file need not exist."""
    return default_settings_path().parent / "midi.toml"


class Bindings:
    """Those of all devices that were ever learnt, plugged in or not."""

    def __init__(self) -> None:
        """Read them.

        Raises:
            UserError: the file is not right; the line names it and the place. It is left as it is.
        """
        path = bindings_path()
        given = read_toml(path, "MIDI file", "remove it") if path.exists() else {}
        self._of: dict[str, dict[str, Binding]] = {
            device: {k: _binding(b, f"MIDI file {path}: {device}: {k}") for k, b in knobs.items()}
            for device, knobs in _tables(given, path)
        }

    def get(self, device: str, knob: str) -> Binding | None:
        """Return what a knob plays; None for nothing."""
        return self._of.get(device, {}).get(knob)

    def knobs(self, control: str) -> list[str]:
        """Return the knobs that play a control, in words."""
        return [
            f"{knob} of {device}"
            for device, knobs in self._of.items()
            for knob, binding in knobs.items()
            if binding.control == control
        ]

    def learn(self, device: str, knob: str, control: str) -> None:
        """Let a knob play a control, whatever it played before.

        Raises:
            UserError: it cannot be written.
        """
        self._of.setdefault(device, {})[knob] = Binding(control)
        self._write()

    def unlearn(self, control: str) -> int:
        """Take a control from all knobs; return from how many.

        Raises:
            UserError: it cannot be written.
        """
        count = len(self.knobs(control))
        for device, knobs in self._of.items():
            self._of[device] = {k: b for k, b in knobs.items() if b.control != control}
        self._write()
        return count

    def set_end(self, control: str, end: int, share: float) -> int:
        """Let the knobs of a control end (0: bottom, 1: top) at a place; return how many have.

        Raises:
            UserError: it cannot be written.
        """
        change = {"high" if end else "low": share}
        for knobs in self._of.values():
            for knob, binding in knobs.items():
                if binding.control == control:
                    knobs[knob] = replace(binding, **change)
        self._write()
        return len(self.knobs(control))

    def _write(self) -> None:
        lines = [_HEADING]
        for device, knobs in self._of.items():
            lines.append(f"[{json.dumps(device, ensure_ascii=False)}]")
            lines += [
                f'"{knob}" = {{ control = "{b.control}", low = {b.low:.6g}, high = {b.high:.6g} }}'
                for knob, b in knobs.items()
            ]
            lines.append("")
        write_whole(bindings_path(), encode_settings("\n".join(lines)))


def _tables(given: dict[str, Any], path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for device, knobs in given.items():
        if not isinstance(knobs, dict):
            raise UserError(f"MIDI file {path}: {device} is no table of knobs.")
        yield device, knobs


def _binding(given: Any, where: str) -> Binding:
    if isinstance(given, dict) and set(given) <= {"control", "low", "high"}:
        control, low, high = given.get("control"), given.get("low", 0.0), given.get("high", 1.0)
        ends = [each for each in (low, high) if _is_share(each)]
        if isinstance(control, str) and len(ends) == 2:
            return Binding(control, float(low), float(high))
    raise UserError(
        f'{where} is not of the form {{ control = "light", low = 0.0, high = 1.0 }}, with ends '
        "from 0 to 1."
    )


def _is_share(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= 1
