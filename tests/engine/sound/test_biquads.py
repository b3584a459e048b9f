import numpy as np
import pytest

from engine.sound.biquads import BLOCK, filter_sections
from engine.sound.loudness import k_weighting

scipy_signal = pytest.importorskip("scipy.signal")


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_it_is_sosfilt(rate):
    rng = np.random.default_rng(0)
    sections = k_weighting(rate)
    samples = rng.standard_normal((3, 5000))
    mine, state = filter_sections(sections, samples, np.zeros((2, 3, 2)))
    theirs, their_state = scipy_signal.sosfilt(sections, samples, zi=np.zeros((2, 3, 2)))
    np.testing.assert_allclose(mine, theirs, atol=1e-10)
    np.testing.assert_allclose(state, their_state, atol=1e-10)


def test_pieces_of_any_size_give_the_same():
    rng = np.random.default_rng(1)
    sections = k_weighting(16_000)
    samples = rng.standard_normal((2, 3000))
    whole, end = filter_sections(sections, samples, np.zeros((2, 2, 2)))
    state, pieces, at = np.zeros((2, 2, 2)), [], 0
    for size in (1, 0, 7, BLOCK, BLOCK - 1, BLOCK + 1, 640, 3000):
        piece, state = filter_sections(sections, samples[:, at : at + size], state)
        pieces.append(piece)
        at += size
    np.testing.assert_allclose(np.concatenate(pieces, axis=1), whole, atol=1e-10)
    np.testing.assert_allclose(state, end, atol=1e-10)


def test_it_stays_stable_over_minutes():
    out, _ = filter_sections(k_weighting(16_000), np.ones((1, 16_000 * 120)), np.zeros((2, 1, 2)))
    assert abs(out[0, -1]) < 1e-9
