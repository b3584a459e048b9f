"""The rows of the settings panel for the controls that are no settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PyQt6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QPushButton, QWidget

from live.control.declared import Control, Kind, Value

Play = Callable[[Control, Value], None]


@dataclass(frozen=True, slots=True)
class OtherRow:
    """One control of the panel."""

    control: QWidget
    help: str
    show: Callable[[Any], None]
    """Shows a value without telling anybody."""


def other_row(control: Control, play: Play) -> OtherRow:
    """Return the row of a control; play is told what a person wants of it."""
    made, show = _widget(control, play)
    return OtherRow(made, f"{control.help[:1].upper()}{control.help[1:]}.", show)


def _widget(control: Control, play: Play) -> tuple[QWidget, Callable[[Any], None]]:
    match control.kind:
        case Kind.SWITCH:
            return _switch(control, play)
        case Kind.WORD:
            return _words(control, play)
        case Kind.NUMBER | Kind.WHOLE:
            return _number(control, play)
    button = QPushButton("do it")
    value: Value = "" if control.kind is Kind.TEXT else True
    button.clicked.connect(lambda: play(control, value))
    return button, lambda _: None


def _switch(control: Control, play: Play) -> tuple[QWidget, Callable[[Any], None]]:
    box = QCheckBox()
    box.clicked.connect(lambda on: play(control, bool(on)))
    return box, lambda on: box.setChecked(bool(on))


def _words(control: Control, play: Play) -> tuple[QWidget, Callable[[Any], None]]:
    box = QComboBox()
    box.textActivated.connect(lambda word: play(control, word))

    def show(value: Any) -> None:
        offers = box.view()
        if offers is not None and offers.isVisible():
            return  # somebody is just choosing
        words = control.words
        if [box.itemText(at) for at in range(box.count())] != list(words):
            box.clear()
            box.addItems(words)
        box.setCurrentIndex(box.findText(str(value)))

    return box, show


def _number(control: Control, play: Play) -> tuple[QWidget, Callable[[Any], None]]:
    box = QDoubleSpinBox()
    box.setKeyboardTracking(False)
    box.setRange(control.low, control.high)
    box.setDecimals(0 if control.kind is Kind.WHOLE else 1)
    box.setSingleStep(control.stride or 1.0)
    box.setSuffix(f" {control.unit}" if control.unit else "")
    box.valueChanged.connect(lambda value: play(control, round(value, 3)))

    def show(value: Any) -> None:
        if not box.hasFocus() and abs(box.value() - float(value)) > 1e-3:
            box.blockSignals(True)
            box.setValue(float(value))
            box.blockSignals(False)

    return box, show
