"""What may be wrong with a checkpoint or the machine: one line each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.bundle.fields import BundleError
from export.bundle.space import check_disk, check_memory, free_memory
from export.turbo.build import build
from export.turbo.request import BuildRequest
from tests.export.tiny_checkpoints import write_diffusion, write_vae
from training.papers.checkpoints.diffusion import load_diffusion, plan_diffusion
from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.files import find_checkpoint

UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a whole checkpoint."""
    made = tmp_path_factory.mktemp("whole")
    write_diffusion(made / "turbo")
    return made


@pytest.fixture
def turbo(whole: Path, tmp_path: Path) -> Path:
    """A copy of the diffusion checkpoint, to be spoilt."""
    shutil.copytree(whole / "turbo", tmp_path / "turbo")
    return tmp_path / "turbo"


def edit(path: Path, **fields: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def refused(plan: Path, vae: Path | None = None) -> str:
    with pytest.raises(CheckpointError) as error:
        load_diffusion(plan_diffusion(plan, vae))
    assert "\n" not in str(error.value)
    return str(error.value)


def test_another_architecture(turbo):
    edit(turbo / "model_index.json", _class_name="StableDiffusionXLPipeline")
    assert "a checkpoint of StableDiffusionXLPipeline" in refused(turbo)
    edit(turbo / "model_index.json", _class_name="StableDiffusionPipeline")
    edit(turbo / "unet/config.json", addition_embed_type="text_time")
    assert "asks for addition_embed_type" in refused(turbo)
    edit(turbo / "unet/config.json", addition_embed_type=None, cross_attention_dim=99)
    assert "gives states of 16 numbers, the UNet takes 99" in refused(turbo)
    assert "has no model_index.json" in refused(turbo / "unet")


def test_a_vae_of_other_latents(turbo, tmp_path):
    write_vae(tmp_path / "vae", "tiny")
    edit(tmp_path / "vae/config.json", latent_channels=16)
    assert "decodes 16 channels, the UNet paints 4" in refused(turbo, tmp_path / "vae")
    assert "is a UNet2DConditionModel, must be Autoencoder" in refused(turbo, turbo / "unet")


def test_a_missing_file_and_a_missing_shard(turbo):
    weights = load_file(turbo / UNET)
    names = sorted(weights)
    half = len(names) // 2
    parts = {"a.safetensors": names[:half], "b.safetensors": names[half:]}
    for file, keys in parts.items():
        save_file({k: weights[k] for k in keys}, turbo / "unet" / file)
    (turbo / UNET).unlink()
    index = turbo / f"{UNET}.index.json"
    told = {"metadata": {}, "weight_map": {k: f for f, ks in parts.items() for k in ks}}
    index.write_text(json.dumps(told))
    assert load_diffusion(plan_diffusion(turbo)).channels == 4  # whole in two parts
    (turbo / "unet/b.safetensors").unlink()
    assert "lacks b.safetensors, one of 2 files of weights" in refused(turbo)
    index.unlink()
    assert "has no diffusion_pytorch_model.safetensors" in refused(turbo)


def test_weights_that_are_not_there_are_not_made_up(turbo):
    weights = load_file(turbo / UNET)
    weights.pop("conv_in.weight")
    save_file(weights, turbo / UNET)
    assert "conv_in.weight" in refused(turbo)


def test_weights_of_a_wrong_type(turbo):
    weights = load_file(turbo / UNET)
    weights["conv_in.weight"] = weights["conv_in.weight"].to(torch.int8)
    save_file(weights, turbo / UNET)
    assert "holds weights of type I8; only F16, BF16, F32, F64 are read" in refused(turbo)


def test_a_pickle_where_safetensors_are_expected(turbo):
    weights = load_file(turbo / UNET)
    torch.save(weights, turbo / UNET)
    assert "is a pickle under another name" in refused(turbo)
    (turbo / UNET).rename(turbo / "unet/diffusion_pytorch_model.bin")
    assert "has its weights in diffusion_pytorch_model.bin, a pickle" in refused(turbo)


def test_weights_that_are_cut_short_or_no_weights_at_all(turbo):
    raw = (turbo / UNET).read_bytes()
    (turbo / UNET).write_bytes(raw[:-100])
    assert "is cut short" in refused(turbo)
    (turbo / UNET).write_bytes(b"<html>404</html> not a model at all")
    assert "no safetensors file" in refused(turbo)
    (turbo / UNET).write_bytes(b"")
    assert "is cut short or no safetensors file" in refused(turbo)


def test_a_checkpoint_that_is_nowhere(tmp_path, monkeypatch):
    with pytest.raises(CheckpointError, match="there is no checkpoint"):
        find_checkpoint(str(tmp_path / "gone"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(CheckpointError, match="hf download nobody/nothing") as error:
        find_checkpoint("nobody/nothing")
    assert "\n" not in str(error.value)


def test_no_disk_and_too_little_memory(tmp_path):
    with pytest.raises(BundleError, match=r"1000000\.0 GB of disk are needed .* GB are free"):
        check_disk(tmp_path / "not" / "yet", 10**15)
    with pytest.raises(BundleError, match=r"1000000\.0 GB of memory are needed, .* free; wait$"):
        check_memory(10**15, "wait")
    check_disk(tmp_path, 1000)
    free = free_memory()
    assert free is None or free > 10**7


def test_a_refused_export_leaves_nothing(whole, tmp_path, monkeypatch):
    asked = BuildRequest(str(whole / "turbo"), tmp_path / "out")
    monkeypatch.setattr(
        "export.bundle.space.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(9, 8, 1)
    )
    with pytest.raises(BundleError, match="of disk are needed beside"):
        build(asked)
    assert list(tmp_path.iterdir()) == []


def test_other_peoples_files_are_not_replaced(whole, tmp_path):
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(CheckpointError, match="holds other files than a bundle"):
        build(BuildRequest(str(whole / "turbo"), tmp_path))
    with pytest.raises(CheckpointError, match="is a file"):
        build(BuildRequest(str(whole / "turbo"), tmp_path / "letters.txt"))
    assert (tmp_path / "letters.txt").read_text() == "dear"
