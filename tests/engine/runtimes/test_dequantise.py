"""What processors compute in eight bits, in single precision for others."""

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from engine.runtimes.dequantise import dequantise_file, is_quantised  # noqa: E402
from engine.runtimes.open import load_model  # noqa: E402

RNG = np.random.default_rng(0)
WEIGHTS = RNG.integers(-64, 64, (3, 4, 3, 3)).astype(np.int8)
SCALES = np.array([0.01, 0.02, 0.05], np.float32)
BIAS = RNG.standard_normal(3).astype(np.float32)


@pytest.fixture
def quantised(tmp_path: Path) -> Path:
    """A convolution in eight bits with a scale per channel, then one weight stored in half."""
    half = np.linspace(-1, 1, 3, dtype=np.float16).reshape(1, 3, 1, 1)
    constants = {
        "w": WEIGHTS, "w_scale": SCALES, "w_zero": np.zeros(3, np.int8), "bias": BIAS,
        "scale": np.float32(0.02), "zero": np.uint8(100), "half": half,
    }  # fmt: skip
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
        helper.make_node("DequantizeLinear", ["q", "scale", "zero"], ["dq"]),
        helper.make_node("DequantizeLinear", ["w", "w_scale", "w_zero"], ["dw"], axis=0),
        helper.make_node("Conv", ["dq", "dw", "bias"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Cast", ["half"], ["single"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["c", "single"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes, "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4, 5, 6])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3, 5, 6])],
        [numpy_helper.from_array(np.asarray(a), name) for name, a in constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    path = tmp_path / "quantised.onnx"
    onnx.save(model, str(path))
    return path


def test_it_computes_the_same_in_single_precision(quantised: Path, tmp_path: Path) -> None:
    assert is_quantised(quantised)
    path = tmp_path / "single.onnx"
    path.write_bytes(dequantise_file(quantised))
    assert not is_quantised(path)
    model = onnx.load(str(path))
    onnx.checker.check_model(model, full_check=True)
    assert {t.data_type for t in model.graph.initializer} == {TensorProto.FLOAT}
    by_name = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    right = WEIGHTS.astype(np.float32) * SCALES[:, None, None, None]
    assert np.allclose(by_name["dw"], right)
    # On the grid of the eight bits both are the same; between, they are a step of it apart.
    steps = RNG.integers(-100, 155, (2, 4, 5, 6)).astype(np.float32)
    one, two = (load_model(p, "onnxruntime", exact=True) for p in (quantised, path))
    same = [m.run({"x": 0.02 * steps})["y"] for m in (one, two)]
    assert np.allclose(*same, atol=1e-4)
    apart = [m.run({"x": 0.02 * (steps + 0.4)})["y"] for m in (one, two)]
    assert 1e-3 < np.abs(apart[0] - apart[1]).max() < 1.0


def test_what_has_no_eight_bits_is_left_as_it_is(small_bundle: Path) -> None:
    assert not is_quantised(small_bundle / "encoder.onnx")
