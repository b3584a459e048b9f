"""Every key does what the window says it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from live.settings.model import SPECS, Settings
from tests.live.staged_show import StagedShow, plain

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from live.control.actions import BY_NAME
from live.window.controls.keys import DISMISS, KEYS, key_rows
from live.window.main import ShowWindow

Key = Qt.Key


@pytest.fixture
def show() -> StagedShow:
    """A show with a picture and a panel."""
    made = StagedShow(scene=plain((90, 120, 150)))
    made.show_panel(1, 0)
    return made


@pytest.fixture
def window(
    qtbot, show: StagedShow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ShowWindow]:
    """A window on that show; what it saves goes to a temporary home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_PICTURES_DIR", str(tmp_path / "pictures"))
    monkeypatch.setenv("XDG_VIDEOS_DIR", str(tmp_path / "videos"))
    made = ShowWindow(show, Settings(), view="auto")
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def test_offscreen_chooses_qpainter_and_says_so(window: ShowWindow, qtbot) -> None:
    assert window.scene.view_name == "QPainter (no OpenGL on offscreen)"
    qtbot.keyClick(window, Key.Key_H)
    qtbot.waitUntil(lambda: "QPainter" in dict(window.overlay.hud_rows).get("drawing", ""))


def test_head_up_display_says_what_is_going_on(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_H)
    qtbot.waitUntil(lambda: bool(window.overlay.hud_rows))
    rows = dict(window.overlay.hud_rows)
    assert rows["listening to"] == "staged microphone"
    assert rows["sound to picture"] == "p50 141 ms   p95 187 ms"
    assert rows["pictures"] == "8.4 a second"
    assert rows["passed over"] == "3"
    assert rows["samples lost"] == "17"
    assert rows["light"] == "auto, now dusk"
    assert rows["season"] == "auto, now autumn"
    assert rows["style"] == "picturebook"
    assert rows["models"] == "picturebook, onnxruntime"
    assert rows["given up"] == "panels every 3rd picture"
    qtbot.keyClick(window, Key.Key_H)
    assert not window.overlay.hud_wanted


def test_f_and_escape_change_full_screen(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_F)
    assert window.commands.full_screen.on
    qtbot.keyClick(window, Key.Key_Escape)
    assert not window.commands.full_screen.on
    assert window.isVisible()
    qtbot.keyClick(window, Key.Key_Escape)
    assert not window.isVisible()


def test_the_pointer_hides_when_it_rests_in_full_screen(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_F)
    assert window.cursor().shape() != Qt.CursorShape.BlankCursor
    qtbot.waitUntil(lambda: window.cursor().shape() == Qt.CursorShape.BlankCursor)
    qtbot.mouseMove(window, window.rect().center())
    qtbot.waitUntil(lambda: window.cursor().shape() != Qt.CursorShape.BlankCursor)


def test_p_hides_and_shows_the_strip(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_P)
    assert not window.overlay.panels_wanted
    qtbot.keyClick(window, Key.Key_P)
    assert window.overlay.panels_wanted


def test_space_freezes_and_lets_go(window: ShowWindow, show: StagedShow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_Space)
    assert show.status.frozen
    qtbot.keyClick(window, Key.Key_Space)
    assert not show.status.frozen


def test_r_records_into_the_folder_for_videos(window: ShowWindow, show: StagedShow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_R)
    qtbot.waitUntil(lambda: show.status.recording)
    qtbot.waitUntil(lambda: window.overlay.note_text.startswith("recording to "))
    assert ".mp4" in window.overlay.note_text
    qtbot.keyClick(window, Key.Key_R)
    qtbot.waitUntil(lambda: not show.status.recording)
    qtbot.waitUntil(lambda: window.overlay.note_text.startswith("recorded "))


def test_s_saves_a_snapshot_and_says_where(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_S)
    qtbot.waitUntil(lambda: window.overlay.note_text.endswith("snapshot.png"))


def test_an_error_is_one_line_and_the_show_goes_on(
    window: ShowWindow, show: StagedShow, qtbot
) -> None:
    show.error = OSError("cannot write there: choose another folder")
    qtbot.keyClick(window, Key.Key_S)
    qtbot.waitUntil(lambda: window.overlay.note_text.startswith("cannot write there"))
    assert window.isVisible()


def test_m_listens_to_the_next_microphone(window: ShowWindow, show: StagedShow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_M)
    qtbot.waitUntil(lambda: window.overlay.note_text == "listening to another microphone")
    assert show.pressed == ["next_microphone"]


def test_up_and_down_change_the_sensitivity(window: ShowWindow, show: StagedShow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_Up)
    qtbot.keyClick(window, Key.Key_Up)
    qtbot.keyClick(window, Key.Key_Down)
    assert show.status.sensitivity_db == 3.0
    assert window.overlay.note_text == "sensitivity: 3 dB"


@pytest.mark.parametrize(
    ("key", "what"), [(Key.Key_L, "light"), (Key.Key_T, "season"), (Key.Key_Y, "style")]
)
def test_a_key_goes_round_and_with_shift_back(
    window: ShowWindow, show: StagedShow, qtbot, key: Key, what: str
) -> None:
    seen, names = [], SPECS[what].choices
    for _ in names:
        qtbot.keyClick(window, key)
        seen.append(getattr(show.status.asked, what))
        assert window.overlay.note_text.startswith(f"{what}: {seen[-1]}")
    assert seen == [*names[1:], names[0]]
    qtbot.keyClick(window, key, Qt.KeyboardModifier.ShiftModifier)
    assert getattr(show.status.asked, what) == names[-1]


def test_g_lets_the_pictures_move_more_and_with_shift_less(
    window: ShowWindow, show: StagedShow, qtbot
) -> None:
    for motion in (0.7, 0.8, 0.9, 1.0, 1.0):
        qtbot.keyClick(window, Key.Key_G)
        assert show.settings.motion == motion
        assert window.overlay.note_text == f"motion: {motion:g}"
    qtbot.keyClick(window, Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert show.settings.motion == 0.9


def test_n_with_one_screen_says_so(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_N)
    assert window.overlay.note_text == "there is only one screen"


def test_question_mark_shows_all_keys_and_escape_hides_them(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    assert window.overlay.keys_wanted
    assert window.overlay.key_rows == key_rows()
    shown = {key for row in key_rows() for key in row[0].split(", ")}
    assert {key.written for key in KEYS} <= shown
    qtbot.keyClick(window, Key.Key_Escape)
    assert not window.overlay.keys_wanted
    assert window.isVisible()


def test_control_q_closes(window: ShowWindow, qtbot) -> None:
    qtbot.keyClick(window, Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()


def test_every_named_key_has_its_action(window: ShowWindow) -> None:
    assert all(key.control == DISMISS or key.control in BY_NAME for key in KEYS)
    assert len({code for key in KEYS for code in key.codes}) == sum(len(k.codes) for k in KEYS)
    assert ("L, T, Y", "next light, season, style (Shift: back)") in key_rows()
    assert ("G", "more motion (Shift: less)") in key_rows()


def test_the_menu_offers_what_there_is_to_listen_to(
    window: ShowWindow, show: StagedShow, qtbot
) -> None:
    window.commands.menu.set_microphones(("staged microphone", "USB microphone"))
    menu = QMenu(window)
    window.commands.menu.fill(menu)
    actions = {action.text(): action for action in menu.actions() if isinstance(action, QAction)}
    assert actions["staged microphone"].isChecked()
    actions["USB microphone"].trigger()
    qtbot.waitUntil(lambda: "use_input USB microphone" in show.pressed)
    actions["Built-in soundscape"].trigger()
    qtbot.waitUntil(lambda: "use_input demo" in show.pressed)
    assert any(text.startswith("Sound file") for text in actions)


def test_a_message_of_the_session_is_shown(window: ShowWindow, show: StagedShow, qtbot) -> None:
    show.message = "waiting for microphone"
    qtbot.waitUntil(lambda: window.overlay.message_text == "waiting for microphone")
