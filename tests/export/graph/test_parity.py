from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from export.graph.parity import ParityError, check_parity, parity  # noqa: E402


class Small(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.inner = torch.nn.Linear(8, 4)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.tanh(self.inner(x)) + y, (x * 100).to(torch.uint8)


SHAPES = {"x": (3, 8), "y": (3, 4)}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Small, Path]:
    module, path = Small().eval(), tmp_path_factory.mktemp("parity") / "small.onnx"
    example = (torch.rand(3, 8), torch.rand(3, 4))
    torch.onnx.export(
        module, example, str(path), input_names=["x", "y"], output_names=["a", "b"],
        opset_version=18, dynamo=True, verbose=False, external_data=False,
    )  # fmt: skip
    return module, path


def inputs() -> dict[str, object]:
    return {"x": torch.rand(3, 8).numpy(), "y": torch.rand(3, 4).numpy()}


def test_a_faithful_export_is_close(exported: tuple[Small, Path]):
    found = check_parity(*exported, inputs())  # type: ignore[arg-type]
    assert found.relative < 1e-5


def test_a_changed_weight_is_noticed(exported: tuple[Small, Path]):
    module, path = exported
    other = Small().eval()
    with torch.no_grad():
        other.inner.weight[0, 0] += 0.5
    with pytest.raises(ParityError, match=r"small\.onnx a is .* off torch"):
        check_parity(other, path, inputs())  # type: ignore[arg-type]
    assert module.training is False


def test_another_shape_is_noticed(exported: tuple[Small, Path]):
    class Wide(Small):
        def forward(self, x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            a, b = super().forward(x, y)
            return a[None], b

    with pytest.raises(ParityError, match="must be float32"):
        parity(Wide(), exported[1], inputs())  # type: ignore[arg-type]
