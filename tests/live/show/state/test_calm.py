"""In silence painting comes to rest, and wakes when something sounds or is asked for."""

import numpy as np
import pytest
import soundfile

from engine.bundle.load import load_bundle
from engine.packets import Hearing, Stamp, Weather
from live.settings.model import Settings
from live.show.session import Session
from live.show.state.calm import AFTER_S, Calm
from tests.tiny_models import tone_of
from tests.until import until

RATE = 48_000
SILENCE = Hearing(Stamp(0, 0, 0, 3200, 16_000, 0.0), (), -70.0)


def test_it_is_calm_after_a_while_of_silence_in_still_weather():
    calm = Calm()
    assert not calm.at(100.0, 0)
    calm.hear(SILENCE, 100.0)
    assert not calm.at(100.0 + AFTER_S - 0.1, 0)
    assert calm.at(100.0 + AFTER_S, 0)
    assert not calm.at(200.0, 1)
    calm.paint(Weather(snow=0.3))
    assert not calm.at(200.0, 0)
    calm.paint(Weather())
    calm.rouse(203.0)
    assert not calm.at(202.9, 0)
    assert calm.at(203.0, 0)


@pytest.fixture
def session(small_bundle, tmp_path):
    """A show that hears half a minute of silence, then a bird."""
    sound = np.zeros(60 * RATE, np.float32)
    sound[30 * RATE :] = tone_of("birds", 30.0, RATE)
    soundfile.write(tmp_path / "sound.wav", sound, RATE)
    settings = Settings(
        input=str(tmp_path / "sound.wav"), headless=True, bundle=str(small_bundle), light="day",
        runtime="onnxruntime",
    )  # fmt: skip
    session = Session(settings, load_bundle(settings.bundle))
    session.start()
    yield session
    session.stop()


def test_silence_paints_little_until_something_is_asked_for_or_heard(session):
    painting = session._pipeline.painting
    until(lambda: painting._is_calm)
    painted, heard = session.pictures_painted, session.hearing.stamp.window_id
    until(lambda: session.hearing.stamp.window_id > heard + 20)  # four seconds
    assert session.pictures_painted - painted <= 3
    assert session.at_rest()["painting"] < 30.0

    painted = session.pictures_painted
    session.change(light="night")
    until(lambda: session.view().status.seen[0] == "night")
    assert session.pictures_painted - painted > 3

    until(lambda: session.hearing.sources)
    painted = session.pictures_painted
    until(lambda: session.pictures_painted > painted + 5)
    assert not painting._is_calm
