"""What a window of another shape shows: a scene composed for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from engine.bundle.load import load_bundle
from live.compose.crossfade import CrossFade
from live.compose.frame import compose, frame_size, light_scene
from live.compose.light import NEUTRAL_LIGHT
from live.compose.scaling import Scaler
from live.settings.model import Settings
from live.show.session import Session
from live.window.shape import SETTLED_S, WindowShape
from tests.live.staged_show import StagedShow, plain

pytest.importorskip("PyQt6.QtWidgets")

from live.window.main import ShowWindow

LONG_MS = 120_000


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A show of the built-in soundscape by the bundle that is shipped."""
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_PICTURES_DIR", "XDG_VIDEOS_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    settings = Settings(input="demo", runtime="onnxruntime", steps=1, panels=1)
    made = Session(settings, load_bundle("picturebook"))
    made.start()
    yield made
    made.stop()


def scene_of(session: Session) -> tuple[int, ...] | None:
    """Height and width of the newest scene."""
    pictures = session.view().pictures
    return None if pictures is None else pictures.scene.shape[:2]


def test_a_portrait_window_gets_a_portrait_scene_and_follows_when_turned(
    session: Session, tmp_path: Path, qtbot
) -> None:
    window = ShowWindow(session, session.settings, view="painter")
    qtbot.addWidget(window)
    window.resize(360, 640)
    window.show()
    qtbot.waitUntil(lambda: scene_of(session) == (1024, 576), timeout=LONG_MS)
    with Image.open(session.snapshot(tmp_path)) as saved:
        assert saved.size == (1080, 1920)
    session.start_recording(tmp_path / "film.mp4")
    count = session.pictures_painted
    qtbot.waitUntil(lambda: session.pictures_painted > count + 2, timeout=LONG_MS)
    window.resize(640, 360)
    qtbot.waitUntil(lambda: scene_of(session) == (576, 1024), timeout=LONG_MS)
    session.stop_recording()
    with av.open(str(tmp_path / "film.mp4")) as film:
        assert {(frame.width, frame.height) for frame in film.decode(video=0)} == {(720, 1280)}
    window.resize(480, 480)
    qtbot.waitUntil(lambda: scene_of(session) == (768, 768), timeout=LONG_MS)
    window.close()


def test_the_window_tells_its_shape_at_once_and_then_when_it_has_settled() -> None:
    shape = WindowShape()
    assert shape.settled_aspect(720, 1280, 10.0) == 0.5625
    assert shape.settled_aspect(720, 1280, 10.1) is None
    for step in range(20):
        assert shape.settled_aspect(720 + 10 * step, 1280, 10.2 + 0.02 * step) is None
    at_s = 10.2 + 0.02 * 19
    assert shape.settled_aspect(910, 1280, at_s + SETTLED_S + 0.01) == 910 / 1280
    assert shape.settled_aspect(910, 1280, at_s + 10) is None
    # There and back again is no change.
    assert shape.settled_aspect(300, 300, at_s + 11) is None
    assert shape.settled_aspect(910, 1280, at_s + 11.01) is None
    assert shape.settled_aspect(910, 1280, at_s + 20) is None


def test_a_window_tells_the_show(qtbot) -> None:
    show = StagedShow(scene=plain((90, 120, 150)))
    window = ShowWindow(show, Settings(), view="painter")
    qtbot.addWidget(window)
    window.resize(400, 800)
    window.show()
    qtbot.waitUntil(lambda: 0.5 in show.shapes, timeout=LONG_MS)
    window.resize(800, 400)
    qtbot.waitUntil(lambda: show.shapes[-1] == 2.0, timeout=LONG_MS)


def marked(height: int, width: int) -> np.ndarray:
    """A grey picture with a square, not a rectangle, in its middle."""
    made = np.full((height, width, 3), 90, np.uint8)
    y, x = height // 2, width // 2
    made[y - 40 : y + 40, x - 40 : x + 40] = 240
    return made


def test_a_fade_to_another_shape_begins_with_what_was_seen_and_squeezes_nothing() -> None:
    fade = CrossFade(marked(288, 512))
    fade.show(np.zeros((512, 288, 3), np.uint8), 0.0)
    begun = fade.picture_at(0.0)
    assert begun is not None
    assert begun.shape == (512, 288, 3)
    bright = begun[..., 0] > 165
    high, wide = bright.any(1).sum(), bright.any(0).sum()
    assert abs(high - wide) <= 3
    assert high == pytest.approx(80 * 512 / 288, abs=4)


@pytest.mark.parametrize(
    ("aspect", "size"),
    [(16 / 9, (1280, 720)), (9 / 16, (720, 1280)), (1.0, (960, 960)), (0.01, (480, 1920))],
)
def test_frames_have_the_shape_and_as_many_pixels(aspect: float, size: tuple[int, int]) -> None:
    assert frame_size(aspect) == size


def test_a_film_of_another_shape_shows_the_whole_scene() -> None:
    scene = np.full((512, 288, 3), 120, np.uint8)
    scene[:4], scene[-4:] = (250, 40, 40), (40, 40, 250)
    framed = np.asarray(light_scene(scene, NEUTRAL_LIGHT, 1280, 720, Scaler())).astype(int)
    assert framed.shape == (720, 1280, 3)
    assert framed[0, 640, 0] > framed[0, 640, 2] + 100, "its upper edge is there"
    assert framed[-1, 640, 2] > framed[-1, 640, 0] + 100, "and its lower one"


def test_a_long_message_is_whole_in_a_narrow_film() -> None:
    show = StagedShow(scene=plain((200, 200, 200), 512, 288))
    before = compose(show.view(), 720, 1280).astype(int)
    show.message = "no sound from USB microphone for 10 s: it may be unplugged; press M " * 2
    after = compose(show.view(), 720, 1280).astype(int)
    columns = np.flatnonzero((np.abs(after - before).max(2) > 20).any(0))
    assert columns.min() > 4
    assert columns.max() < 715
