"""The public tagger as a teacher: its file's form, and what it gives where the file is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.hearing.tagger import (  # noqa: E402
    CLASSES_FILE,
    RATE_HZ,
    WEIGHTS_FILE,
    Tagger,
    load_teacher,
    mel_filters,
)
from training.loop.plain_errors import InputError  # noqa: E402

FOLDER = os.environ.get("SOUNDGLASS_TEACHERS")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights in the public format, under the public names."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("teachers")
    torch.save(Tagger().state_dict(), folder / WEIGHTS_FILE)
    rows = ["index,mid,display_name", *(f'{i},/m/{i},"Sound {i}, of 527"' for i in range(527))]
    (folder / CLASSES_FILE).write_text("\ufeff" + "\n".join(rows), encoding="utf-8")
    return folder


def test_it_takes_the_public_file(folder: Path) -> None:
    teacher = load_teacher(folder)
    weights = teacher.tagger.state_dict()
    assert 0.95e6 < sum(p.numel() for p in teacher.tagger.parameters()) < 1.05e6
    # as the published file has them
    assert weights["features.4.block.2.conc_se_layers.0.fc1.weight"].shape == (8, 32)
    assert weights["features.13.block.1.0.weight"].shape == (272, 1, 5, 5)
    assert weights["classifier.5.weight"].shape == (527, 512)
    assert teacher.classes[526] == "Sound 526, of 527"
    features, logits = teacher.tagger(torch.randn(2, 2 * RATE_HZ) * 0.1)
    assert features.shape == (2, 384)
    assert logits.shape == (2, 527)
    assert torch.isfinite(logits).all()


def test_what_is_missing_or_altered_is_one_line_that_names_it(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=WEIGHTS_FILE):
        load_teacher(tmp_path)
    (tmp_path / WEIGHTS_FILE).write_bytes((folder / WEIGHTS_FILE).read_bytes()[:-999])
    with pytest.raises(InputError, match=WEIGHTS_FILE) as told:
        load_teacher(tmp_path)
    assert "\n" not in str(told.value)
    (tmp_path / WEIGHTS_FILE).write_bytes((folder / WEIGHTS_FILE).read_bytes())
    with pytest.raises(InputError, match=CLASSES_FILE):
        load_teacher(tmp_path)
    (tmp_path / CLASSES_FILE).write_text("index,mid,display_name\n0,/m/0,Speech\n")
    with pytest.raises(InputError, match="1 classes"):
        load_teacher(tmp_path)


def test_its_bands_are_kaldis() -> None:
    bank = mel_filters().double().numpy()
    mel = 1127 * np.log(1 + np.arange(513) * RATE_HZ / 1024 / 700)
    edges = np.linspace(0, 1127 * np.log(1 + 15000 / 700), 130)
    width = edges[1]
    by_hand = np.maximum(0, 1 - np.abs(mel[:, None] - edges[1:-1]) / width)
    np.testing.assert_allclose(bank[:-1], by_hand[:-1], atol=1e-6)


@pytest.mark.skipif(FOLDER is None, reason="SOUNDGLASS_TEACHERS names no folder of public taggers")
def test_it_gives_what_the_published_network_gives() -> None:
    folder = Path(str(FOLDER))
    teacher = load_teacher(folder)
    reference = np.load(folder / "mn04_reference.npz")
    names = [name.removesuffix("|waveform") for name in reference if name.endswith("|waveform")]
    assert names
    for name in names:
        sound = torch.from_numpy(reference[f"{name}|waveform"].astype(np.float32) / 32768)[None]
        features, logits = teacher.tagger(sound)
        levels = teacher.tagger.levels(sound)[0, 0].detach().numpy()
        np.testing.assert_allclose(levels, reference[f"{name}|mel"], atol=1e-4)
        np.testing.assert_allclose(features[0].numpy(), reference[f"{name}|features"], atol=1e-4)
        probabilities = logits[0].sigmoid().numpy()
        np.testing.assert_allclose(probabilities, reference[f"{name}|probabilities"], atol=1e-5)
