"""The separator: parts sum to the whole, streaming equals offline, matrices equal the FFT."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.hearing.separator import Separator, SeparatorShape

SMALL = SeparatorShape(width=24, hidden=32, dilations=(1, 2, 4), stacks=2)


def small() -> Separator:
    torch.manual_seed(0)
    return Separator(SMALL).eval()


def test_shipped_shape_is_small_and_late_by_24_ms() -> None:
    shape = SeparatorShape()
    assert (shape.sources, shape.latency, shape.hop) == (4, 384, 128)
    assert sum(p.numel() for p in Separator(shape).parameters()) < 2.5e6


def test_sources_sum_to_the_mixture_sample_for_sample() -> None:
    audio = torch.randn(2, 5000) * 0.1
    with torch.no_grad():
        sources = small().separate(audio)
    assert sources.shape == (2, 4, 5000)
    assert torch.allclose(sources.sum(1), audio, atol=1e-5)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_chunks_do_not_change_the_result(chunks: list[int]) -> None:
    model = small()
    audio = torch.randn(1, 128 * sum(chunks)) * 0.1
    with torch.no_grad():
        whole, last = model(audio, model.initial_state())
        state, parts, at = model.initial_state(), [], 0
        for blocks in chunks:
            got, state = model(audio[:, at : at + 128 * blocks], state)
            parts.append(got)
            at += 128 * blocks
    assert torch.allclose(torch.cat(parts, 2), whole, atol=1e-6)
    assert torch.allclose(state, last, atol=1e-6)


def test_nothing_of_the_future_is_used() -> None:
    model = small()
    audio = torch.randn(1, 128 * 40) * 0.1
    changed = audio.clone()
    changed[:, 128 * 25 :] = torch.randn(1, 128 * 15)
    with torch.no_grad():
        a, _ = model(audio, model.initial_state())
        b, _ = model(changed, model.initial_state())
    assert torch.equal(a[:, :, : 128 * 25], b[:, :, : 128 * 25])


def test_matrices_give_what_the_fft_gives() -> None:
    model = small()
    audio = torch.randn(1, 4096) * 0.1
    with torch.no_grad():
        wanted = model.separate(audio)
        model.by_fft = False
        assert torch.allclose(model.separate(audio), wanted, atol=1e-5)
