"""The keys of the window: the only place where they are named."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt


@dataclass(frozen=True, slots=True)
class Key:
    """A key, how it is written, what it does, and the methods of `Commands` that do it."""

    codes: tuple[Qt.Key, ...]
    written: str
    meaning: str
    action: str
    back: str = ""
    """What it does with Shift, for keys that go round; empty where Shift makes no difference."""


_K = Qt.Key

KEYS: tuple[Key, ...] = (
    Key((_K.Key_F, _K.Key_F11), "F", "full screen", "toggle_full_screen"),
    Key((_K.Key_N,), "N", "next screen", "next_screen"),
    Key((_K.Key_P,), "P", "panels", "toggle_panels"),
    Key((_K.Key_H,), "H", "head-up display", "toggle_hud"),
    Key((_K.Key_L,), "L", "next light", "next_light", "previous_light"),
    Key((_K.Key_T,), "T", "next season", "next_season", "previous_season"),
    Key((_K.Key_Y,), "Y", "next style", "next_style", "previous_style"),
    Key((_K.Key_G,), "G", "more motion", "more_motion", "less_motion"),
    Key((_K.Key_Space,), "Space", "freeze", "toggle_freeze"),
    Key((_K.Key_R,), "R", "record", "toggle_recording"),
    Key((_K.Key_S,), "S", "snapshot", "take_snapshot"),
    Key((_K.Key_M,), "M", "next microphone", "next_microphone"),
    Key((_K.Key_D, _K.Key_Menu), "D", "choose what to listen to", "open_menu"),
    Key((_K.Key_O, _K.Key_Comma), "O", "settings", "toggle_settings"),
    Key((_K.Key_Up,), "Up", "more sensitive", "more_sensitive"),
    Key((_K.Key_Down,), "Down", "less sensitive", "less_sensitive"),
    Key((_K.Key_Question,), "?", "all keys", "toggle_keys"),
    Key((_K.Key_Escape,), "Esc", "leave full screen, then close", "dismiss"),
)

BY_CODE: dict[int, Key] = {code.value: key for key in KEYS for code in key.codes}


def key_rows() -> list[tuple[str, str]]:
    """Return what each key does, for people: (key, meaning)."""
    rows = [
        (f"{key.written}, Shift+{key.written}", f"{key.meaning}, the one before")
        if key.back
        else (key.written, key.meaning)
        for key in KEYS
    ]
    return [*rows, ("Ctrl+Q", "close")]
