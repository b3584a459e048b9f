"""MIDI by real messages: learnt, unlearned, with ends, soft take-over, kept per device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mido
import pytest

from live.control.desk import Desk, Outcome
from live.control.midi.bindings import bindings_path
from live.control.midi.ports import MidiPorts, device_of
from live.errors import UserError
from tests.live.control.show import desk_of
from tests.live.staged_show import StagedShow
from tests.until import until

PAD, KNOB, BEND = (9, 36), (0, 7), 0
LAUNCHPAD = "Launchpad Mini:Launchpad Mini MIDI 1 24:0"
KONTROL = "nanoKONTROL2:nanoKONTROL2 MIDI 1 28:0"


class Rig:
    """What is plugged in; a message goes the way of bytes, as from a wire."""

    def __init__(self) -> None:
        self.plugged: list[str] = []
        self.callbacks: dict[str, Callable[[Any], None]] = {}
        self.refuses = ""

    def get_input_names(self) -> list[str]:
        return list(self.plugged)

    def open_input(self, name: str, *, callback: Callable[[Any], None]) -> Any:
        if name == self.refuses:
            raise OSError("it is in use")
        self.callbacks[name] = callback
        return self

    def close(self) -> None:
        """A port is closed."""

    def sends(self, name: str, kind: str, **given: int) -> None:
        parser = mido.Parser()
        parser.feed(mido.Message(kind, **given).bytes())
        for message in parser:
            self.callbacks[name](message)

    def turns(self, value: int, name: str = LAUNCHPAD, control: int = 7) -> None:
        self.sends(name, "control_change", channel=0, control=control, value=value)

    def strikes(self, velocity: int = 100, name: str = LAUNCHPAD) -> None:
        self.sends(name, "note_on", channel=9, note=36, velocity=velocity)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was learnt before."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture
def rig() -> Rig:
    """One device is plugged in."""
    made = Rig()
    made.plugged = [LAUNCHPAD]
    return made


@pytest.fixture
def stage(rig: Rig) -> Iterator[tuple[Desk, StagedShow, list[Outcome], MidiPorts]]:
    """A show with a desk, what is told, and MIDI."""
    show = StagedShow()
    with desk_of(show) as (desk, told):
        ports = MidiPorts(desk, rig)
        ports.look()
        yield desk, show, told, ports
        ports.stop()


def learn(desk: Desk, rig: Rig, name: str, move: Callable[[], None]) -> None:
    desk.apply({"chosen": name}, "keys")
    assert name in desk.apply({"midi-learn": True}, "keys")
    move()


def test_a_knob_is_learnt_shown_and_unlearned(stage, rig: Rig) -> None:
    desk, show, told, _ = stage
    learn(desk, rig, "sensitivity", lambda: rig.turns(63))
    assert told[-1].line == "cc 1 7 of Launchpad Mini MIDI 1 plays sensitivity"
    assert "played by cc 1 7 of Launchpad Mini" in desk.apply({"chosen": "sensitivity"}, "keys")
    rig.turns(64)
    rig.turns(127)
    until(lambda: show.settings.sensitivity_db == 40.0)
    assert desk.origins["sensitivity"] == "midi Launchpad Mini MIDI 1"
    assert "from 1 knob" in desk.apply({"midi-unlearn": True}, "keys")
    rig.turns(0)
    assert "played by" not in desk.apply({"chosen": "sensitivity"}, "keys")
    assert desk._quick._slots == {}


def test_soft_take_over(stage, rig: Rig) -> None:
    desk, show, _, _ = stage
    learn(desk, rig, "sensitivity", lambda: rig.turns(0))
    for value in (10, 30, 50):
        rig.turns(value)  # below: the control stands in the middle
    assert desk._quick._slots == {}
    rig.turns(70)  # past it
    until(lambda: show.settings.sensitivity_db == pytest.approx(40 * (2 * 70 / 127 - 1), abs=1e-3))
    desk.apply({"sensitivity": -30.0}, "keys")  # another hand takes it
    rig.turns(80)
    rig.turns(60)
    assert desk._quick._slots == {}
    assert show.settings.sensitivity_db == -30.0
    rig.turns(15)  # near enough
    rig.turns(20)
    until(lambda: show.settings.sensitivity_db == pytest.approx(40 * (2 * 20 / 127 - 1), abs=1e-3))


def test_minimum_and_maximum_where_the_control_is(stage, rig: Rig) -> None:
    desk, show, _, _ = stage
    learn(desk, rig, "sensitivity", lambda: rig.turns(64))
    desk.apply({"sensitivity": -20.0}, "keys")
    desk.apply({"midi-minimum": True}, "keys")
    desk.apply({"sensitivity": 10.0}, "keys")
    desk.apply({"midi-maximum": True}, "keys")
    rig.turns(0)
    rig.turns(127)
    until(lambda: show.settings.sensitivity_db == 10.0)
    rig.turns(0)
    until(lambda: show.settings.sensitivity_db == -20.0)
    desk.apply({"chosen": "light"}, "keys")
    with pytest.raises(UserError, match="learn one first"):
        desk.apply({"midi-minimum": True}, "keys")


def test_pads_do_and_toggle_and_set(stage, rig: Rig) -> None:
    desk, show, _, _ = stage
    learn(desk, rig, "snapshot", rig.strikes)
    rig.strikes(0)
    rig.strikes()
    rig.strikes(0)
    until(lambda: show.pressed == ["snapshot"])
    learn(desk, rig, "freeze", rig.strikes)  # the pad is given away
    for frozen in (True, False):
        rig.strikes(0)
        rig.strikes()
        until(lambda frozen=frozen: show.frozen is frozen)
    learn(desk, rig, "style", rig.strikes)
    rig.strikes(0)
    rig.strikes()
    until(lambda: show.settings.style == "watercolour")
    assert show.pressed == ["snapshot"]


def test_a_button_that_sends_a_knobs_message_counts_once(stage, rig: Rig) -> None:
    desk, show, _, _ = stage
    learn(desk, rig, "freeze", lambda: rig.turns(0))
    rig.turns(127)
    until(lambda: show.frozen)
    rig.turns(0)
    until(lambda: not show.frozen)
    rig.sends(LAUNCHPAD, "pitchwheel", channel=0, pitch=0)
    rig.sends(LAUNCHPAD, "program_change", channel=0, program=3)
    rig.sends(LAUNCHPAD, "clock")


def test_what_was_learnt_is_kept_by_device(rig: Rig) -> None:
    rig.plugged = [LAUNCHPAD, KONTROL]
    with desk_of(StagedShow()) as (desk, _):
        ports = MidiPorts(desk, rig)
        ports.look()
        learn(desk, rig, "light", lambda: rig.turns(0))
        learn(desk, rig, "style", lambda: rig.turns(0, KONTROL))
        ports.stop()
    show = StagedShow()
    with desk_of(show) as (desk, _):
        rig.plugged = ["Launchpad Mini:Launchpad Mini MIDI 1 32:0", KONTROL]  # another socket
        ports = MidiPorts(desk, rig)
        ports.look()
        rig.turns(127, rig.plugged[0])
        rig.turns(0, KONTROL)
        rig.turns(127, KONTROL)
        until(lambda: show.settings.style == "watercolour")
        until(lambda: show.settings.light == "auto")
        assert desk.knobs.played_by("light") == "cc 1 7 of Launchpad Mini MIDI 1"
        ports.stop()


def test_a_device_that_goes_in_mid_learn_and_returns(stage, rig: Rig) -> None:
    desk, show, told, ports = stage
    desk.apply({"chosen": "sensitivity", "midi-learn": True}, "keys")
    rig.plugged = []
    ports.look()
    assert told[-1].line == "MIDI device Launchpad Mini MIDI 1 is gone"
    rig.plugged = [LAUNCHPAD.replace("24:0", "36:0")]
    ports.look()
    assert told[-1].line == "MIDI device Launchpad Mini MIDI 1 is there"
    rig.turns(60, rig.plugged[0])
    rig.turns(100, rig.plugged[0])
    until(lambda: show.settings.sensitivity_db > 20.0)


def test_a_device_that_cannot_be_opened_is_told_once(rig: Rig) -> None:
    rig.refuses = LAUNCHPAD
    with desk_of(StagedShow()) as (desk, told):
        ports = MidiPorts(desk, rig)
        ports.look()
        ports.look()
        assert [t.line for t in told] == [
            "MIDI device Launchpad Mini MIDI 1 cannot be opened (it is in use)"
        ]
        ports.stop()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x", "not valid TOML"),
        ("x = 1", "x is no table"),
        ('["Pad"]\n"cc 1 1" = 3', 'Pad: cc 1 1 is not of the form'),
        ('["Pad"]\n"cc 1 1" = { control = "light", low = 2.0 }', "from 0 to 1"),
    ],
)
def test_a_broken_file_is_one_line_and_stays(rig: Rig, text: str, expected: str) -> None:
    bindings_path().parent.mkdir(parents=True)
    bindings_path().write_text(text)
    with desk_of(StagedShow()) as (desk, _), pytest.raises(UserError) as caught:
        MidiPorts(desk, rig)
    assert str(bindings_path()) in str(caught.value)
    assert expected in str(caught.value)
    assert bindings_path().read_text() == text


def test_the_name_of_a_device_is_the_same_in_every_socket() -> None:
    assert device_of(LAUNCHPAD) == device_of(LAUNCHPAD.replace("24:0", "130:1"))
    assert device_of("Launchpad Mini 2") == device_of("Launchpad Mini 0") == "Launchpad Mini"


def test_without_midi_the_actions_say_so() -> None:
    with desk_of(StagedShow()) as (desk, _), pytest.raises(UserError, match="--midi"):
        desk.apply({"midi-learn": True}, "keys")
