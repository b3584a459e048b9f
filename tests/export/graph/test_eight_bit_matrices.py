"""Matrices in eight bits: as near as eight bits are, a quarter of the size, on every runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from engine.runtimes.open import installed_runtimes, load_model  # noqa: E402
from export.graph import eight_bit_matrices  # noqa: E402
from export.graph.eight_bit_matrices import quantise_columns  # noqa: E402
from export.turbo.graph import export_graph  # noqa: E402


class Products(torch.nn.Module):
    """A large matrix that is used twice, and a small one."""

    def __init__(self) -> None:
        super().__init__()
        self.large, self.small = torch.nn.Linear(256, 256), torch.nn.Linear(256, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.small(torch.relu(self.large(torch.relu(self.large(x)))))


def test_every_number_is_within_half_a_step() -> None:
    matrix = np.random.default_rng(0).standard_normal((64, 32)).astype(np.float32)
    matrix[:, 5] = 0.0
    matrix[:, 6] *= 1e-3
    levels, scale = quantise_columns(matrix)
    assert levels.dtype == np.int8
    assert scale.shape == (1, 32)
    assert np.all(np.abs(levels * scale - matrix) <= scale / 2 + 1e-9)
    assert np.all(levels[:, 5] == 0)
    assert not np.any(scale.view(np.uint32) & 0xFFFF), "kept in bfloat16 they stay what they are"


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Products, Path, Path]:
    """The module, its graph in floats and its graph in eight bits."""
    torch.manual_seed(0)
    module, folder = Products().eval(), tmp_path_factory.mktemp("graphs")
    free = {"x": {1: torch.export.Dim("rows", min=2, max=64)}}
    for name in ("floats", "bits"):
        path, given = folder / f"{name}.onnx", {"x": torch.randn(1, 4, 256)}
        export_graph(module, given, "y", free, path, eight_bits=name == "bits")
    return module, folder / "floats.onnx", folder / "bits.onnx"


def test_the_file_is_smaller_and_a_matrix_is_in_it_once(
    graphs: tuple[Products, Path, Path],
) -> None:
    _, floats, bits = graphs
    assert bits.stat().st_size < 0.4 * floats.stat().st_size


@pytest.mark.parametrize("runtime", installed_runtimes())
def test_it_computes_nearly_the_same(
    graphs: tuple[Products, Path, Path], runtime: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    module, _, bits = graphs
    x = torch.randn(1, 32, 256, generator=torch.manual_seed(1))
    with torch.no_grad():
        right = module(x).numpy()
    for exact in (True, False):
        model = load_model(bits, runtime, 1, exact)
        found = model.run({"x": x.numpy()})["y"]
        model.close()
        off = float(np.sqrt(np.mean((found - right) ** 2)) / right.std())
        assert 1e-4 < off < (0.01 if exact else 0.03)


def test_small_matrices_stay(
    graphs: tuple[Products, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, floats, _ = graphs
    monkeypatch.setattr(eight_bit_matrices, "LARGE", 1 << 20)
    path = tmp_path / "none.onnx"
    export_graph(module, {"x": torch.randn(1, 4, 256)}, "y", {}, path, eight_bits=True)
    assert path.stat().st_size > 0.9 * floats.stat().st_size
