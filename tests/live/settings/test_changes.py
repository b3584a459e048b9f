"""Settings changed while a real show runs: taken up between ticks, and the show goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import trace
from engine.bundle.load import load_bundle
from engine.hearing.hearer import Hearer
from engine.mailbox import Mailbox
from engine.packets import Hearing
from engine.runtimes.model import ModelError
from live.errors import UserError
from live.input.shared_ring import RING_HZ, SharedRing
from live.settings.model import Settings
from live.show.hearing_thread import HearingThread
from live.show.session import Session
from live.show.turns import Turns
from tests.tiny_models import tone_of
from tests.until import LONGEST_S, until


@pytest.fixture
def session(small_bundle: Path) -> Iterator[Session]:
    """A running show of the demo that has painted."""
    settings = Settings(
        input="demo", headless=True, bundle=str(small_bundle), runtime="onnxruntime", steps=1,
        target_ms=5000.0,
    )  # fmt: skip
    made = Session(settings, load_bundle(str(small_bundle)))
    made.start()
    try:
        until(lambda: made.view().pictures is not None)
        yield made
    finally:
        made.stop()
        trace.stop()


def goes_on(session: Session) -> None:
    """Wait until new sound has become new pictures."""
    heard, painted = session.view().hearing, session.pictures_painted
    assert heard is not None
    until(lambda: session.view().hearing is not heard and session.pictures_painted > painted + 2)
    assert session.messages.all == []


def test_steps_and_panels_from_the_next_picture_on(session: Session) -> None:
    until(lambda: len(session.view().panels) > 1)
    session.change(steps=2, panels=1)
    goes_on(session)
    kept = trace.start()
    goes_on(session)
    until(lambda: any(e["name"] == "generate scene" for e in kept.events()))
    asked = {e["args"]["steps"] for e in kept.events() if e["name"] == "generate scene"}
    assert asked == {2}
    until(lambda: len(session.view().panels) == 1)
    session.change(panels=3)
    until(lambda: len(session.view().panels) > 1)
    session.change(panels=0)
    until(lambda: not session.view().panels)
    goes_on(session)


def test_pictures_of_another_size(session: Session) -> None:
    pictures = session.bundle.manifest.pictures
    assert session.view().pictures.scene.shape[:2] == pictures.scene
    session.change(size=0.5)
    until(lambda: session.view().pictures.scene.shape[:2] == pictures.at(0.5).scene)
    until(lambda: session.view().pictures.panels)
    smaller = pictures.at(0.5).panel
    until(lambda: {p.shape[:2] for p in session.view().pictures.panels.values()} == {smaller})
    goes_on(session)


def test_panels_are_painted_as_often_as_asked_for(session: Session) -> None:
    until(lambda: len(session.view().panels) > 1)
    session.change(panels_every=8)
    goes_on(session)
    kept = trace.start()
    until(lambda: sum(e["name"] == "generate scene" for e in kept.events()) > 16)
    events = list(kept.events())
    pictures = sum(e["name"] == "generate scene" for e in events)
    panels = sum(e["args"]["panels"] for e in events if e["name"] == "generate panels")
    assert panels <= 4 * pictures / 8 + 4, "all of them once more, where tracks are new"


def test_another_window_is_whole_from_its_first_hearing_on(session: Session) -> None:
    until(lambda: session.view().status.sound_s > 3.0)
    before = session.view().hearing
    assert before is not None
    session.change(window_s=2.0, hop_s=0.5)
    until(lambda: session.view().hearing.stamp.epoch > before.stamp.epoch)
    stamp = session.view().hearing.stamp
    assert stamp.end_sample - stamp.first_sample == 2 * stamp.sample_rate_hz
    assert stamp.first_sample >= 0, "the sound before the change is heard once more"
    assert abs(stamp.captured_at_s - time.monotonic()) < LONGEST_S
    goes_on(session)
    assert session.view().pictures.stamp.epoch > before.stamp.epoch
    assert session.settings.window_s == 2.0


def test_what_is_heard_again_does_not_count_as_passed_over(small_bundle: Path) -> None:
    bundle = load_bundle(str(small_bundle))
    models = bundle.models("onnxruntime", threads=1)
    shared, failures = SharedRing.create(), []
    shared.ring.write(tone_of("owl", 6.0, RING_HZ), time.monotonic())
    mailbox: Mailbox[Hearing] = Mailbox()
    hearing = HearingThread(
        shared.ring, Hearer(bundle, models, 4.0, 0.2), Turns(), mailbox, lambda _: None,
        failures.append,
    )  # fmt: skip
    hearing.begin_at(0, lambda: 6 * RING_HZ)
    hearing.start()
    try:
        until(lambda: hearing.finished)
        passed_over, first = hearing.skipped, hearing.latest
        assert passed_over > 10, "all of it was there at once"
        assert hearing.switch_to(Hearer(bundle, models, 2.0, 0.5), round(2.5 * RING_HZ)).wait(
            LONGEST_S
        )
        until(lambda: hearing.latest is not first and hearing.finished)
        stamp = hearing.latest.stamp
        assert (stamp.epoch, stamp.window_id) == (first.stamp.epoch + 1, 4)
        assert hearing.skipped == passed_over
    finally:
        hearing.stop()
        models.close()
        shared.close()
    assert failures == []


def test_the_models_are_opened_beside_the_show(session: Session) -> None:
    pytest.importorskip("openvino")
    old = session._pipeline.models
    session.change(runtime="openvino", threads=1, precision="float32")
    # what is compiled already, or the one that is ready until it is
    until(lambda: session.view().status.runtime == "openvino")
    session.messages.all.clear()
    goes_on(session)
    session.change(runtime="onnxruntime")
    assert session.view().status.runtime == "onnxruntime"
    goes_on(session)
    assert old is not None
    silence = {"audio": np.zeros((1, 640), np.float32), "state": np.zeros((1, 1), np.float32)}
    with pytest.raises((ModelError, AttributeError)):
        old.separator.run(silence)


def test_what_is_refused_changes_nothing(session: Session) -> None:
    before, models = session.settings, session._pipeline.models
    for given, expected in (
        ({"steps": 7}, "7 steps"),
        ({"hop_s": 2.0, "window_s": 1.0}, "longer than the window"),
        ({"input": "mic"}, "start it anew"),
        ({"runtime": "abacus"}, "abacus"),
    ):
        with pytest.raises(UserError, match=expected):
            session.change(**given)
    assert session.settings == before
    assert session._pipeline.models is models
    goes_on(session)


def test_light_and_sensitivity_at_once(session: Session) -> None:
    session.change(light="night", sensitivity_db=-6.0)
    status = session.view().status
    assert status.asked.light == "night"
    assert status.sensitivity_db == -6.0
    session.change(light="snow")
    assert session.settings.sensitivity_db == session.view().status.sensitivity_db == -6.0
    assert session.settings.light == "snow"
