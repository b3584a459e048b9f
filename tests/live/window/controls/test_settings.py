"""The settings panel: every control changes the show, beside the drawing, and says what it does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from live.errors import UserError
from live.settings.changes import CHANGEABLE
from live.settings.model import SPECS, Settings
from tests.live.staged_show import StagedShow, plain

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel

from live.window.controls.settings import SettingsPanel
from live.window.main import ShowWindow

Key = Qt.Key


@pytest.fixture
def show() -> StagedShow:
    """A show with a picture."""
    return StagedShow(scene=plain((90, 120, 150)))


@pytest.fixture
def window(qtbot, show: StagedShow) -> Iterator[ShowWindow]:
    """A window on that show."""
    made = ShowWindow(show, Settings(), view="painter")
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def panel(window: ShowWindow, qtbot) -> SettingsPanel:
    """Its settings panel, open."""
    qtbot.keyClick(window, Key.Key_O)
    assert window.commands.settings_panel is not None
    return window.commands.settings_panel


def choose(panel: SettingsPanel, name: str, value: object) -> None:
    control = panel.rows[name].control
    if isinstance(control, QComboBox):
        control.setCurrentIndex(control.findData(value))
    else:
        assert isinstance(control, QDoubleSpinBox)
        control.setValue(value)


def test_o_and_escape_open_and_close_it(window: ShowWindow, panel: SettingsPanel, qtbot) -> None:
    assert panel.isVisible()
    assert panel.geometry().right() == window.rect().right()
    assert panel.height() == window.height()
    qtbot.keyClick(window, Key.Key_Escape)
    assert not panel.isVisible()
    assert window.isVisible()
    qtbot.keyClick(window, Key.Key_O)
    assert panel.isVisible()
    window.resize(360, 200)
    assert panel.width() <= window.width()


def test_it_offers_what_a_show_can_change_with_help(panel: SettingsPanel) -> None:
    assert {row.spec.attribute for row in panel.rows.values()} == set(CHANGEABLE)
    texts = [label.text() for label in panel.findChildren(QLabel)]
    for row in panel.rows.values():
        assert any(row.spec.help[1:] in text for text in texts)
    assert any("opens the models again, beside the show" in text for text in texts)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("light", "dusk"), ("season", "winter"), ("style", "papercut"), ("steps", 2),
        ("size", 0.75),
        ("panels", 2), ("panels-every", 4), ("sensitivity", 6.0), ("window", 2.5),
        ("hop", 0.35), ("target", 120.0), ("runtime", "onnxruntime"), ("threads", 1),
        ("precision", "float32"),
    ],
)  # fmt: skip
def test_a_control_changes_the_show(
    window: ShowWindow, panel: SettingsPanel, show: StagedShow, qtbot, name: str, value: object
) -> None:
    choose(panel, name, value)
    attribute = SPECS[name].attribute
    qtbot.waitUntil(lambda: getattr(show.settings, attribute) == value)
    qtbot.waitUntil(lambda: window.overlay.note_text.startswith(f"{name}: "))
    if name == "panels":
        assert window.overlay.slots == 2
    # What it shows stays what the show is set to.
    panel.refresh(show.view().status)
    control = panel.rows[name].control
    now = control.currentData() if isinstance(control, QComboBox) else control.value()
    assert now == value


def test_a_value_in_passing_is_not_meant(panel: SettingsPanel, show: StagedShow, qtbot) -> None:
    asked = []
    change = show.change
    show.change = lambda **given: (asked.append(given), change(**given))  # type: ignore[method-assign]
    for value in (200.0, 180.0, 160.0):
        choose(panel, "target", value)
    choose(panel, "panels", 1)
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.wait(500)
    assert asked == [{"target_ms": 160.0, "panels": 1}]


def test_what_is_refused_is_said_and_taken_back(
    window: ShowWindow, panel: SettingsPanel, show: StagedShow, qtbot
) -> None:
    show.error = UserError("there is no room for that: use less.")
    choose(panel, "window", 2.0)
    qtbot.waitUntil(lambda: "no room" in window.overlay.note_text)
    qtbot.waitUntil(lambda: panel.rows["window"].control.value() == 4.0)
    show.error = None
    choose(panel, "window", 1.0)
    choose(panel, "hop", 2.0)
    qtbot.waitUntil(lambda: "longer than the window" in window.overlay.note_text)


def test_keys_show_in_the_panel_and_it_tells_how_the_show_goes(
    window: ShowWindow, panel: SettingsPanel, qtbot
) -> None:
    qtbot.keyClick(window, Key.Key_Up)
    qtbot.waitUntil(lambda: panel.rows["sensitivity"].control.value() == 3.0)
    assert "187 ms" in panel.now.text()
    assert "8.4 pictures a second" in panel.now.text()
