import numpy as np
import pytest

from engine.painting.noise_trajectory import NoiseTrajectory

SHAPE = (16, 18, 32)


def trajectory(seed: int = 1, name: tuple[int, ...] = (1,)) -> NoiseTrajectory:
    return NoiseTrajectory(seed, name, SHAPE)


def test_it_depends_on_seed_name_and_moment_alone():
    one, other = trajectory(), trajectory()
    there = [one.at(t) for t in (0.0, 3.3, 100.0, -2.0)]
    # Asked in another order, by way of another moment.
    other.at(55.0)
    back = [other.at(t) for t in (-2.0, 100.0, 3.3, 0.0)][::-1]
    for a, b in zip(there, back, strict=True):
        np.testing.assert_array_equal(a, b)
    assert abs(np.corrcoef(trajectory(2).at(3.3).ravel(), there[1].ravel())[0, 1]) < 0.1
    assert abs(np.corrcoef(trajectory(1, (2,)).at(3.3).ravel(), there[1].ravel())[0, 1]) < 0.1


def test_it_is_white_noise_of_constant_norm_at_every_moment():
    for moment in np.linspace(0, 60, 37):
        noise = trajectory().at(float(moment))
        assert noise.dtype == np.float32
        assert noise.shape == SHAPE
        assert np.linalg.norm(noise) == pytest.approx(np.sqrt(noise.size), rel=1e-5)
        assert abs(noise.mean()) < 5 / np.sqrt(noise.size)
        for neighbour in (noise[:, 1:] * noise[:, :-1], noise[:, :, 1:] * noise[:, :, :-1]):
            assert abs(neighbour.mean()) < 5 / np.sqrt(noise.size)
        assert 2.5 < (noise**4).mean() < 3.5


def test_it_never_jumps_stands_still_or_turns_a_corner():
    step_s = 0.05
    path = np.stack([walk_at for walk_at in _path(0.0, 40.0, step_s)])
    speed = np.diff(path, axis=0) / step_s
    pace = np.linalg.norm(speed, axis=1) / np.sqrt(path.shape[1])
    assert pace.min() > 0.06
    assert pace.max() < 0.13  # radians a second
    turns = np.linalg.norm(np.diff(speed, axis=0), axis=1) / np.linalg.norm(speed[1:], axis=1)
    assert turns.max() < 0.05


def test_it_leads_elsewhere_in_a_minute():
    there, here = trajectory().at(0.0), trajectory().at(60.0)
    assert abs(np.corrcoef(there.ravel(), here.ravel())[0, 1]) < 0.1


def test_trajectories_of_one_show_do_not_reach_their_anchors_together():
    phases = {round(trajectory(0, (2, t))._phase, 3) for t in range(20)}
    assert len(phases) == 20


def _path(begin: float, end: float, step: float) -> list[np.ndarray]:
    one = trajectory()
    return [one.at(float(t)).ravel().astype(np.float64) for t in np.arange(begin, end, step)]
