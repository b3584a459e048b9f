"""All that is drawn over the scene, and how it comes and goes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter

from live.compose.panel_layout import SMALLEST, panel_row, scale_of
from live.compose.panels import PanelFrame
from live.window.reading.hud import Row
from live.window.reading.link_card import paint_link
from live.window.reading.look import DIM, INK, RECORDING, with_opacity
from live.window.reading.plan import Plan, place_lines, place_tables
from live.window.reading.strip import paint_strip

if TYPE_CHECKING:
    from live.control.declared import Link
    from live.view.picture import View

NOTE_S = 3.2
"""How long a note such as "saved ..." stays at least."""
LETTERS_PER_S = 18.0
"""How fast a longer note is read."""
FADE_S = 0.10
NARROW = 520.0
"""Beside the settings there may be less width than this, and what is read is written smaller."""


class _Fade:
    """Something that fades in and out: goes towards 0 or 1."""

    def __init__(self, share: float = 0.0) -> None:
        self.share = share

    def step(self, wanted: bool, step_s: float) -> None:
        goal = 1.0 if wanted else 0.0
        self.share += (goal - self.share) * (1.0 - math.exp(-step_s / FADE_S))
        if abs(goal - self.share) < 0.004:
            self.share = goal


class Overlay:
    """Holds what is shown over the scene; `advance` moves it on, `paint` draws it."""

    def __init__(self, slots: int) -> None:
        """slots is how many panels the strip has room for."""
        self.slots = slots
        self.panels_wanted = slots > 0
        self.hud_wanted = False
        self.keys_wanted = False
        self.link: Link | None = None
        """To the web page, where it is to be shown."""
        self.hud_rows: list[Row] = []
        self.key_rows: list[Row] = []
        self.covered = 0
        """Logical pixels at the right that something else stands on: the settings."""
        self.only_lines = False
        """Whether the settings leave no room but for notes and messages."""
        self.frames: tuple[PanelFrame, ...] = ()
        self.dark = 0.0
        """How far everything but notes and keys has faded to black."""
        self.shift: tuple[int, int] = (0, 0)
        """Pixels of the screen, right and down, by which all of it stands from its place."""
        self._note = ""
        self._note_until_s = 0.0
        self._message = ""
        self._recording = False
        self._frozen = False
        self._panels, self._hud, self._keys = _Fade(), _Fade(), _Fade()
        self._link, self._link_shown = self.link, _Fade()
        self._note_shown, self._message_shown = _Fade(), _Fade()
        self._at_s: float | None = None

    @property
    def note_text(self) -> str:
        """The note that is or was shown last."""
        return self._note

    @property
    def message_text(self) -> str:
        """The session's message that is or was shown last."""
        return self._message

    def note(self, text: str, now_s: float) -> None:
        """Say something in one line for a few seconds."""
        self._note, self._note_until_s = text, now_s + max(NOTE_S, len(text) / LETTERS_PER_S)

    def advance(self, view: View, frames: tuple[PanelFrame, ...], now_s: float) -> None:
        """Take over what the show says at now_s (monotonic seconds)."""
        step_s = 0.0 if self._at_s is None else min(max(now_s - self._at_s, 0.0), 0.5)
        self._at_s = now_s
        self.frames = frames
        self.dark = view.dark
        if view.message:
            self._message = view.message
        self._recording = view.status.recording
        self._frozen = view.status.frozen
        self._panels.step(self.panels_wanted, step_s)
        self._hud.step(self.hud_wanted, step_s)
        self._keys.step(self.keys_wanted, step_s)
        self._link = self.link or self._link
        self._link_shown.step(self.link is not None, step_s)
        self._note_shown.step(now_s < self._note_until_s, step_s)
        self._message_shown.step(bool(view.message), step_s)

    def signature(self) -> tuple[object, ...]:
        """Return what changes when, and only when, something would be drawn differently."""
        if self.dark >= 1.0:
            read = (self._note_shown.share, self._keys.share, self._link_shown.share)
            return (*read, self._note, self._link, self.covered, self.only_lines)
        shown = (
            *(self._panels, self._hud, self._keys, self._link_shown),
            *(self._note_shown, self._message_shown),
        )
        panels = tuple(
            (
                frame.panel.track_id,
                frame.panel.label,
                round(frame.panel.presence, 2),
                round(frame.panel.level, 2),
                round(frame.panel.probability, 2),
                id(frame.picture),
            )
            for frame in self.frames
        )
        return (
            tuple(part.share for part in shown),
            panels if self._panels.share > 0.0 else (),
            tuple(self.hud_rows) if self._hud.share > 0.0 else (),
            self._note,
            self._message,
            self._link,
            self._recording,
            self._frozen,
            self.covered,
            self.only_lines,
            round(self.dark, 3),
            self.shift,
        )

    def paint(
        self, painter: QPainter, size: QSize, hung: range | None = None, read: bool = True
    ) -> None:
        """Draw over a scene of this size, in logical pixels.

        hung: slots of the panels that hang there; None for all. read: whether texts stand there.
        """
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
        )
        ratio = painter.device().devicePixelRatioF()  # type: ignore[union-attr]
        painter.translate(self.shift[0] / ratio, self.shift[1] / ratio)
        hung = range(self.slots) if hung is None else hung
        if read:
            self._paint_read(painter, size, hung)
        else:
            self._paint_panels(painter, size, hung)
            self._paint_dark(painter, size)
        painter.translate(-self.shift[0] / ratio, -self.shift[1] / ratio)

    def _paint_read(self, painter: QPainter, size: QSize, hung: range) -> None:
        plan = self.plan(size, len(hung))
        if self.only_lines:
            self._paint_dark(painter, size)
            for line in plan.lines:
                line.paint(painter)
            return
        self._paint_panels(painter, plan.free, hung)
        self._paint_marks(painter, plan.free, plan.unit)
        self._paint_dark(painter, size)
        if self._keys.share > 0.0:
            painter.fillRect(_beyond(size), with_opacity(DIM, self._keys.share))
        if plan.hud is not None:
            plan.hud.paint(painter)
        for line in plan.lines:
            line.paint(painter)
        if self._link is not None and self._link_shown.share > 0.0:
            paint_link(painter, plan.free, self._link, self._link_shown.share)
        if plan.keys is not None:
            plan.keys.paint(painter)

    def _paint_dark(self, painter: QPainter, size: QSize) -> None:
        if self.dark > 0.0:
            painter.fillRect(_beyond(size), QColor.fromRgbF(0.0, 0.0, 0.0, self.dark))

    def _paint_panels(self, painter: QPainter, size: QSize, hung: range) -> None:
        last = self.slots - 1
        frames = tuple(  # those that fade out after there were fewer slots are in the last one
            frame for frame in self.frames if min(frame.panel.slot, last) in hung
        )
        if hung and self._panels.share > 0.0:
            paint_strip(painter, size, frames, len(hung), self._panels.share, hung.start)

    def plan(self, size: QSize, slots: int | None = None) -> Plan:
        """Return where all that is read stands in a window of this size.

        slots: of the panels that hang there; None for all.
        """
        slots = self.slots if slots is None else slots
        free = QSize(max(1, size.width() - self.covered), size.height())
        unit = min(scale_of(size.width(), size.height()), max(free.width() / NARROW, SMALLEST))
        bottom, strip_top = free.height() - 30 * unit, float(free.height())
        if slots and not self.only_lines:
            strip_top = panel_row(free.width(), free.height(), slots).top
            bottom += (strip_top - 22 * unit - bottom) * self._panels.share
        # The list of keys lies where the lines are: they wait until it is closed.
        there, lit = 1.0 - self._keys.share, 1.0 - self.dark
        hud, keys = place_tables(
            free,
            unit,
            strip_top if self._panels.share > 0 else free.height(),
            (self.hud_rows if self._hud.share * lit > 0 else [], self._hud.share * lit),
            (self.key_rows if self._keys.share > 0 else [], self._keys.share),
        )
        lines = (
            (self._note, self._note_shown.share * there),
            (self._message, self._message_shown.share * there * lit),
        )
        return Plan(free, unit, place_lines(free, unit, bottom, lines, hud), hud, keys)

    def _paint_marks(self, painter: QPainter, size: QSize, unit: float) -> None:
        centre = QPointF(size.width() - 36 * unit, 36 * unit)
        painter.setPen(Qt.PenStyle.NoPen)
        if self._recording:
            painter.setBrush(RECORDING)
            painter.drawEllipse(centre, 7 * unit, 7 * unit)
            centre -= QPointF(30 * unit, 0.0)
        if self._frozen:
            painter.setBrush(INK)
            for side in (-1, 1):
                bar = QRectF(0.0, 0.0, 4.5 * unit, 15 * unit)
                bar.moveCenter(centre + QPointF(side * 4.5 * unit, 0.0))
                painter.drawRoundedRect(bar, 1.5 * unit, 1.5 * unit)


def _beyond(size: QSize) -> QRectF:
    """All of a screen, of which size is what soft edges leave, wherever that has wandered."""
    wide, tall = 4 * size.width() + 32, 4 * size.height() + 32
    return QRectF(0, 0, size.width(), size.height()).adjusted(-wide, -tall, wide, tall)
