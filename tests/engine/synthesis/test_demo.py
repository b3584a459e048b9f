import numpy as np

from engine.synthesis.catalogue import demo_soundscape
from engine.synthesis.demo import demo_blocks


def test_second_by_second_it_is_the_soundscape():
    blocks = demo_blocks(16_000)
    beginning = np.concatenate([next(blocks) for _ in range(20)])
    whole, _ = demo_soundscape(16_000, 90.0)
    assert np.abs(beginning - whole[: beginning.size]).max() < 2e-3


def test_it_lasts_as_long():
    assert sum(block.size for block in demo_blocks(4_000)) == 90 * 4_000
