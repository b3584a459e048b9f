"""Precision is in the graph: what it computes, what it weighs, and what stays single."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch")

from onnx import TensorProto  # noqa: E402

from engine.bundle.fields import BundleError  # noqa: E402
from engine.runtimes.open import installed_runtimes, load_model  # noqa: E402
from export.graph.check import LIMITS, check_export  # noqa: E402
from export.graph.parity import ParityError  # noqa: E402
from export.graph.precision import in_precision, store_in_bytes, store_in_half  # noqa: E402
from export.graph.quantise import quantise  # noqa: E402
from export.graph.to_onnx import IR_VERSION, OPSET, to_graph  # noqa: E402


class Small(torch.nn.Module):
    """A norm whose squares leave float16's range, convolutions, a softmax, and pixels."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first = torch.nn.Conv2d(64, 64, 3, padding=1)
        self.last = torch.nn.Conv2d(64, 3, 1)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        large = 400 * x
        normed = large * torch.rsqrt(large.square().mean(1, keepdim=True) + 1e-5)
        y = self.last(torch.nn.functional.silu(self.first(normed)))
        pixels = ((y.clamp(-1, 1) + 1) * 127.5 + 0.5).to(torch.uint8)
        return pixels.permute(0, 2, 3, 1), y.flatten(2).softmax(-1)


SHAPE = (2, 64, 8, 12)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine of a test is left in the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def module() -> Small:
    return Small().eval()


@pytest.fixture(scope="module")
def exported(module: Small) -> bytes:
    batch = torch.export.Dim("batch", min=1, max=4)
    return to_graph(
        module, {"x": torch.randn(*SHAPE)}, ["picture", "shares"], {"x": {0: batch}}
    ).SerializeToString()


@pytest.fixture
def graph(exported: bytes) -> onnx.ModelProto:
    """The module's graph, each test's own."""
    return onnx.load_model_from_string(exported)


def trials() -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(3)
    return [
        {"x": rng.standard_normal((rows, *SHAPE[1:]), dtype=np.float32)} for rows in (1, 2, 4)
    ]


def kinds(model: onnx.ModelProto) -> set[int]:
    return {t.data_type for t in model.graph.initializer if np.prod(t.dims) >= 1024}


def test_versions_are_pinned_and_no_machine_is_named(graph: onnx.ModelProto) -> None:
    assert graph.ir_version == IR_VERSION == 10
    assert {o.version for o in graph.opset_import if not o.domain} == {OPSET}
    assert b"/" + b"tests" not in graph.SerializeToString()
    onnx.checker.check_model(graph, full_check=True)


@pytest.mark.parametrize(
    ("precision", "weights"),
    [("fp32", TensorProto.FLOAT), ("fp16-weights", TensorProto.FLOAT16),
     ("fp16", TensorProto.FLOAT16), ("bf16", TensorProto.BFLOAT16)],
)  # fmt: skip
def test_each_precision_is_close_and_keeps_its_interface(
    module: Small, graph: onnx.ModelProto, tmp_path: Path, precision: str, weights: int
) -> None:
    if precision == "bf16" and "openvino" not in installed_runtimes():
        pytest.skip("bfloat16 needs OpenVINO on a processor")
    made = in_precision(graph, precision)
    assert kinds(made) == {weights}
    elements = [v.type.tensor_type.elem_type for v in (*made.graph.input, *made.graph.output)]
    assert elements == [TensorProto.FLOAT, TensorProto.UINT8, TensorProto.FLOAT]
    path = tmp_path / "small.onnx"
    onnx.save(made, str(path))
    found = check_export(module, path, precision, trials(), {"batch": (1, 4)})
    assert set(found.errors) == {"picture", "shares"}
    assert max(found.errors.values()) < LIMITS[precision]
    if precision in ("fp16", "bf16"):
        onnx.checker.check_model(made, full_check=True)
        assert max(found.errors.values()) > 1e-6, "sixteen bits leave a trace"


def test_what_is_sensitive_stays_single(graph: onnx.ModelProto) -> None:
    made = in_precision(graph, "fp16")
    inferred = onnx.shape_inference.infer_shapes(made).graph
    types = {v.name: v.type.tensor_type.elem_type for v in inferred.value_info}
    by_kind = {node.op_type: types.get(node.output[0]) for node in made.graph.node}
    assert by_kind["Conv"] == TensorProto.FLOAT16
    assert by_kind["ReduceMean"] == TensorProto.FLOAT
    assert by_kind["Clip"] == TensorProto.FLOAT


def test_convolutions_in_eight_bits(
    module: Small, graph: onnx.ModelProto, tmp_path: Path
) -> None:
    made = quantise(graph, trials())
    before = sum(t.data_type == TensorProto.INT8 for t in made.graph.initializer)
    assert before, "the wide convolution is quantised"
    store_in_half(made)
    path = tmp_path / "small.onnx"
    onnx.save(made, str(path))
    assert made.ir_version == IR_VERSION
    found = check_export(module, path, "int8", trials(), {"batch": (1, 4)})
    assert 1e-4 < max(found.errors.values()) < LIMITS["int8"]
    narrow = next(t for t in made.graph.initializer if list(t.dims)[:2] == [3, 64])
    assert narrow.data_type == TensorProto.FLOAT


def test_another_model_s_file_is_refused(
    module: Small, graph: onnx.ModelProto, tmp_path: Path
) -> None:
    path = tmp_path / "small.onnx"
    onnx.save(graph, str(path))
    other = Small().eval()
    with torch.no_grad():
        other.first.weight.mul_(-1)
    with pytest.raises(ParityError, match=r"in fp32 is .* off torch"):
        check_export(other, path, "fp32", trials(), {})


def test_a_batch_that_the_file_cannot_take_is_noticed(module: Small, tmp_path: Path) -> None:
    fixed = to_graph(module, {"x": torch.randn(*SHAPE)}, ["picture", "shares"], {})
    path = tmp_path / "fixed.onnx"
    onnx.save(fixed, str(path))
    with pytest.raises(ParityError, match="does not run at its bounds"):
        check_export(module, path, "fp32", trials(), {"batch": (1, 4)})
    model = load_model(path, "onnxruntime")
    assert model.run(trials()[1])["picture"].shape == (2, 8, 12, 3)
    model.close()


def test_eight_bits_want_examples(graph: onnx.ModelProto) -> None:
    with pytest.raises(BundleError, match="needs examples"):
        in_precision(graph, "int8")


def test_bytes_give_back_what_they_were_made_from(tmp_path: Path) -> None:
    table = np.random.default_rng(0).integers(0, 256, (6, 5)).astype(np.float32)

    class Table(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("table", torch.from_numpy((table - 128) / 255))
            self.table: torch.Tensor

        def forward(self, shares: torch.Tensor) -> torch.Tensor:
            return shares @ self.table

    graph = to_graph(Table(), {"shares": torch.eye(6)}, ["rows"], {})
    store_in_bytes(graph, {"table": (1 / 255, 128), "not in this graph": (1.0, 0)})
    assert [t.data_type for t in graph.graph.initializer if len(t.dims) == 2] == [
        TensorProto.UINT8
    ]
    onnx.save(graph, str(tmp_path / "table.onnx"))
    model = load_model(tmp_path / "table.onnx", "onnxruntime")
    rows = model.run({"shares": np.eye(6, dtype=np.float32)})["rows"]
    np.testing.assert_allclose(rows, (table - 128) / 255, atol=1e-6)
