"""The settings panel: what can be changed while the show runs, with a plain word beside each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStyleFactory,
    QVBoxLayout,
    QWidget,
)

from engine.runtimes.open import installed_runtimes
from engine.system.cores import usable_cores
from live.control.declared import Control, Value
from live.control.desk import Desk
from live.window.controls.others import OtherRow, other_row
from live.window.controls.rows import SECTIONS, Row, make_row

if TYPE_CHECKING:
    from live.view.picture import Status

WIDTH = 400
BESIDE, BELOW = 300, 90
"""Logical pixels: the least that must be free beside it, and what it leaves free below."""
SETTLED_MS = 350
"""A value that was not changed again for so long is taken as meant."""
STYLE = """
#settings { background: rgb(16, 19, 28); border-left: 1px solid rgb(52, 58, 72); }
QLabel { color: rgb(235, 238, 244); font-size: 13px; background: transparent; }
QLabel#head { font-size: 17px; font-weight: 600; }
QLabel#section { color: rgb(160, 178, 214); font-weight: 600; padding-top: 10px; }
QLabel#help { color: rgb(160, 167, 182); font-size: 11px; padding-bottom: 6px; }
"""
_COLOURS = (
    (QPalette.ColorRole.Window, (22, 26, 37)),
    (QPalette.ColorRole.WindowText, (235, 238, 244)),
    (QPalette.ColorRole.Base, (34, 40, 54)),
    (QPalette.ColorRole.Text, (235, 238, 244)),
    (QPalette.ColorRole.Button, (44, 51, 68)),
    (QPalette.ColorRole.ButtonText, (235, 238, 244)),
    (QPalette.ColorRole.Highlight, (72, 98, 160)),
    (QPalette.ColorRole.HighlightedText, (255, 255, 255)),
)


class SettingsPanel(QFrame):
    """Stands at the right of the window; made when it is opened for the first time."""

    def __init__(
        self,
        window: QWidget,
        desk: Desk,
        change: Callable[[dict[str, Any]], None],
        play: Callable[[Control, Value, str], None],
    ) -> None:
        """Belong to a window, and show what its session is set to.

        change: takes settings by attribute, and has `finished` called when they are made. play:
        sets a control that is no setting, for a hand of a name.
        """
        super().__init__(window)
        self.setObjectName("settings")
        self.setStyleSheet(STYLE)
        # The controls are drawn by Qt's own hand, the same on every desktop, in dark colours.
        self._hand = QStyleFactory.create("Fusion")
        self._window = window
        self._desk, session = desk, desk.session
        self._session = session
        self._change = change
        self._meant: dict[str, Any] = {}
        """What was changed and is not handed over yet."""
        self._under_way = 0
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.timeout.connect(self._hand_over)
        steps, runtimes = session.steps, installed_runtimes()
        self.rows: dict[str, Row] = {
            name: make_row(name, steps, runtimes, usable_cores(), self._told)
            for _, names in SECTIONS
            for name in names
        }
        self.others: dict[str, OtherRow] = {
            control.name: other_row(control, lambda c, value: play(c, value, "panel"))
            for control in desk.controls.values()
            if not control.attribute
        }
        self.now = _label("", "help")
        self._lay_out()
        self.place()
        self.refresh(session.view().status)

    def place(self) -> None:
        """Stand at the right edge of the window, over its whole height.

        Over its whole width too where beside it there is no room to read anything; a band stays
        free below then, for what is said about a change.
        """
        whole = self._window.rect()
        wide = whole.width() < WIDTH + BESIDE
        width = whole.width() if wide else WIDTH
        height = max(whole.height() - BELOW, whole.height() // 2) if wide else whole.height()
        self.setGeometry(QRect(whole.width() - width, 0, width, height))

    @property
    def shown(self) -> bool:
        """Whether it is open; may be asked from any thread."""
        return not self.isHidden()

    @property
    def covered(self) -> int:
        """Logical pixels at the right of the window that it leaves nothing to be read on."""
        return self.width() if self.isVisible() and self.x() > 0 else 0

    @property
    def covers_all(self) -> bool:
        """Whether it leaves only the band below."""
        return self.isVisible() and self.x() <= 0

    def refresh(self, status: Status) -> None:
        """Show how the show is set and how it goes now, but for what is just being changed."""
        p95 = status.sound_to_picture_p95_ms
        late = "not yet known" if math.isnan(p95) else f"{p95:.0f} ms"
        given_up = f"; given up: {', '.join(status.given_up)}" if status.given_up else ""
        self.now.setText(
            f"Now: sound-to-picture {late}, {status.pictures_per_s:.1f} pictures a second, "
            f"in {status.runtime}{given_up}."
        )
        if self._meant or self._under_way:
            return
        settings = self._session.settings
        for row in self.rows.values():
            row.show(getattr(settings, row.spec.attribute))
        for control, value in self._desk.values():
            if control.name in self.others:
                self.others[control.name].show(value)

    def finished(self) -> None:
        """A change that was handed over has been made, or could not be."""
        self._under_way -= 1

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802
        """Let the wheel scroll the panel, and never change a value in passing."""
        if a1 is not None and a1.type() == QEvent.Type.Wheel:
            a1.ignore()
            return True
        return super().eventFilter(a0, a1)

    def _told(self, attribute: str, value: Any) -> None:
        spec = next(row.spec for row in self.rows.values() if row.spec.attribute == attribute)
        self._meant[attribute] = spec.kind(value)
        self._settled.start(SETTLED_MS)

    def _hand_over(self) -> None:
        given, self._meant = self._meant, {}
        self._under_way += 1
        self._change(given)

    def _paint_dark(self, part: QWidget) -> None:
        part.setStyle(self._hand)
        part.setPalette(_dark())

    def _lay_out(self) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(18, 14, 18, 14)
        grid.setColumnStretch(1, 1)
        grid.addWidget(_label("Settings", "head"), 0, 0, 1, 2)
        grid.addWidget(self.now, 1, 0, 1, 2)
        at = 2
        for title, names in SECTIONS:
            grid.addWidget(_label(title, "section"), at, 0, 1, 2)
            at += 1
            for name in names:
                row = self.rows[name]
                self._add_row(grid, at, row.title, row.control, row.help)
                at += 2
        grid.addWidget(_label("By hand", "section"), at, 0, 1, 2)
        at += 1
        for name, other in self.others.items():
            self._add_row(grid, at, name, other.control, other.help)
            at += 2
        grid.addWidget(_label("O or Esc closes this panel; the show goes on.", "help"), at, 0, 1, 2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFrameShape(QFrame.Shape.NoFrame)
        for part in (area, area.viewport(), area.verticalScrollBar(), inside):
            if part is not None:
                self._paint_dark(part)
                part.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _add_row(
        self, grid: QGridLayout, at: int, title: str, control: QWidget, text: str
    ) -> None:
        grid.addWidget(_label(title, "name"), at, 0)
        grid.addWidget(control, at, 1)
        grid.addWidget(_label(text, "help"), at + 1, 0, 1, 2)
        control.setToolTip(text)
        self._paint_dark(control)
        control.setMinimumHeight(26)
        control.installEventFilter(self)


def _dark() -> QPalette:
    made = QPalette()
    for role, colour in _COLOURS:
        made.setColor(role, QColor(*colour))
    return made


def _label(text: str, kind: str) -> QLabel:
    made = QLabel(text)
    made.setObjectName(kind)
    made.setWordWrap(kind == "help")
    return made
