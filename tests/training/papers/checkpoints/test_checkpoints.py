"""Every public format loads whole; what is something else is told in one line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from training.papers.checkpoints.error import CheckpointError
from training.papers.checkpoints.strict import read_tensors
from training.papers.models.ast_tokens import read_ast
from training.papers.models.clap import read_clap
from training.papers.models.generators.backbones import read_pixart, read_stable_diffusion
from training.papers.models.generators.biggan import read_biggan
from training.papers.models.generators.bridges import SlotBridge, read_slot_bridge
from training.papers.models.generators.diffusion import Diffusion, read_decoupled_unet
from training.papers.models.macs_separator import MacsSeparator, read_macs_separator
from training.papers.models.resnet import read_resnet
from training.papers.systems.build import Request, build
from training.papers.tiny.ears import CLAP_WIDTH, write_ast, write_clap, write_macs, write_resnet
from training.papers.tiny.painters import write_gan, write_pixart, write_stable_diffusion

FOLDERS: dict[str, tuple[Callable[[Path], None], Callable[[Path], object], str]] = {
    "clap": (write_clap, read_clap, "model.safetensors"),
    "ast": (write_ast, read_ast, "model.safetensors"),
    "sd": (
        write_stable_diffusion, read_stable_diffusion, "unet/diffusion_pytorch_model.safetensors",
    ),
    "pixart": (write_pixart, read_pixart, "transformer/diffusion_pytorch_model.safetensors"),
}


class Code:
    """What a pickle can do to whoever opens it."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("opened",)


def write_pickle(path: Path) -> None:
    torch.save({"weight": torch.zeros(2), "code": Code()}, path)


def one_line(error: pytest.ExceptionInfo[CheckpointError], *named: str) -> None:
    line = str(error.value)
    assert "\n" not in line
    for name in named:
        assert name in line


@pytest.fixture(params=FOLDERS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_folder_loads_and_its_weights_are_needed(kind: str, tmp_path: Path) -> None:
    write, read, file = FOLDERS[kind]
    write(tmp_path)
    assert read(tmp_path)
    weights = load_file(tmp_path / file)
    lost = sorted(name for name in weights if name.endswith("weight"))[0]
    save_file({k: x for k, x in weights.items() if k != lost}, tmp_path / file, {"format": "pt"})
    with pytest.raises(CheckpointError) as lacking:
        read(tmp_path)
    one_line(lacking, "no weights for")
    save_file({**weights, lost: torch.zeros(1)}, tmp_path / file, {"format": "pt"})
    with pytest.raises(CheckpointError) as misfit:
        read(tmp_path)
    one_line(misfit, str(tmp_path))


def test_a_pickle_in_a_folder_is_refused_unopened(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, read, file = FOLDERS[kind]
    write(tmp_path)
    weights = tmp_path / file
    monkeypatch.chdir(tmp_path)
    write_pickle(weights)  # under the name of a safe file
    with pytest.raises(CheckpointError) as disguised:
        read(tmp_path)
    one_line(disguised, "pickle")
    weights.unlink()
    write_pickle(weights.with_suffix(".bin").with_stem("pytorch_model"))
    with pytest.raises(CheckpointError) as plain:
        read(tmp_path)
    one_line(plain, "pickle", "safetensors")
    assert not (tmp_path / "opened").exists()


def test_another_checkpoint_s_folder_is_refused(kind: str, tmp_path: Path) -> None:
    write, _, _ = FOLDERS[kind]
    write(tmp_path)
    for other, (_, read, _) in FOLDERS.items():
        if other != kind:
            with pytest.raises(CheckpointError) as wrong:
                read(tmp_path)
            one_line(wrong, str(tmp_path))


def test_clap_with_fusion_is_refused(tmp_path: Path) -> None:
    write_clap(tmp_path, fusion=True)
    with pytest.raises(CheckpointError, match="fusion"):
        read_clap(tmp_path)


def test_pixart_s_text_must_be_its_own(tmp_path: Path) -> None:
    write_pixart(tmp_path)
    config = json.loads((tmp_path / "model_index.json").read_text())
    (tmp_path / "model_index.json").write_text(json.dumps({**config, "_class_name": "Flux"}))
    with pytest.raises(CheckpointError, match="checkpoint of Flux"):
        read_pixart(tmp_path)


@pytest.mark.parametrize("prefix", ["", "module."])
def test_resnets_load_with_and_without_what_a_parallel_run_puts_before(
    prefix: str, tmp_path: Path
) -> None:
    path = tmp_path / "swav.pth.tar"
    write_resnet(path, 50, prefix=prefix)
    state = torch.load(path, weights_only=True)
    extra = {f"{prefix}projection_head.0.weight": torch.zeros(3), f"{prefix}prototypes.weight":
             torch.zeros(3)}  # fmt: skip
    torch.save({**state, **extra}, path)
    assert read_resnet(path, 50).features == 128
    torch.save({"state_dict": state}, path)
    assert read_resnet(path, 50).fc is None
    safe = {name.removeprefix(prefix): x for name, x in state.items()}
    save_file(safe, tmp_path / "timm.safetensors")
    assert read_resnet(tmp_path / "timm.safetensors", 50, outputs=10).fc is not None
    with pytest.raises(CheckpointError) as shallow:
        read_resnet(path, 18)
    one_line(shallow, "swav.pth.tar")


@pytest.mark.parametrize("classes", [0, 10])
def test_icgan_loads_with_its_spectral_norms_divided_out(classes: int, tmp_path: Path) -> None:
    path = tmp_path / "gan.pth"
    write_gan(path, 12, classes)
    gan = read_biggan(path)
    assert (gan.pixels, gan.sizes.feature, gan.sizes.classes) == (32, 12, classes)
    state = torch.load(path, weights_only=True)
    weight, u = state["blocks.0.0.conv1.weight"], state["blocks.0.0.conv1.u0"]
    # one power iteration, as the public code takes it when it paints
    v = torch.nn.functional.normalize(u @ weight.flatten(1))
    second = torch.nn.functional.normalize(v @ weight.flatten(1).T)
    norm = (v @ weight.flatten(1).T @ second.T).squeeze()
    torch.testing.assert_close(gan.get_parameter("blocks.0.0.conv1.weight"), weight / norm)
    noise, feature = torch.randn(2, gan.noise), torch.randn(2, 12)
    label = torch.tensor([1, 2]) if classes else None
    assert gan(noise, feature, label).shape == (2, 3, 32, 32)
    # of a run on many cards, whose norms have other names
    renamed = {
        name.replace("stored_mean", "bn.running_mean").replace("stored_var", "bn.running_var"): x
        for name, x in state.items()
    }
    torch.save(renamed, path)
    torch.testing.assert_close(read_biggan(path)(noise, feature, label), gan(noise, feature, label))
    torch.save({name: x for name, x in state.items() if "shared_feat" not in name}, path)
    with pytest.raises(CheckpointError) as plain:
        read_biggan(path)
    one_line(plain, "IC-GAN")


def test_macs_s_three_files_load_by_name(tmp_path: Path) -> None:
    torch.manual_seed(0)
    write_clap(tmp_path / "clap")
    write_stable_diffusion(tmp_path / "sd")
    separator = MacsSeparator(16_000, 6, 16)
    backbone = read_stable_diffusion(tmp_path / "sd")
    generator = Diffusion(backbone, SlotBridge(6, CLAP_WIDTH, backbone.states), beside=True)
    for weight in generator.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    write_macs(tmp_path, separator, generator)
    names = {"separator": "separator_FSD50K_full", "mlp": "LLP_mlp", "unet": "LLP_unet"}
    places = {role: str(tmp_path / f"{name}.pt") for role, name in names.items()}
    places |= {"clap": str(tmp_path / "clap"), "sd": str(tmp_path / "sd")}
    system = build(Request("macs", "sd", places, seconds=1.0, steps=2))
    assert system.stages == ()  # there is nothing left to train
    loaded = system.get_parameter("generator.bridge.adapter.1.weight")
    assert torch.equal(loaded, generator.bridge.get_parameter("adapter.1.weight"))
    (key,) = [n for n, _ in system.named_parameters() if "mid_block" in n and "to_k_ip" in n]
    at = key.removeprefix("generator.")
    assert torch.equal(system.get_parameter(key), generator.get_parameter(at))
    assert system.paint(torch.randn(1, 16_000), [0]).scene.shape == (1, 32, 32, 3)
    for role, read in (
        ("separator", lambda path: read_macs_separator(path, 16_000)),
        ("mlp", lambda path: read_slot_bridge(path, generator.bridge)),  # pyright: ignore
        ("unet", lambda path: read_decoupled_unet(path, generator)),
    ):
        other = {"separator": "mlp", "mlp": "unet", "unet": "separator"}[role]
        with pytest.raises(CheckpointError) as wrong:
            read(Path(places[other]))
        one_line(wrong, "has no weights for")
    with pytest.raises(CheckpointError, match="of size"):
        read_macs_separator(Path(places["separator"]), 32_000)  # made for clips of other length


def test_a_unet_without_its_adapter_is_told(tmp_path: Path) -> None:
    write_stable_diffusion(tmp_path)
    backbone = read_stable_diffusion(tmp_path)
    torch.save(backbone.network.state_dict(), tmp_path / "LLP_unet.pt")
    generator = Diffusion(backbone, SlotBridge(6, CLAP_WIDTH, backbone.states), beside=True)
    with pytest.raises(CheckpointError, match="to_k_ip"):
        read_decoupled_unet(tmp_path / "LLP_unet.pt", generator)


def test_files_that_are_no_weights_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_pickle(tmp_path / "code.pt")
    (tmp_path / "text.pth").write_text("no weights")
    (tmp_path / "text.safetensors").write_text("no weights")
    torch.save({"epoch": 3, "weight": torch.zeros(1)}, tmp_path / "mixed.pt")
    for name in ("code.pt", "text.pth", "text.safetensors", "mixed.pt", "missing.pt"):
        with pytest.raises(CheckpointError) as error:
            read_tensors(tmp_path / name)
        one_line(error, name)
    assert not (tmp_path / "opened").exists()
