"""The encoder: unit length at any length, blind to distance, the same by matrix and FFT."""

import torch

from training.hearing.encoder import PRESENCES, Encoder
from training.hearing.text import TextTower, pieces_of


def encoder() -> Encoder:
    torch.manual_seed(0)
    return Encoder().eval()


def test_embeddings_have_unit_length_for_any_batch_and_length() -> None:
    model = encoder()
    with torch.no_grad():
        for shape in ((1, 64000), (5, 16000), (2, 33333)):
            out, presence = model(torch.randn(*shape) * 0.1)
            assert out.shape == (shape[0], 128)
            assert torch.allclose(out.norm(dim=1), torch.ones(shape[0]), atol=1e-3)
            assert presence.shape == (shape[0], PRESENCES)
            assert 0 <= presence.min() <= presence.max() <= 1
        assert all(torch.isfinite(each).all() for each in model(torch.zeros(1, 64000)))


def test_distance_does_not_change_what_is_heard() -> None:
    model = encoder()
    sound = torch.randn(1, 64000) * 0.1
    with torch.no_grad():
        assert (model(sound)[0] * model(sound * 0.2)[0]).sum() > 0.999


def test_matrices_give_what_the_fft_gives() -> None:
    model = encoder()
    sound = torch.randn(2, 32000) * 0.1
    with torch.no_grad():
        wanted = model(sound)
        model.by_fft = False
        for found, right in zip(model(sound), wanted, strict=True):
            assert torch.allclose(found, right, atol=1e-5)


def test_texts_share_pieces_with_their_relatives() -> None:
    assert set(pieces_of("dog")) & set(pieces_of("dogs barking"))
    assert pieces_of("") == [0]
    tower = TextTower().eval()
    with torch.no_grad():
        out = tower(["dog", "a dog barking", "the sound of rain"])
    assert torch.allclose(out.norm(dim=1), torch.ones(3), atol=1e-5)
