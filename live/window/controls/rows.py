"""The rows of the settings panel: a name, what it is set with, and a plain word of help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from live.settings.changes import what_it_takes
from live.settings.model import SPECS
from live.settings.spec import Panel, SettingSpec

_PANELS = {name: spec.panel for name, spec in SPECS.items() if spec.panel is not None}
SECTIONS = tuple(
    (title, tuple(sorted(
        (name for name, panel in _PANELS.items() if panel.section == title),
        key=lambda name: _PANELS[name].row,
    )))
    for title in ("Pictures", "Hearing", "Speed", "Screens")
)  # fmt: skip
"""The settings by name, in the order in which people look for them."""

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
        panel = self.spec.panel
        return panel.title if panel and panel.title else self.spec.name

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
    spec, panel = SPECS[name], _PANELS[name]
    here = {"steps": steps, "threads": range(1, cores + 1), "runtime": ("auto", *runtimes)}
    also = here.get(name, spec.choices)  # not every runtime that there is, is installed
    choices = [*panel.offers, *((f"{each}", each) for each in also)]
    return _combo(spec, choices, told) if choices else _spin(spec, panel, told)


def _combo(spec: SettingSpec, choices: Sequence[tuple[str, Any]], told: Changed) -> Row:
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


def _spin(spec: SettingSpec, panel: Panel, told: Changed) -> Row:
    box = QDoubleSpinBox()
    box.setKeyboardTracking(False)
    box.setRange(spec.low or 0.0, spec.high or 0.0)
    box.setDecimals(2 if panel.stride < 0.1 else 1 if spec.high and spec.high <= 10 else 0)
    box.setSingleStep(panel.stride)
    box.setSuffix(f" {spec.unit}")

    def show(value: Any) -> None:
        if abs(box.value() - value) > 1e-3:
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    box.valueChanged.connect(lambda value: told(spec.attribute, round(value, 3)))
    return Row(spec, box, show)
