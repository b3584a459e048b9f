"""ResNets count what torchvision's count, and their names are its names."""

from __future__ import annotations

import pytest
import torch

from training.papers.models.resnet import ResNet


@pytest.mark.parametrize(("depth", "weights"), [(18, 11_689_512), (50, 25_557_032)])
def test_as_many_weights_as_the_public_ones(depth: int, weights: int) -> None:
    with torch.device("meta"):
        network = ResNet(depth, 3, 1000)
    assert sum(weight.numel() for weight in network.parameters()) == weights


def test_public_names() -> None:
    with torch.device("meta"):
        names = set(ResNet(50, 3, 1000).state_dict())
    assert len(names) == 320
    for name in (
        "conv1.weight", "bn1.running_var", "bn1.num_batches_tracked", "layer1.0.conv3.weight",
        "layer1.0.downsample.0.weight", "layer4.0.downsample.1.running_mean", "layer3.5.bn2.bias",
        "fc.bias",
    ):  # fmt: skip
        assert name in names
    assert "layer1.1.downsample.0.weight" not in names


def test_the_same_as_the_network_of_another_hand() -> None:
    """transformers has ResNet by other names: the same weights give the same numbers."""
    from transformers import ResNetConfig, ResNetModel

    torch.manual_seed(0)
    other = ResNetModel(
        ResNetConfig(
            embedding_size=8, hidden_sizes=[32, 64, 128, 256], depths=[3, 4, 6, 3],
            layer_type="bottleneck",
        )
    ).eval()  # fmt: skip
    for module in other.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_var, 0.5, 2.0)  # pyright: ignore
            torch.nn.init.normal_(module.running_mean, std=0.1)  # pyright: ignore
    own = ResNet(50, width=8).eval()
    given = list(other.state_dict().values())
    found = own.state_dict()
    # both list a block's layers in order, but transformers lists the shortcut first
    names = [name for name in found if not name.startswith("fc")]
    ordered: list[str] = []
    blocks: dict[str, list[str]] = {}
    for name in names:
        block = ".".join(name.split(".")[:2]) if name.startswith("layer") else name
        blocks.setdefault(block, []).append(name)
    for members in blocks.values():
        ordered += sorted(members, key=lambda name: "downsample" not in name)
    own.load_state_dict(dict(zip(ordered, given, strict=True)))
    pictures = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        wanted = other(pictures).pooler_output[:, :, 0, 0]
        torch.testing.assert_close(own(pictures), wanted, rtol=1e-4, atol=1e-5)
