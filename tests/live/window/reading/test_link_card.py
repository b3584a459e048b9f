"""The link to the web page in the window: a code that can be read, and its letters."""

from __future__ import annotations

import pytest

from live.control.declared import Link
from live.control.desk import Desk
from tests.live.staged_show import StagedShow

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QImage, QPainter

from live.settings.model import Settings
from live.window.main import ShowWindow
from live.window.reading.link_card import QUIET, paint_link

SQUARES = tuple(tuple((row * 7 + column * 3) % 5 < 2 for column in range(33)) for row in range(33))
LINK = Link("http://192.168.1.20:8080/t/AAAAAAAAAAAAAAAAAAAAAA/", SQUARES)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", [(320, 180), (1280, 720), (720, 1280), (3840, 2160)])
def test_every_square_is_there_with_quiet_around(size: tuple[int, int]) -> None:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    painter = QPainter(image)
    paint_link(painter, QSize(*size), LINK, 1.0)
    painter.end()
    middle = size[0] // 2
    y = 40 * size[1] // 100
    light = [x for x in range(size[0]) if image.pixelColor(x, y).value() in (0, 255)]
    side = light[-1] - light[0] + 1
    square, rest = divmod(side, len(SQUARES) + 2 * QUIET)
    assert rest == 0
    column = [y for y in range(size[1]) if image.pixelColor(middle, y).green() != 128]
    left, top = light[0], column[0]
    assert left > 0
    assert column[-1] < size[1] - 1
    for row in range(-QUIET, len(SQUARES) + QUIET):
        for at in range(-QUIET, len(SQUARES) + QUIET):
            inside = 0 <= row < len(SQUARES) and 0 <= at < len(SQUARES)
            dark = inside and SQUARES[row][at]
            x = left + (at + QUIET) * square + square // 2
            y = top + (row + QUIET) * square + square // 2
            assert image.pixelColor(x, y).value() == (0 if dark else 255), (row, at)


def test_q_goes_through_the_links_and_says_where_there_is_none(qtbot) -> None:
    show = StagedShow()
    desk = Desk(show)  # type: ignore[arg-type]
    window = ShowWindow(show, Settings(), "painter", desk)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    qtbot.keyClick(window, Qt.Key.Key_Q)
    assert window.overlay.link is None
    assert window.overlay.note_text == "there is no web page: start with --web 0.0.0.0:8080"
    operator = Link("http://192.168.1.20:8080/t/BBBBBBBBBBBBBBBBBBBBBB/", SQUARES)
    desk.links = {"viewer": LINK, "operator": operator}
    qtbot.keyClick(window, Qt.Key.Key_Q)
    assert (window.overlay.link, desk.value("web-link")) == (LINK, "viewer")
    before = window.overlay.signature()
    window.tick()
    assert window.overlay.signature() != before
    qtbot.keyClick(window, Qt.Key.Key_Q)
    assert (window.overlay.link, desk.value("web-link")) == (operator, "operator")
    desk.ask("web-link", "none", "web 127.0.0.1")
    window.tick()
    assert window.overlay.link is None
    desk.stop()
