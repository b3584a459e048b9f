"""What can be done to a show beside its settings: switches and actions, each declared once, here.

Declaring one is enough: keys, menu, settings panel, OSC, MIDI, the web page and the command line
find it.
"""

from __future__ import annotations

from live.control.declared import Control, Hands, Kind
from live.control.presets import preset_names
from live.control.setting import setting_controls
from live.control.wall import WALL_CONTROLS, window_of
from live.paths.desktop import recording_path, snapshot_folder
from live.settings.spec import Keys

LINKS = ("none", "viewer", "operator")
PRESETS, CHOSEN = "Presets and cues", "Chosen control, MIDI"
"""Sections."""


def _freeze(hands: Hands, on: bool) -> None:
    hands.session.freeze(on)


def _sleep(hands: Hands, on: bool) -> None:
    hands.session.sleep(on)


def _record(hands: Hands, on: bool) -> str:
    if on == hands.session.recording:
        return ""
    if on:
        path = recording_path()
        hands.session.start_recording(path)
        hands.recording_to = str(path)
        return f"recording to {path}"
    hands.session.stop_recording()
    where, hands.recording_to = hands.recording_to, ""
    return f"recorded {where}" if where else "the recording is finished"


def _snapshot(hands: Hands, _: bool) -> str:
    return f"saved {hands.session.snapshot(snapshot_folder())}"


def _next_microphone(hands: Hands, _: bool) -> str:
    hands.session.next_microphone()
    return f"listening to {hands.session.view().status.input_name}"


def _cross(hands: Hands, seconds: float) -> None:
    hands.cross_s = seconds


def names() -> tuple[str, ...]:
    """Return the names of all controls."""
    return tuple(control.name for control in CONTROLS)


CONTROLS: tuple[Control, ...] = (
    *setting_controls(),
    Control(
        "freeze", Kind.SWITCH, "hold the pictures; hearing goes on",
        lambda hands: hands.session.frozen, _freeze,
        keys=Keys(("Space",), "freeze", row="hold"),
    ),
    Control(
        "sleep", Kind.SWITCH, "go dark and paint nothing; opening hours do it too",
        lambda hands: hands.session.asleep, _sleep,
        keys=Keys(("B",), "go dark", row="hold"),
    ),
    Control(
        "record", Kind.SWITCH, "record picture and sound into your folder for videos",
        lambda hands: hands.session.recording, _record,
        keys=Keys(("R",), "record"), slow=True,
    ),
    Control(
        "snapshot", Kind.ACTION, "save what is seen as a picture",
        lambda _: False, _snapshot,
        keys=Keys(("S",), "snapshot"), slow=True,
    ),
    Control(
        "next-microphone", Kind.ACTION, "listen to the next microphone",
        lambda _: False, _next_microphone,
        keys=Keys(("M",), "next microphone"), slow=True,
    ),
    Control(
        "full-screen", Kind.SWITCH, "fill the screen",
        lambda hands: window_of(hands).full, lambda hands, on: window_of(hands).fill_screen(on),
        keys=Keys(("F", "F11"), "full screen"), on_window=True,
    ),
    Control(
        "next-screen", Kind.ACTION, "move the window to the next screen",
        lambda _: False, lambda hands, _: window_of(hands).next_screen(),
        keys=Keys(("N",), "next screen", row="screens"), on_window=True,
    ),
    Control(
        "strip", Kind.SWITCH, "show the panels over the scene",
        lambda hands: window_of(hands).strip_shown,
        lambda hands, on: window_of(hands).show_strip(on),
        keys=Keys(("P",), "panels"), on_window=True,
    ),
    Control(
        "display", Kind.SWITCH, "show the head-up display: how the show goes, in numbers",
        lambda hands: window_of(hands).hud_shown, lambda hands, on: window_of(hands).show_hud(on),
        keys=Keys(("H",), "head-up display", row="display"), on_window=True,
    ),
    Control(
        "menu", Kind.ACTION, "offer what to listen to",
        lambda _: False, lambda hands, _: window_of(hands).open_menu(),
        keys=Keys(("D", "Menu"), "choose what to listen to"), on_window=True,
    ),
    Control(
        "settings", Kind.SWITCH, "open the panel with all settings",
        lambda hands: window_of(hands).settings_shown,
        lambda hands, on: window_of(hands).show_settings(on),
        keys=Keys(("O", "Comma"), "settings"), on_window=True,
    ),
    Control(
        "keys", Kind.SWITCH, "show what every key does",
        lambda hands: window_of(hands).keys_shown, lambda hands, on: window_of(hands).show_keys(on),
        keys=Keys(("Question",), "all keys", "?"), on_window=True,
    ),
    *WALL_CONTROLS,
    Control(
        "web-link", Kind.WORD, "show a link to the web page, for viewers or for operators",
        lambda hands: window_of(hands).link_shown,
        lambda hands, whose: window_of(hands).show_link(whose),
        find_words=lambda: LINKS, keys=Keys(("Q",), "link to the web page", row="display"),
        on_window=True,
    ),
    Control(
        "preset", Kind.WORD, "cross over to a preset",
        lambda hands: hands.preset, lambda hands, name: hands.recall(name),
        find_words=preset_names, keys=Keys(("X",), "next preset", row="presets"),
        section=PRESETS,
    ),
    Control(
        "cross", Kind.NUMBER, "seconds in which a preset is crossed over to",
        lambda hands: hands.cross_s, _cross,
        unit="s", low=0.0, high=600.0, stride=1.0,
        section=PRESETS,
    ),
    Control(
        "save-preset", Kind.TEXT,
        "save a preset: its name and, after it, the controls in it (else all that is seen)",
        lambda _: "", lambda hands, said: hands.save(said),
        keys=Keys(("A",), "save preset", row="presets"), slow=True,
        section=PRESETS,
    ),
    Control(
        "next-cue", Kind.ACTION, "begin the next cue of the cue list",
        lambda _: False, lambda hands, _: hands.next_cue(),
        keys=Keys(("C",), "next cue", row="presets"),
        section=PRESETS,
    ),
    Control(
        "chosen", Kind.WORD, "the control that step-up, step-down and midi-learn are about",
        lambda hands: hands.chosen, lambda hands, name: hands.choose(name),
        find_words=names, keys=Keys(("J",), "choose a control", row="chosen"),
        section=CHOSEN,
    ),
    Control(
        "step-up", Kind.ACTION, "move the chosen control one step up, or do it",
        lambda _: False, lambda hands, _: hands.step(True),
        keys=Keys(("Plus", "Equal"), "step it up", "+", row="chosen"),
        section=CHOSEN,
    ),
    Control(
        "step-down", Kind.ACTION, "move the chosen control one step down",
        lambda _: False, lambda hands, _: hands.step(False),
        keys=Keys(("Minus",), "down", "-", row="chosen"),
        section=CHOSEN,
    ),
    Control(
        "midi-learn", Kind.ACTION, "give the chosen control to the knob that is moved next",
        lambda _: False, lambda hands, _: hands.learn(),
        keys=Keys(("K",), "MIDI learn", row="midi"),
        section=CHOSEN,
    ),
    Control(
        "midi-unlearn", Kind.ACTION, "take the chosen control from all knobs",
        lambda _: False, lambda hands, _: hands.unlearn(),
        keys=Keys(("U",), "MIDI unlearn", row="midi"),
        section=CHOSEN,
    ),
    Control(
        "midi-minimum", Kind.ACTION, "the chosen control's knobs begin where it is now",
        lambda _: False, lambda hands, _: hands.turning_point(0),
        keys=Keys(("BracketLeft",), "MIDI minimum", "[", row="midi"),
        section=CHOSEN,
    ),
    Control(
        "midi-maximum", Kind.ACTION, "the chosen control's knobs end where it is now",
        lambda _: False, lambda hands, _: hands.turning_point(1),
        keys=Keys(("BracketRight",), "MIDI maximum", "]", row="midi"),
        section=CHOSEN,
    ),
)  # fmt: skip
"""Every control, in the order in which hands list them."""

BY_NAME: dict[str, Control] = {control.name: control for control in CONTROLS}
