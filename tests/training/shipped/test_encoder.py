"""A bundle's ear goes back to training: it hears as it did, and can learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle.load import Bundle, load_bundle
from engine.runtimes.open import load_model
from engine.synthesis.catalogue import synthesise
from training import shipped_ear
from training.hearing.encoder import Encoder
from training.hearing.encoder_training import load_encoder, text_directions, train
from training.hearing.pool import build, load, plan_jobs
from training.loop.plain_errors import InputError
from training.shipped import encoder as shipped_ear_weights


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The one that ships."""
    return load_bundle("picturebook")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory, bundle: Bundle) -> Path:
    """Its encoder as a checkpoint, by way of a pool of synthesised sounds."""
    folder = tmp_path_factory.mktemp("shipped")
    build(plan_jobs([], 0, 1, 0, 0), folder / "pool")
    out = folder / "shipped.pt"
    given = [bundle.manifest.name, "--pool", str(folder / "pool"), "-o", str(out)]
    assert shipped_ear.main(given) == 0
    return out


def sounds() -> np.ndarray:
    """(3, 48000) a dog, rain, and a bell."""
    return np.stack([synthesise(what, 3.0, 16000, 5) for what in ("dog", "rain", "church bells")])


def test_it_hears_as_the_bundle_does(bundle: Bundle, checkpoint: Path) -> None:
    encoder, tower = load_encoder(checkpoint)
    audio = sounds()
    model = load_model(bundle.folder / "encoder.onnx", "onnxruntime", None, True)
    alone = np.zeros((1, audio.shape[1]), np.float32)
    wanted = model.run({"audio": audio, "mixture": alone})["embedding"]
    with torch.no_grad():
        found = encoder(torch.from_numpy(audio)).numpy()
    assert (found * wanted).sum(1).min() > 0.9999
    words = text_directions(tower).numpy()
    assert (words * bundle.vocabulary).sum(1).min() > 0.999


def test_it_goes_on_learning_and_its_norms_expect_what_they_get(checkpoint: Path) -> None:
    pool = load(checkpoint.parent / "pool")
    levels = torch.from_numpy(np.asarray(pool.levels[:16], dtype=np.float32))
    encoder, _ = load_encoder(checkpoint)
    with torch.no_grad():
        resting = encoder.of_levels(levels)
        for part in encoder.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                part.train()
        learning = encoder.of_levels(levels)
    assert (resting * learning).sum(1).mean() > 0.9, "a batch has much the kept statistics"
    out = checkpoint.with_name("further.pt")
    train(pool, out, minutes=1, steps=2, start=checkpoint, batch=8, freeze_text=True)
    further, tower = load_encoder(out)
    assert not torch.equal(further.head[1].weight, encoder.head[1].weight)
    before = load_encoder(checkpoint)[1]
    assert torch.equal(tower.bag.weight, before.bag.weight)


def test_another_bundle_is_refused(small_bundle: Path) -> None:
    levels = Encoder().levels(torch.randn(2, 16000))
    with pytest.raises(InputError, match="it is no encoder of this program"):
        shipped_ear_weights.encoder_of(load_bundle(small_bundle), levels)
