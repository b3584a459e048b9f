"""Runs a show on the screens of an X server, in a process of its own.

    python -m tests.live.window.wall.elsewhere SCENARIO FOLDER

Each scenario prints what it found as one JSON object and may leave pictures of screens in FOLDER.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from live.settings.model import Settings
from live.window.main import ShowWindow
from tests.live.staged_show import StagedShow, halves
from tests.live.window.wall.x_screens import RIGHT, plug, unplug
from tests.live.window_elsewhere import settle, wait, wait_until

BLUE, ORANGE = (40, 80, 160), (200, 120, 60)
Key = Qt.Key
SAID: list[str] = []
"""The note with which each window opened."""


def opened(view: str = "painter", **settings: object) -> tuple[ShowWindow, StagedShow]:
    """A show of two halves with three panels, on the screens that its settings ask for."""
    show = StagedShow(scene=halves(BLUE, ORANGE))
    show.settings = Settings(**{"pixel_shift": 0, **settings})  # type: ignore[arg-type]
    for track in (1, 2, 3):
        show.show_panel(track, track - 1)
    window = ShowWindow(show, show.settings, view=view)  # type: ignore[arg-type]
    window._awake.want = lambda wanted: None  # no line that there is no desktop to ask
    window.resize(400, 300)
    window.wall.open(show.settings)
    SAID.append(window.overlay.note_text)
    window.overlay.note("", 0.0)
    settle(window)
    return window, show


def photograph(name: str, folder: Path) -> None:
    """Save what each screen shows."""
    for screen in QGuiApplication.screens():
        assert screen.grabWindow(0).save(str(folder / f"{name}-{screen.name()}.png"))


def windows(window: ShowWindow) -> dict[str, list[int]]:
    """Where the windows of a show are, by the name of the screen they are wholly on."""
    found = {}
    for each in (window, *window.wall.tiles.values()):
        for screen in QGuiApplication.screens():
            if screen.geometry().contains(each.geometry()) and each.isVisible():
                found[screen.name()] = _box(each.geometry())
    return found


def _box(rect: QRect) -> list[int]:
    return [rect.x(), rect.y(), rect.width(), rect.height()]


def _whole(*names: str) -> dict[str, list[int]]:
    """The windows that fill these screens."""
    screens = {screen.name(): screen for screen in QGuiApplication.screens()}
    return {name: _box(screens[name].geometry()) for name in names if name in screens}


def _until_on(window: ShowWindow, *names: str) -> None:
    wait_until(lambda: windows(window) == _whole(*names) != {})


def go_and_come(folder: Path) -> dict[str, object]:
    """A window that fills the right screen, which goes and comes back elsewhere."""
    display, found = os.environ["DISPLAY"], {}
    window, _ = opened(screen="right", fullscreen=True)
    _until_on(window, "right")
    unplug(display, "right")
    _until_on(window, "left")
    found["full"] = window.wall.full_screen.on
    plug(display, "right", "320/85x240/63+640+0")
    _until_on(window, "right")
    unplug(display, "right")
    plug(display, "right", RIGHT)  # at once, and larger
    _until_on(window, "right")
    QTest.keyClick(window, Key.Key_N)
    _until_on(window, "left")
    window.close()
    again, _ = opened(fullscreen=True)  # --screen 0: the one that was filled last
    _until_on(again, "left")
    QTest.keyClick(again, Key.Key_N)
    _until_on(again, "right")
    again.close()
    last, _ = opened(fullscreen=True)
    _until_on(last, "right")
    last.close()
    return found


def small(folder: Path) -> dict[str, object]:
    """A window of its own size on a screen that goes; no signal tells of it."""
    display = os.environ["DISPLAY"]
    window, _ = opened(screen="right")
    on = list(windows(window))
    window.wall._settle.timeout.disconnect()  # a desktop that keeps quiet
    unplug(display, "right")
    wait_until(lambda: list(windows(window)) == ["left"])
    size = window.width(), window.height()
    plug(display, "right", RIGHT)
    window.move(5000, 5000)
    wait_until(lambda: bool(windows(window)))
    return {"on": on, "size": size}


def span(folder: Path) -> dict[str, object]:
    """One picture over both screens, one of which goes and comes; then the same on each."""
    display = os.environ["DISPLAY"]
    window, show = opened(span="all", screen="left")
    _until_on(window, "left", "right")
    settle(window)
    photograph("span", folder)
    aspect = show.shapes[-1]
    unplug(display, "right")
    _until_on(window, "left")
    wait_until(lambda: show.shapes[-1] != aspect)
    alone = show.shapes[-1]
    plug(display, "right", RIGHT)
    _until_on(window, "left", "right")
    show.change(clone=True)
    settle(window)
    photograph("clone", folder)
    show.change(clone=False, rotate="90")
    wait_until(lambda: show.shapes[-1] not in (aspect, alone))
    turned = show.shapes[-1]
    show.change(rotate="0")
    other = next(iter(window.wall.tiles.values()))
    QTest.keyClick(other, Key.Key_H)  # keys of the other window are the main one's
    hud = window.overlay.hud_wanted
    wait_until(lambda: other.cursor().shape() == Qt.CursorShape.BlankCursor)
    QTest.keyClick(other, Key.Key_Escape)
    wait_until(lambda: not window.wall.full_screen.on and not window.wall.tiles)
    window.close()
    return {"aspect": aspect, "alone": alone, "turned": turned, "hud": hud}


def names(folder: Path) -> dict[str, object]:
    """Screens by name and by number, one that is not there, and a socket that is moved."""
    window, _ = opened(span="right+nowhere")
    _until_on(window, "right")
    window.close()
    window, _ = opened(span="2+1")
    _until_on(window, "left", "right")
    main = window.screen()
    assert main is not None
    window.close()
    window, _ = opened(screen="projector", fullscreen=True)
    return {"said": SAID, "main": main.name()}


def _pinned(view: str, folder: Path) -> dict[str, object]:
    window, show = opened(view, span="1+2", screen="1")
    _until_on(window, "left", "right")
    trimming = window.wall.trimming
    assert trimming.move("left", "upper-left", (0.2, 0.1))
    assert trimming.move("left", "lower-right", (0.9, 0.8))
    assert not trimming.move("left", "lower-right", (0.1, 0.1)), "that would fold it"
    window.wall.fitting.choose_screen(2)
    window.wall.fitting.choose("left")
    window.wall.fitting.move(x=0.25)
    settle(window)
    photograph(f"pinned-{view}", folder)
    show.change(rotate="270")
    settle(window)
    photograph(f"turned-{view}", folder)
    name = window.scene.view_name
    window.close()
    return {"view": name, "edges": [trimming.edges("left"), trimming.edges("right")]}


def pinned_painter(folder: Path) -> dict[str, object]:
    """Corners and soft edges, drawn by QPainter."""
    return _pinned("painter", folder)


def pinned_opengl(folder: Path) -> dict[str, object]:
    """The same, drawn by OpenGL."""
    return _pinned("opengl", folder)


def by_hand(folder: Path) -> dict[str, object]:
    """The test grid, moved by mouse and by keys, on both windows; what is kept."""
    window, _ = opened(span="all", screen="left")
    _until_on(window, "left", "right")
    fitting, trimming = window.wall.fitting, window.wall.trimming
    QTest.keyClick(window, Key.Key_W)
    settle(window)
    photograph("grid", folder)
    _drag(window, (4, 4), (68, 52))
    found: dict[str, object] = {"dragged": trimming.corners("left")[0]}
    other = window.wall.tiles["right"]
    _drag(other, (637, 240), (637 - 128, 240))
    found["soft"] = trimming.edges("right")
    QTest.keyClick(other, Key.Key_Tab)
    QTest.keyClick(window, Key.Key_Backtab)
    found["handle"] = (fitting.screen, fitting.handle)
    QTest.keyClick(window, Key.Key_Left)
    QTest.keyClick(window, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    found["nudged"] = trimming.edges("right")
    QTest.keyClick(window, Key.Key_N)
    QTest.keyClick(window, Key.Key_Escape)
    found["still full"] = window.wall.full_screen.on and not fitting.shown
    window.close()
    again, _ = opened(span="all", screen="left")
    found["kept"] = (again.wall.trimming.corners("left")[0], again.wall.trimming.edges("right"))
    QTest.keyClick(again, Key.Key_W)
    QTest.keyClick(again, Key.Key_Backspace)
    found["reset"] = again.wall.trimming.corners("left")[0]
    again.close()
    return found


def panels(folder: Path) -> dict[str, object]:
    """The panels in a window of their own: on the free screen, on none, and closed by hand."""
    display = os.environ["DISPLAY"]
    window, show = opened(screen="left", fullscreen=True, panel_window=True)
    apart = window.wall.panel_window
    assert apart is not None
    wait_until(lambda: _box(apart.geometry()) == _whole("right")["right"])
    settle(window)
    photograph("panels", folder)
    show.change(pixel_shift=8)
    window.wall._began_s -= 95.0  # three steps ago
    settle(window)
    photograph("wandered", folder)
    show.change(pixel_shift=0)
    QTest.keyClick(apart, Key.Key_H)
    found: dict[str, object] = {"hud": window.overlay.hud_wanted, "shift": window.overlay.shift}
    unplug(display, "right")
    wait_until(lambda: window.wall.panel_window is None)  # it would hide the picture
    settle(window)
    photograph("hidden", folder)
    plug(display, "right", RIGHT)
    wait_until(lambda: window.wall.panel_window is not None)
    apart = window.wall.panel_window
    assert apart is not None
    wait_until(lambda: _box(apart.geometry()) == _whole("right")["right"])
    apart.close()
    wait_until(lambda: not show.settings.panel_window and window.wall.panel_window is None)
    settle(window)
    photograph("again", folder)
    window.close()
    return found


def ratio(folder: Path) -> dict[str, object]:
    """A window on a screen of another density, by either view, upright and pulled at a corner."""
    found: dict[str, object] = {}
    for view in ("painter", "opengl"):
        window, _ = opened(view, screen="left", fullscreen=True)
        settle(window)
        photograph(f"ratio-{view}", folder)
        window.wall.trimming.move("left", "upper-left", (0.2, 0.1))
        settle(window)
        photograph(f"pulled-{view}", folder)
        window.wall.trimming.reset("left")
        found[view] = (window.scene.view_name, window.devicePixelRatioF(), window.width())
        window.close()
    return found


def _drag(window: QWidget, start: tuple[int, int], end: tuple[int, int]) -> None:
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(window, button, pos=QPoint(*start))
    for share in (0.5, 1.0):
        place = [round(a + share * (b - a)) for a, b in zip(start, end, strict=True)]
        QTest.mouseMove(window, QPoint(*place))
        wait(0.05)
    QTest.mouseRelease(window, button, pos=QPoint(*end))


SCENARIOS = {
    each.__name__: each
    for each in (
        *(go_and_come, small, span, names, pinned_painter, pinned_opengl),
        *(by_hand, panels, ratio),
    )
}

if __name__ == "__main__":
    app = QApplication([])
    print(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
    sys.stdout.flush()
    os._exit(0)  # windows of several screens are not taken down one by one
