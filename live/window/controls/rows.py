"""The rows of the settings panel: a name, what it is set with, and a plain word of help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from live.settings.changes import what_it_takes
from live.settings.model import SPECS, SettingSpec

SECTIONS = (
    ("Pictures", ("light", "season", "style", "steps", "size", "panels", "panels-every")),
    ("Hearing", ("sensitivity", "window", "hop")),
    ("Speed", ("target", "runtime", "threads", "precision")),
)
"""The settings by name, in the order in which people look for them."""

TITLES = {
    "size": "picture size",
    "panels-every": "panels in",
    "target": "latency target",
    "threads": "processor cores",
}
_UNITS = {"sensitivity": " dB", "window": " s", "hop": " s", "target": " ms"}
_STRIDES = {"sensitivity": 3.0, "window": 0.5, "hop": 0.05, "target": 10.0}
_PACES = ((1, ""), (2, "2nd"), (4, "4th"), (8, "8th"))

Changed = Callable[[str, Any], None]
"""Told the attribute and the value that a person has chosen."""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of the panel."""

    spec: SettingSpec
    control: QWidget
    show: Callable[[Any], None]
    """Shows a value without telling anybody."""

    @property
    def title(self) -> str:
        """What it is called on the screen."""
        return TITLES.get(self.spec.name, self.spec.name)

    @property
    def help(self) -> str:
        """What it does, and what changing it takes."""
        takes = what_it_takes(self.spec.attribute)
        text = f"{self.spec.help[:1].upper()}{self.spec.help[1:]}."
        return f"{text} A change {takes}." if takes else text


def make_row(
    name: str, steps: Sequence[int], runtimes: Sequence[str], cores: int, told: Changed
) -> Row:
    """Return the row of a setting.

    steps: sampler steps of the bundle. runtimes: that are installed. cores: most threads.
    """
    spec = SPECS[name]
    choices = _choices(spec, steps, runtimes, cores)
    return _spin(spec, told) if choices is None else _combo(spec, choices, told)


def _choices(
    spec: SettingSpec, steps: Sequence[int], runtimes: Sequence[str], cores: int
) -> list[tuple[str, Any]] | None:
    """What there is to choose, by what is written; None for a number of any size."""
    match spec.name:
        case "steps":
            return [("left to the program", 0), *((f"{count}", count) for count in steps)]
        case "panels":
            return [(f"{count}" if count else "none", count) for count in range(5)]
        case "size":
            return [("the bundle's own", 1.0), ("three quarters", 0.75), ("half", 0.5)]
        case "panels-every":
            return [(f"every {written} picture".replace("  ", " "), p) for p, written in _PACES]
        case "threads":
            return [("all", 0), *((f"{count}", count) for count in range(1, cores + 1))]
        case "runtime":
            return [(each, each) for each in ("auto", *runtimes)]
    return [(each, each) for each in spec.choices] if spec.choices else None


def _combo(spec: SettingSpec, choices: list[tuple[str, Any]], told: Changed) -> Row:
    box = QComboBox()
    for text, value in choices:
        box.addItem(text, value)

    def show(value: Any) -> None:
        if box.currentData() == value:
            return
        at = box.findData(value)
        box.blockSignals(True)
        if at < 0:  # set by hand in a file: shown as it is
            box.addItem(f"{value}", value)
            at = box.count() - 1
        box.setCurrentIndex(at)
        box.blockSignals(False)

    box.currentIndexChanged.connect(lambda _: told(spec.attribute, box.currentData()))
    return Row(spec, box, show)


def _spin(spec: SettingSpec, told: Changed) -> Row:
    box = QDoubleSpinBox()
    box.setKeyboardTracking(False)
    box.setRange(spec.low or 0.0, spec.high or 0.0)
    box.setDecimals(2 if _STRIDES[spec.name] < 0.1 else 1 if spec.high and spec.high <= 10 else 0)
    box.setSingleStep(_STRIDES[spec.name])
    box.setSuffix(_UNITS[spec.name])

    def show(value: Any) -> None:
        if abs(box.value() - value) > 1e-3:
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    box.valueChanged.connect(lambda value: told(spec.attribute, round(value, 3)))
    return Row(spec, box, show)
