"""Rooms made of mirror images: arrival times, decay, and the sound in them."""

import numpy as np
import pytest

from training.sound.rooms import (
    SOUND_M_S,
    decay_s,
    early_images,
    impulse_response,
    in_room,
    room_number,
)

RATE = 16000


def test_the_first_reflections_arrive_when_geometry_says() -> None:
    size = np.array([6.0, 5.0, 3.0])
    source, ear = np.array([2.0, 2.5, 1.5]), np.array([4.0, 2.5, 1.5])
    found = early_images(size, source, ear, 0.3, RATE)
    assert found[0] == pytest.approx(1.0)
    # Floor and ceiling lie 1.5 m off: two reflections over the same way.
    way = float(np.hypot(2.0, 3.0))
    at = (way - 2.0) / SOUND_M_S * RATE
    near = found[int(at) : int(at) + 2].sum()
    assert near == pytest.approx(2 * np.sqrt(0.7) * 2.0 / way, rel=1e-6)
    assert not found[1 : int(at)].any()


def test_a_room_decays_as_long_as_its_walls_allow() -> None:
    size = np.array([8.0, 6.0, 3.0])
    assert decay_s(size, 0.1) > 2 * decay_s(size, 0.3)
    assert decay_s(size, 0.3) == pytest.approx(0.161 * 144 / (-180 * np.log(0.7)), rel=1e-6)


def test_rooms_are_finite_differ_and_repeat() -> None:
    first = impulse_response(np.random.default_rng(1), RATE)
    assert np.isfinite(first).all()
    assert first[0] == pytest.approx(1.0)
    assert np.array_equal(room_number(3, RATE), room_number(3, RATE))
    assert room_number(3, RATE).size != room_number(4, RATE).size
    tail = [float((room_number(i, RATE)[-800:] ** 2).mean()) for i in range(8)]
    assert max(tail) < 1e-4


def test_a_click_becomes_the_room() -> None:
    response = room_number(5, RATE)
    click = np.zeros(RATE, np.float32)
    click[100] = 1
    heard = in_room(click, response)
    assert heard.shape == click.shape
    part = min(response.size, RATE - 100)
    assert np.allclose(heard[100 : 100 + part], response[:part], atol=1e-4)
    assert np.abs(heard[:100]).max() < 1e-4
