from dataclasses import replace

import numpy as np
import pytest

from engine.packets import Pictures, Stamp
from engine.sound.reactive import Reactive
from live.compose.frame import Composer, compose
from live.compose.panel_layout import panel_row
from live.view.picture import PanelView, Status, View

STATUS = Status("demo", 1, 2, 8, 0, 0, "onnxruntime", (), False, False, 0.0, "tiny")


def flat(colour, size=(144, 256)):
    return np.full((*size, 3), colour, np.uint8)


def view(colour=(40, 120, 80), level=0.0, onset=0.0, panels=(), message=None, pictures=None):
    shown = Pictures(
        Stamp(0, 0, 0, 3200, 16_000, 0.0),
        flat(colour),
        pictures or {panel.track_id: flat((10, 20, 200)) for panel in panels},
    )
    return View(shown, None, Reactive(level, onset, 0.5), tuple(panels), STATUS, message)


def panel(track_id, place, **more):
    said = {"label": "rain", "probability": 0.8, "level": 0.5, "presence": 1.0}
    return PanelView(track_id, place, **{**said, **more}, colour=(230, 60, 50))


@pytest.mark.parametrize("size", [(1280, 720), (640, 640), (320, 180), (1920, 800)])
def test_the_scene_covers_any_shape(size):
    frame = compose(view((90, 120, 80)), *size)
    assert frame.shape == (size[1], size[0], 3)
    assert frame.dtype == np.uint8
    # No edge is left black.
    for edge in (frame[0], frame[-1], frame[:, 0], frame[:, -1]):
        assert edge.mean() > 60


def test_pictures_fade_into_each_other():
    composer = Composer(320, 180)
    composer.frame(view((0, 0, 0)), 0.0)
    composer.frame(view((0, 0, 0)), 5.0)
    new = view((200, 200, 200))
    means = [composer.frame(new, 5.0 + k * 0.05).mean() for k in range(25)]
    assert means[0] < 20
    assert means[-1] > 150
    assert max(np.diff(means)) < 60
    assert min(np.diff(means)) > -1


def test_sound_lights_the_picture_in_the_next_frame():
    composer = Composer(320, 180)
    quiet = view()
    composer.frame(quiet, 0.0)
    before = composer.frame(quiet, 5.0)
    after = composer.frame(
        View(quiet.pictures, None, Reactive(0.9, 1.0, 0.5), (), STATUS, None), 5.04
    )
    assert after.mean() > before.mean() + 8


def test_panels_stand_in_their_places_with_their_colours():
    frame = compose(view(panels=[panel(3, 0), panel(8, 2)]), 1280, 720).astype(int)
    row = panel_row(1280, 720, 4)
    foot = frame[round(row.top + 20) : round(row.top + 60)]
    blue = (foot[:, :, 2] > 120) & (foot[:, :, 0] < 80)
    columns = np.flatnonzero(blue.mean(axis=0) > 0.5)
    assert columns.size
    # Two stretches of columns, the second one where the third place is.
    assert (np.diff(columns) > 100).sum() == 1
    assert abs(columns[0] - row.lefts[0]) < 4
    assert abs(columns[np.argmax(np.diff(columns)) + 1] - row.lefts[2]) < 4
    assert abs(columns[-1] - row.lefts[2] - row.side) < 4
    # The level meter is in the track's colour, as far as the level of 0.5 goes.
    meter = frame[round(row.top + row.side) : round(row.top + row.side + 0.1 * row.side)]
    red = ((meter[:, :, 0] > 200) & (meter[:, :, 1] < 120)).any(axis=0)
    assert abs(red[: round(row.lefts[1])].sum() - 0.5 * row.side) < 3


def test_panels_are_square_and_whole():
    picture = flat((10, 20, 200), (256, 256))
    picture[:8] = picture[-8:] = picture[:, :8] = picture[:, -8:] = (250, 240, 10)
    frame = compose(view(panels=[panel(3, 0)], pictures={3: picture}), 1280, 720).astype(int)
    row = panel_row(1280, 720, 4)
    near, middle, far = 2, round(row.side / 2), round(row.side) - 3
    for down, across in ((near, middle), (far, middle), (middle, near), (middle, far)):
        red, _, blue = frame[round(row.top) + down, round(row.lefts[0]) + across]
        assert red > blue + 100, "an edge of the picture is cut off"


def test_beside_its_panels_the_scene_is_as_it_was_painted():
    alone = compose(view())
    with_panels = compose(view(panels=[panel(3, 0), panel(8, 1)]))
    row = panel_row(1280, 720, 4)
    right = round(row.lefts[1] + 1.4 * row.side)
    assert (alone[:, right:] == with_panels[:, right:]).all()
    assert (alone[: round(row.top)] == with_panels[: round(row.top)]).all()


def test_a_fading_panel_is_half_there():
    def blue(presence):
        frame = compose(view(panels=[panel(3, 0, presence=presence)]), 1280, 720)
        row = panel_row(1280, 720, 4)
        left = round(row.lefts[0])
        return frame[round(row.top + 60), left + 20 : left + 80, 2].astype(float).mean()

    assert blue(0.0) < blue(0.5) < blue(1.0)


def test_a_message_is_written_over_the_picture():
    plain = compose(view())
    told = compose(view(message="waiting for microphone"))
    changed = np.abs(plain.astype(int) - told).sum(axis=2) > 30
    assert changed[30:90].any()
    assert not changed[200:].any()


def test_before_the_first_picture_it_is_dusk():
    frame = compose(View(None, None, Reactive(), (), STATUS, None), 320, 180)
    assert 5 < frame.mean() < 150


def test_a_panel_without_a_picture_yet_and_a_long_label():
    long = panel(3, 0, label="a very long label that cannot fit in there")
    frame = compose(view(panels=[long], pictures={9: flat((1, 2, 3))}))
    assert frame.shape == (720, 1280, 3)


def test_a_show_that_rests_is_black_and_half_way_there_half_as_bright():
    awake = view((90, 120, 80), panels=(panel(1, 0),), message="waiting")
    frames = [compose(replace(awake, dark=dark), 640, 360) for dark in (0.0, 0.5, 1.0)]
    assert not frames[2].any()
    assert frames[1].mean() == pytest.approx(frames[0].mean() / 2, rel=0.02)
