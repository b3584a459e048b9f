"""The encoder: unit length at any length, blind to distance, the same by matrix and FFT."""

import torch

from training.hearing.encoder import Encoder
from training.hearing.text import TextTower, pieces_of


def encoder() -> Encoder:
    torch.manual_seed(0)
    return Encoder().eval()


def test_embeddings_have_unit_length_for_any_batch_and_length() -> None:
    model = encoder()
    with torch.no_grad():
        for shape in ((1, 64000), (5, 16000), (2, 33333)):
            out = model(torch.randn(*shape) * 0.1)
            assert out.shape == (shape[0], 128)
            assert torch.allclose(out.norm(dim=1), torch.ones(shape[0]), atol=1e-3)
        assert torch.isfinite(model(torch.zeros(1, 64000))).all()


def test_distance_does_not_change_what_is_heard() -> None:
    model = encoder()
    sound = torch.randn(1, 64000) * 0.1
    with torch.no_grad():
        assert (model(sound) * model(sound * 0.2)).sum() > 0.999


def test_what_a_separator_leaves_far_below_changes_less_in_the_second_look() -> None:
    model = encoder()
    whistle = torch.full((1, 249, 64), -8.0)
    whistle[:, 40:200, 20:26] = 0.0
    leak = torch.where(torch.rand(1, 249, 64) < 0.2, -3.5, -8.0)
    both = torch.log10(10**whistle + 10**leak)

    def moved(hear) -> float:
        with torch.no_grad():
            return 1 - float((hear(whistle) * hear(both)).sum())

    assert moved(model.embed_with_masking) < 0.8 * moved(model.of_levels)


def test_matrices_give_what_the_fft_gives() -> None:
    model = encoder()
    sound = torch.randn(2, 32000) * 0.1
    with torch.no_grad():
        wanted = model(sound)
        model.by_fft = False
        assert torch.allclose(model(sound), wanted, atol=1e-5)


def test_texts_share_pieces_with_their_relatives() -> None:
    assert set(pieces_of("dog")) & set(pieces_of("dogs barking"))
    assert pieces_of("") == [0]
    tower = TextTower().eval()
    with torch.no_grad():
        out = tower(["dog", "a dog barking", "the sound of rain"])
    assert torch.allclose(out.norm(dim=1), torch.ones(3), atol=1e-5)
