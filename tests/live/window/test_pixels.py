"""What the window draws with QPainter, pixel by pixel."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.packets import Breath
from engine.sound.reactive import Reactive
from live.compose.light import NEUTRAL_LIGHT
from live.compose.panel_layout import panel_row
from live.settings.model import Settings
from tests.live.staged_show import COLOURS, StagedShow, WindowClock, halves, plain

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QWidget

from live.window.main import ShowWindow

Open = Callable[..., ShowWindow]


def pixels(widget: QWidget) -> np.ndarray:
    """Return what a widget shows, (h, w, 3) sRGB."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())[:, : image.width() * 3]
    return rows.reshape(image.height(), image.width(), 3).copy()


@pytest.fixture
def open_window(qtbot) -> Iterator[Open]:
    """Open a window on a staged show, with its clock as an attribute; it is closed at the end."""
    opened = []

    def make(show: StagedShow, width: int = 640, height: int = 360) -> ShowWindow:
        window = ShowWindow(show, Settings(), view="painter")
        window.resize(width, height)
        window.show()
        opened.append(window)
        qtbot.waitExposed(window)
        window.overlay.note("", 0.0)
        window.clock = WindowClock(window)
        window.clock.pass_by(1.3)  # past the first fade, and past the note about the keys
        return window

    yield make
    for window in opened:
        window.close()


SHAPES = [(640, 360), (900, 300), (360, 640), (331, 187), (1280, 720)]


@pytest.mark.parametrize(("width", "height"), SHAPES)
def test_the_scene_covers_every_shape(open_window: Open, width: int, height: int) -> None:
    show = StagedShow(scene=plain((200, 100, 60)))
    seen = pixels(open_window(show, width, height)).astype(int)
    assert seen.shape == (height, width, 3)
    # Everywhere the scene's colour, darker towards the corners, nowhere the black of a letterbox.
    assert seen[..., 0].min() > 90
    assert (seen[..., 0] > seen[..., 1] + 20).all()
    assert (seen[..., 1] > seen[..., 2]).all()
    centre = seen[height // 2, width // 2]
    assert np.abs(centre - np.array([200, 100, 60]) * NEUTRAL_LIGHT.gain).max() < 16


def test_edges_are_sharp(open_window: Open) -> None:
    show = StagedShow(scene=halves((20, 20, 20), (220, 220, 220)))
    seen = pixels(open_window(show, 1280, 720))[300, :, 1].astype(float)
    seen = seen[590:690]
    low, high = seen[0], seen[-1]
    between = ((seen > low + 0.1 * (high - low)) & (seen < low + 0.9 * (high - low))).sum()
    # One texel is five pixels here; plain bilinear scaling takes four or more of them to cross.
    assert between <= 5


def test_the_strip_shows_each_panel_in_its_place(open_window: Open) -> None:
    show = StagedShow(scene=plain((60, 90, 120)))
    show.show_panel(1, 0)
    show.show_panel(3, 2)
    window = open_window(show, 1280, 720)
    seen = pixels(window)
    row = panel_row(1280, 720, 4)
    y = round(row.top + 20)
    for track, place in ((1, 0), (3, 2)):
        x = round(row.lefts[place] + row.side / 2)
        assert np.abs(seen[y, x].astype(int) - COLOURS[track]).max() < 12
        x = round(row.lefts[place] + row.side - 4)
        assert np.abs(seen[y, x].astype(int) - COLOURS[track]).max() < 12, "as wide as high"
    for place in (1, 3):
        x = round(row.lefts[place] + row.side / 2)
        assert seen[y, x].max() < 125
    corner = seen[round(row.top), round(row.lefts[0])].astype(int)
    assert np.abs(corner - COLOURS[1]).max() > 60, "corners are round"


def test_panels_keep_their_places_while_others_go(open_window: Open) -> None:
    show = StagedShow(scene=plain((60, 90, 120)))
    for track in (1, 2, 3):
        show.show_panel(track, track - 1)
    window = open_window(show, 1280, 720)
    row = panel_row(1280, 720, 4)
    x, y = round(row.lefts[2] + row.side / 2), round(row.top + 20)
    before = pixels(window)[y, x].astype(int)
    show.panels = show.panels[2:]
    window.clock.pass_by(0.9)
    after = pixels(window)
    assert np.abs(after[y, x].astype(int) - before).max() < 12
    gone = after[y, round(row.lefts[0] + row.side / 2)].astype(int)
    assert np.abs(gone - COLOURS[1]).max() > 60


def test_pictures_fade_into_one_another(open_window: Open) -> None:
    show = StagedShow(scene=plain((40, 40, 200)))
    window = open_window(show, 640, 360)
    show.scene = plain((200, 40, 40))
    reds = []
    for _ in range(50):
        window.clock.pass_by(0.02)
        reds.append(int(pixels(window)[180, 320, 0]))
    between = [red for red in reds if 60 < red < 160]
    assert len(between) >= 3
    assert reds == sorted(reds)
    assert reds[-1] > 170


def test_loudness_and_onset_light_the_picture_at_once(open_window: Open) -> None:
    show = StagedShow(scene=plain((120, 110, 100)))
    window = open_window(show, 640, 360)
    quiet = pixels(window)[180, 320].astype(int)
    show.reactive = Reactive(level=0.9, onset=1.0, brightness=0.5)
    window.clock.pass_by(0.02)
    loud = pixels(window)[180, 320].astype(int)
    assert (loud > quiet + 20).all()


def test_what_breathes_lights_up_in_its_own_box_with_the_level(open_window: Open) -> None:
    show = StagedShow(scene=plain((60, 60, 60)))
    window = open_window(show)
    quiet = pixels(window).astype(int)
    show.reactive = Reactive(level=0.9)
    window.clock.pass_by(0.02)
    plainly = pixels(window).astype(int)
    show.breaths = (Breath((0.25, 0.6, 0.2, 0.3), (1.0, 0.5, 0.2), 0.8),)
    window.clock.pass_by(0.02)
    breathing = pixels(window).astype(int)
    added = breathing - plainly
    middle = added[int(0.6 * 360), int(0.25 * 640)]
    assert middle[0] > 25
    assert middle[0] > middle[1] > middle[2]
    assert np.abs(added[:, 400:]).max() <= 2, "nothing changes elsewhere"
    show.reactive = Reactive()
    window.clock.pass_by(3.0)
    assert np.abs(pixels(window).astype(int) - quiet).max() <= 3, "in silence it is dark again"


def test_silence_and_a_still_picture_cost_no_drawing(open_window: Open, qapp) -> None:
    show = StagedShow(scene=plain((120, 110, 100)))
    window = open_window(show, 640, 360)
    qapp.processEvents()
    drawn = len(window.scene.draw_ms)
    assert drawn > 0
    for _ in range(25):
        window.clock.pass_by(0.02)
        qapp.processEvents()
    assert len(window.scene.draw_ms) - drawn <= 2


def test_before_the_first_picture_there_is_dusk(open_window: Open) -> None:
    seen = pixels(open_window(StagedShow(), 640, 360))
    assert seen[200, 320].max() > 40
    assert seen[..., 2].mean() > seen[..., 0].mean()


def test_a_show_that_rests_is_black_draws_nothing_and_still_answers_keys(
    open_window: Open, qapp
) -> None:
    show = StagedShow(scene=plain((120, 160, 90)), message="waiting for microphone")
    show.show_panel(1, 0)
    window = open_window(show)
    assert pixels(window).mean() > 60
    show.dark = 0.5
    window.clock.pass_by(0.1)
    half = pixels(window).mean()
    show.dark = 1.0
    window.clock.pass_by(0.1)
    assert not pixels(window).any()
    qapp.processEvents()
    drawn = len(window.scene.draw_ms)
    for level in (0.2, 0.9):
        show.reactive = Reactive(level, level, 0.5)
        window.clock.pass_by(0.2)
        qapp.processEvents()
    assert len(window.scene.draw_ms) == drawn
    window.note("somebody is here")
    window.clock.pass_by(0.5)
    assert pixels(window).any()
    show.dark = 0.0
    window.clock.pass_by(0.1)
    assert pixels(window).mean() > 1.5 * half
