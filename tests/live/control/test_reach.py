"""Every control is reachable by every hand, and a new one by all of them once it is declared."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mido
import pytest

from live import cli
from live.commands import control as control_command
from live.control import actions
from live.control.actions import BY_NAME, CONTROLS
from live.control.declared import Control, Kind
from live.control.desk import Desk
from live.control.midi.player import Player
from live.control.osc.packets import ROOT, message, messages_of
from live.control.osc.playing import Playing
from live.control.osc.receiver import Receiver
from live.control.osc.tree import node_at, tree
from live.control.presets import read_preset
from live.control.values import share_of
from live.settings.changes import CHANGEABLE
from live.settings.model import SPECS
from live.settings.spec import Keys
from live.show.session import Session
from live.web.server import WebServer
from tests.live.control.show import desk_of
from tests.live.web.asking import ask
from tests.until import LONGEST_S, until

pytest.importorskip("PyQt6.QtWidgets")

from PyQt6.QtWidgets import QApplication, QCheckBox

from live.window.controls.keys import KEYS, keys_of
from live.window.controls.others import other_row
from live.window.controls.rows import SECTIONS

GLOW = Control(
    "glow", Kind.SWITCH, "let the scene glow",
    lambda hands: hands.recording_to == "glowing",
    lambda hands, on: setattr(hands, "recording_to", "glowing" if on else ""),
    keys=Keys(("F5",), "glow"),
)  # fmt: skip
"""A control that nobody but this declaration knows of."""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No presets and knobs of another test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture
def desk(show: Session) -> Iterator[Desk]:
    """The desk of a real show."""
    with desk_of(show) as (made, _):
        yield made


def test_every_setting_that_can_change_and_every_action_is_a_control() -> None:
    assert {c.attribute for c in CONTROLS if c.attribute} == set(CHANGEABLE)
    named = {"freeze", "record", "snapshot", "next-screen", "strip", "display", "next-microphone"}
    assert named <= BY_NAME.keys()
    assert len(BY_NAME) == len(CONTROLS)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_osc_and_oscquery(desk: Desk, control: Control) -> None:
    asked: list[tuple[str, object]] = []
    desk.ask = lambda name, given, _: asked.append((name, given))  # type: ignore[method-assign]
    desk.ask_at = lambda name, share, _: asked.append((name, share))  # type: ignore[method-assign]
    playing = Playing(desk)
    playing.play(f"{ROOT}/{control.name}", (1,), "test")
    playing.play(f"{ROOT}/norm/{control.name}", (0.5,), "test")
    assert asked == [(control.name, 1), (control.name, 0.5)]
    for path in (f"{ROOT}/{control.name}", f"{ROOT}/norm/{control.name}"):
        node = node_at(tree(desk), path)
        assert node is not None
        assert control.help in node["DESCRIPTION"]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_midi(desk: Desk, control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    player = Player(desk)
    desk.knobs = player
    player.learn(control.name)
    player.take("Pad", mido.Message("note_on", note=1, velocity=0))
    asked: list[str] = []
    monkeypatch.setattr(desk, "value", lambda name: False)
    monkeypatch.setattr(desk, "ask", lambda name, *_: asked.append(name))
    monkeypatch.setattr(desk, "ask_at", lambda name, *_: asked.append(name))
    player.take("Pad", mido.Message("note_on", note=1, velocity=90))
    assert asked == [control.name]


def test_the_web_page(desk: Desk) -> None:
    asked: list[tuple[str, object]] = []
    desk.ask = lambda name, given, _: asked.append((name, given))  # type: ignore[method-assign]
    desk.ask_at = lambda name, share, _: asked.append((name, share))  # type: ignore[method-assign]
    with on_the_web(desk) as server:
        told = {each["name"]: each for each in ask(server, "/api/controls").json["controls"]}
        assert {name: each["help"] for name, each in told.items()} == {
            control.name: control.help for control in CONTROLS
        }
        # What the page makes of each is seen in a browser: tests/live/web/test_page.py.
        for name in BY_NAME:
            assert ask(server, f"/api/controls/{name}", "POST", {"value": 1}).status == 202
            assert ask(server, f"/api/controls/{name}", "POST", {"share": 0.5}).status == 202
        assert asked == [(name, value) for name in BY_NAME for value in (1, 0.5)]


@contextmanager
def on_the_web(desk: Desk) -> Iterator[WebServer]:
    """Yield a server of the web page."""
    server = WebServer(desk, "127.0.0.1", 0)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_keys_and_panel(control: Control) -> None:
    # By a key of its own, or as the chosen one, which has keys to be chosen, moved and done.
    assert keys_of(control) or control.name in BY_NAME["chosen"].words
    moving = {key.control for key in KEYS}
    assert {"chosen", "step-up", "step-down"} <= moving
    in_section = {name for _, names in SECTIONS for name in names}
    assert control.attribute == "" or control.name in in_section


def test_the_panel_and_the_menu_of_a_window(qtbot: Any, show: Session) -> None:
    from PyQt6.QtCore import Qt

    from live.window.main import ShowWindow

    window = ShowWindow(show, show.settings, view="painter")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    qtbot.keyClick(window, Qt.Key.Key_O)
    panel = window.commands.settings_panel
    assert panel is not None
    assert {*panel.rows, *panel.others} == BY_NAME.keys()
    box = panel.others["freeze"].control
    assert isinstance(box, QCheckBox)
    box.click()
    until(lambda: show.frozen)
    box.click()
    until(lambda: not show.frozen)
    window.commands._desk.ask("display", 1, "osc a")
    qtbot.waitUntil(lambda: window.overlay.hud_wanted)
    window.close()
    assert window.commands._desk.window is None


def test_a_preset_holds_every_control_that_has_a_value(desk: Desk) -> None:
    kept = [c.name for c, _ in desk.values() if not c.is_done and c.name != "preset"]
    desk.save(f"all {' '.join(kept)}")
    preset = read_preset("all", desk.controls)
    assert preset.left_out == ""
    assert preset.values == {name: desk.value(name) for name in kept}


def test_the_command_line(capsys: pytest.CaptureFixture[str], desk: Desk) -> None:
    assert cli.main(["control", "--list"]) == 0
    out = capsys.readouterr().out
    for name, control in BY_NAME.items():
        assert f"\n{name} " in f"\n{out}"
        assert control.help in out
    with_server(desk, lambda there: cli.main(["control", "light", "dawn", "--to", there]))
    assert capsys.readouterr().out == "light: dawn\n"
    assert desk.session.settings.light == "dawn"
    assert all(spec.name in BY_NAME for spec in SPECS.values() if spec.attribute in CHANGEABLE)


def with_server(desk: Desk, do: Any) -> None:
    receiver = Receiver(desk, "127.0.0.1", 0)
    receiver.start()
    try:
        assert do(f"127.0.0.1:{receiver.port}") == 0
    finally:
        receiver.stop()


def test_a_new_control_is_declared_in_one_place_and_played_by_all_hands(
    show: Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(actions, "CONTROLS", (*CONTROLS, GLOW))
    monkeypatch.setitem(BY_NAME, "glow", GLOW)
    monkeypatch.setattr(control_command, "BY_NAME", BY_NAME)
    desk = Desk(show, (*CONTROLS, GLOW))
    receiver = Receiver(desk, "127.0.0.1", 0)
    receiver.start()
    there = f"127.0.0.1:{receiver.port}"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(LONGEST_S)
            line.connect(("127.0.0.1", receiver.port))
            line.send(message("/soundglass/glow", 1))
            until(lambda: desk.value("glow"))
            line.send(message("/soundglass/norm/glow"))
            assert messages_of(line.recv(4096)) == [("/soundglass/norm/glow", (1.0,))]
        assert cli.main(["control", "glow", "off", "--to", there]) == 0
        assert capsys.readouterr().out == "glow: off\n"
        assert node_at(tree(desk), "/soundglass/glow/")["DESCRIPTION"].startswith("let the scene")  # type: ignore[index]
        player = Player(desk)
        player.learn("glow")
        player.take("Pad", mido.Message("control_change", control=1, value=0))
        player.take("Pad", mido.Message("control_change", control=1, value=127))
        until(lambda: desk.value("glow"))
        assert share_of(GLOW, desk.value("glow")) == 1.0
        assert "glow" in BY_NAME["chosen"].words
        with on_the_web(desk) as server:
            assert ask(server, "/api/controls/glow").json["help"] == GLOW.help
            assert ask(server, "/api/controls/glow", "POST", {"value": False}).status == 202
            until(lambda: not desk.value("glow"))
            assert ask(server, "/api/controls/glow", "POST", {"share": 1}).status == 202
            until(lambda: desk.value("glow"))
        (key,) = keys_of(GLOW)
        assert (key.control, key.written) == ("glow", "F5")
        app = QApplication.instance() or QApplication([])
        assert app is not None
        other_row(GLOW, lambda c, on: desk.ask(c.name, on, "panel")).control.click()  # type: ignore[attr-defined]
        desk.apply({"save-preset": "shine glow"}, "keys")
        assert read_preset("shine", desk.controls).values == {"glow": True}
    finally:
        receiver.stop()
        desk.stop()
