"""A bundle's separator goes back to training: it separates as it did, and can learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle.load import Bundle, load_bundle
from engine.runtimes.open import load_model
from engine.synthesis.catalogue import synthesise
from training import shipped_separator
from training.hearing.pool import build, load, plan_jobs
from training.hearing.separator_training import load_separator, train
from training.loop.plain_errors import InputError
from training.shipped import separator as shipped_separator_weights


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The one that ships."""
    return load_bundle("picturebook")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its separator."""
    out = tmp_path_factory.mktemp("shipped") / "separator.pt"
    assert shipped_separator.main(["picturebook", "-o", str(out)]) == 0
    return out


def test_it_separates_as_the_bundle_does(bundle: Bundle, checkpoint: Path) -> None:
    model = load_separator(checkpoint)
    audio = synthesise("rain", 2.0, 16000, 5) + synthesise("dog", 2.0, 16000, 6)
    audio = audio[None, : len(audio) // 128 * 128].astype(np.float32)
    with torch.no_grad():
        state = model.initial_state()
        found = model(torch.from_numpy(audio), state)[0].numpy()
    runtime = load_model(bundle.path("separator"), "onnxruntime", None, True)
    wanted = runtime.run({"audio": audio, "state": state.numpy()})["sources"]
    runtime.close()
    assert wanted.std(2).max() > 0.01
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_its_parts_sum_to_the_whole(bundle: Bundle) -> None:
    audio = torch.from_numpy(synthesise("fire", 2.0, 16000, 1))[None, :20001]
    with torch.no_grad():
        parts = shipped_separator_weights.separator_of(bundle).separate(audio)
    assert parts.shape == (1, bundle.manifest.sources, 20001)
    assert torch.allclose(parts.sum(1)[:, 400:-400], audio[:, 400:-400], atol=1e-3)


def test_it_goes_on_learning(checkpoint: Path, tmp_path: Path) -> None:
    build(plan_jobs([], 0, 0.005), tmp_path / "pool")
    out = tmp_path / "further.pt"
    train(
        load(tmp_path / "pool"), out, fold=None, minutes=1, steps=2, start=checkpoint, batch=2,
        seconds=1.0,
    )  # fmt: skip
    before, after = load_separator(checkpoint), load_separator(out)
    assert not torch.equal(before.masks.weight, after.masks.weight)


def test_another_bundle_is_refused(small_bundle: Path) -> None:
    with pytest.raises(InputError, match="it is no separator of this program"):
        shipped_separator_weights.separator_of(load_bundle(small_bundle))
