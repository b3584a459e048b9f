"""A bundle's encoder goes back to training: it hears as it did, and can learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from engine.bundle.load import Bundle, load_bundle  # noqa: E402
from engine.runtimes.open import load_model  # noqa: E402
from engine.synthesis.catalogue import synthesise  # noqa: E402
from training.hearing.encoder import Encoder  # noqa: E402  # noqa: E402
from training.loop.plain_errors import InputError  # noqa: E402
from training.shipped.encoder import encoder_of  # noqa: E402
from training.vocabulary import LABELS  # noqa: E402


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The one that ships."""
    return load_bundle("picturebook")


@pytest.fixture(scope="module")
def levels() -> torch.Tensor:
    """Of a sound of every label."""
    clips = np.stack([synthesise(label, 2.0, 16000, 3) for label in LABELS])
    return Encoder().levels(torch.from_numpy(clips))


@pytest.fixture(scope="module")
def encoder(bundle: Bundle, levels: torch.Tensor) -> Encoder:
    return encoder_of(bundle, levels)


def test_it_hears_as_the_bundle_does(bundle: Bundle, encoder: Encoder) -> None:
    """Its points are the bundle's; its presences are before they were made probabilities."""
    audio = np.stack([synthesise(what, 3.0, 16000, 5) for what in ("dog", "rain", "train")])
    model = load_model(bundle.folder / "encoder.onnx", "onnxruntime", None, True)
    wanted = model.run({"audio": audio})
    with torch.no_grad():
        embedding, presence = (each.numpy() for each in encoder(torch.from_numpy(audio)))
    assert (embedding * wanted["embedding"]).sum(1).min() > 0.9999
    for mine, theirs in zip(presence, wanted["presence"], strict=True):
        assert (np.argsort(mine)[-5:] == np.argsort(theirs)[-5:]).all()


def test_its_norms_expect_what_they_get(encoder: Encoder, levels: torch.Tensor) -> None:
    with torch.no_grad():
        resting = encoder.eval().embedding(encoder.features(levels))
        for part in encoder.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                part.train()
        learning = encoder.embedding(encoder.features(levels))
    encoder.eval()
    assert (resting * learning).sum(1).mean() > 0.9, "a batch has much the kept statistics"


def test_another_bundle_is_refused(small_bundle: Path, levels: torch.Tensor) -> None:
    with pytest.raises(InputError, match="it is no encoder of this program"):
        encoder_of(load_bundle(small_bundle), levels[:2])
