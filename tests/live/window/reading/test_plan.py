"""All that is read over the scene is in the window, whole, and not over something else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from tests.live.staged_show import STATUS, StagedShow, plain

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QFontMetricsF
from PyQt6.QtWidgets import QApplication, QMenu

from live.compose.panels import PanelAnimator
from live.settings.model import Settings
from live.window.controls.keys import key_rows
from live.window.main import ShowWindow
from live.window.reading.hud import hud_rows
from live.window.reading.look import font
from live.window.reading.overlay import Overlay
from live.window.reading.plan import Plan
from live.window.reading.strip import _caption

SIZES = [(800, 450), (1280, 720), (1920, 1080), (720, 1280), (1080, 1920), (360, 640), (320, 180),
         (1024, 768), (600, 600), (2560, 720)]  # fmt: skip
ROOMY = [(800, 450), (1280, 720), (1920, 1080), (720, 1280), (1080, 1920), (360, 640)]
NAME = "HDA Intel PCH: ALC3254 Analog (hw:0,0) Monitor of Built-in Audio Digital Stereo (IEC958)"
MESSAGE = "no sound from USB microphone for 10 s: it may be unplugged; press M for the next one"
NOTE = "recorded /home/someone/Videos/a-rather-long-name-of-a-folder/soundglass-20261126-160238.mp4"


def planned(size: tuple[int, int], name: str = NAME, covered: int = 0, **wanted: bool) -> Plan:
    """Where everything stands once it has come, with a long name and long lines."""
    status = replace(STATUS, input_name=name, building="openvino: 3 of 5 models, 40 s left")
    overlay = Overlay(4)
    overlay.key_rows = key_rows()
    overlay.hud_rows = hud_rows(status, "QPainter (no OpenGL on offscreen)", 12.3)
    overlay.hud_wanted, overlay.keys_wanted = wanted.get("hud", False), wanted.get("keys", False)
    overlay.covered = covered
    show = StagedShow(scene=plain((90, 120, 150)), status=status)
    show.message = MESSAGE if wanted.get("lines", False) else None
    if wanted.get("lines", False):
        overlay.note(NOTE, 100.0)
    panels = PanelAnimator()
    for step in range(20):
        overlay.advance(show.view(), panels.frame((), {}, step / 10), 100 + step / 10)
    return overlay.plan(QSize(*size))


def boxes(plan: Plan) -> dict[str, QRectF]:
    """All that is seen."""
    tables = {"hud": plan.hud, "keys": plan.keys}
    found = {name: each.box for name, each in tables.items() if each and each.shown > 0.01}
    return found | {f"line {i}": line.box for i, line in enumerate(plan.lines)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["USB microphone", NAME, "x" * 250])
def test_keys_and_display_are_whole_and_never_over_one_another(
    qapp: QApplication, size: tuple[int, int], name: str
) -> None:
    for wanted in ({"hud": True}, {"keys": True}, {"hud": True, "keys": True}):
        plan = planned(size, name, **wanted)
        seen = boxes(plan)
        assert "keys" in seen or "keys" not in wanted
        window = QRectF(0, 0, *size)
        low = size[1] < 400 and name not in ("USB microphone", NAME)
        for what, box in seen.items():
            assert window.contains(box) or low, (what, box)
        assert not any(a.intersects(b) for a, b in combinations(seen.values(), 2)), seen
        if plan.keys is not None:
            assert plan.keys.solid


@pytest.mark.parametrize("size", ROOMY)
def test_where_there_is_room_both_are_shown(qapp: QApplication, size: tuple[int, int]) -> None:
    assert {"hud", "keys"} <= boxes(planned(size, hud=True, keys=True)).keys()


@pytest.mark.parametrize("size", SIZES)
def test_no_text_of_a_table_is_cut(qapp: QApplication, size: tuple[int, int]) -> None:
    for plan in (planned(size, hud=True), planned(size, keys=True)):
        placed = plan.hud or plan.keys
        assert placed is not None
        table = placed.table
        for row, height in zip(table.rows, table.heights, strict=True):
            left, right = (QFontMetricsF(each) for each in table.fonts)
            cell = QRectF(0, 0, table.right_width, 1e4)
            needed = right.boundingRect(cell, 0x1000, row[1])  # words are broken between lines
            assert needed.height() <= height + 0.5
            assert needed.width() <= table.right_width + 0.5
            assert left.horizontalAdvance(row[0]) <= table.left_width + 0.5


@pytest.mark.parametrize("size", SIZES)
def test_lines_are_whole_and_hide_what_they_lie_over(
    qapp: QApplication, size: tuple[int, int]
) -> None:
    plan = planned(size, hud=True, lines=True)
    assert [line.text.replace("\u200b", "") for line in plan.lines] == [NOTE, MESSAGE]
    assert not plan.lines[0].box.intersects(plan.lines[1].box)
    for line in plan.lines:
        assert QRectF(0, 0, *size).contains(line.box)
        assert plan.hud is not None
        assert line.solid == line.box.intersects(plan.hud.box)
    assert not planned(size, keys=True, lines=True).lines, "they wait until the keys are closed"


@pytest.mark.parametrize("size", [(1280, 720), (800, 450), (720, 1280)])
def test_beside_the_settings_everything_keeps_clear_of_them(
    qapp: QApplication, size: tuple[int, int]
) -> None:
    for wanted in ({"hud": True, "lines": True}, {"keys": True}):
        plan = planned(size, covered=400, **wanted)
        for what, box in boxes(plan).items():
            assert box.right() <= size[0] - 400, (what, box)


@pytest.mark.parametrize("size", [(1280, 720), (640, 700), (360, 640)])
def test_the_settings_leave_room_or_take_it_all(qtbot, size: tuple[int, int]) -> None:
    window = ShowWindow(StagedShow(scene=plain((90, 120, 150))), Settings(), view="painter")
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    window.commands.do("settings")
    panel = window.commands.settings_panel
    assert panel is not None
    window.tick()
    if panel.covers_all:
        assert panel.width() == size[0]
        assert panel.height() <= size[1] - 60, "what is said about a change is seen below"
        assert window.overlay.only_lines
    else:
        assert size[0] - panel.width() >= 300
        assert window.overlay.covered == panel.width()
    window.commands.do("settings")
    window.tick()
    assert window.overlay.covered == 0
    assert not window.overlay.only_lines


def test_a_long_name_in_the_menu_keeps_its_ends(qtbot) -> None:
    window = ShowWindow(StagedShow(scene=plain((90, 120, 150))), Settings(), view="painter")
    qtbot.addWidget(window)
    long = "microphone " + "very " * 100 + "far away"
    window.commands.menu.set_microphones(("R&D microphone", long))
    menu = QMenu(window)
    window.commands.menu.fill(menu)
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == "R&&D microphone"
    assert texts[1].startswith("microphone very")
    assert texts[1].endswith("far away")
    screen = window.screen()
    assert screen is not None
    assert menu.sizeHint().width() < screen.availableSize().width()


def test_a_panel_too_small_for_both_names_its_sound(qapp: QApplication) -> None:
    def written_at(side: float, label: str) -> float:
        """Where the rightmost ink is, over the side."""
        image = _caption(label, 80, side, 0.24 * side, 1.0)
        columns = [x for x in range(image.width()) if any(
            image.pixelColor(x, y).alpha() > 60 for y in range(image.height()))]  # fmt: skip
        return max(columns) / side

    name = QFontMetricsF(font(9)).horizontalAdvance("woodpecker")
    assert name < 76, "it fits without the share"
    assert written_at(76, "woodpecker") < 0.99
    assert written_at(76, "dog") > 0.9, "the share stands at the right"
