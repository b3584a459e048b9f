"""Link: what a tempo does to the picture; two peers that find one another where there is a net."""

from __future__ import annotations

import pytest

from engine.painting.atmosphere import DAY_S, LIGHTS, Atmosphere
from engine.sound.reactive import Reactive
from live.control.tempo import BEATS_A_DAY, PULSE, LinkTempo, drift_rate, pulse_at
from live.show.session import Session


def test_a_beat_falls_off_within_itself() -> None:
    assert pulse_at(0.0) == pulse_at(3.0) == PULSE
    assert PULSE > pulse_at(0.2) > pulse_at(0.5) > pulse_at(0.99) > 0.0


def test_a_day_of_light_lasts_its_beats_at_any_tempo() -> None:
    for bpm in (60.0, 174.0):
        assert DAY_S / drift_rate(bpm) == pytest.approx(BEATS_A_DAY * 60 / bpm)


def test_light_drifts_as_fast_as_asked_without_a_jump() -> None:
    slow, fast = Atmosphere(seed=3), Atmosphere(seed=3)
    assert (slow.at(10.0) == fast.at(10.0)).all()
    fast.drift_rate = 4.0
    assert fast.at(10.0)[: len(LIGHTS)] == pytest.approx(slow.at(10.0)[: len(LIGHTS)])
    ahead, there = fast.at(110.0), slow.at(410.0)
    assert ahead[: len(LIGHTS)] == pytest.approx(there[: len(LIGHTS)])


def test_the_pulse_shows_in_the_reactive_layer_of_a_show(show: Session) -> None:
    show.pulse_with(lambda: 1.0)
    assert show.view().reactive.onset == show.reactive.onset == 1.0
    show.pulse_with(None)
    assert isinstance(show.reactive, Reactive)


def test_alone_nothing_pulses_and_leaving_leaves_nothing(show: Session) -> None:
    tempo = LinkTempo(show)
    tempo.start()
    if not tempo._link.numPeers():
        assert tempo.pulse() == 0.0
    tempo.stop()
    assert show._reactive.pulse is None
    assert show._pipeline.atmosphere.drift_rate == 1.0
