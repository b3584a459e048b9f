"""ONNX Runtime on a GPU, as far as it can be tried without one.

The fixed buffers are the same code on the processor's memory; what is left to the processor is
read from a real session; a missing provider is refused.
"""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from engine.runtimes.model import ModelError, RuntimeMissing
from engine.runtimes.onnxruntime_cuda import PROVIDER, check_assignment, load
from engine.runtimes.ort_binding import _SHAPES_KEPT, BoundCalls
from tests.engine.runtimes.test_runtimes import generator_inputs

has_cuda = PROVIDER in onnxruntime.get_available_providers()


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def test_fixed_buffers_give_what_plain_calls_give(small_bundle: Path):
    plain = session(small_bundle / "generator-1.onnx")
    calls = BoundCalls(plain, "cpu", graphs=False)
    first = calls.run(generator_inputs(1))["picture"]
    kept = first.copy()
    for rows in (1, 3, 1, 2, 3):
        inputs = generator_inputs(rows)
        inputs["noise"] = inputs["noise"] * rows
        right = plain.run(["picture"], inputs)[0]
        np.testing.assert_array_equal(calls.run(inputs)["picture"], right)
    np.testing.assert_array_equal(first, kept)
    assert len(calls._calls) == 3


def test_buffers_of_shapes_long_unused_are_let_go(small_bundle: Path):
    calls = BoundCalls(session(small_bundle / "encoder.onnx"), "cpu", graphs=False)
    for samples in range(2048, 2048 + _SHAPES_KEPT + 5):
        calls.run({"audio": np.ones((1, samples), np.float32)})
    assert len(calls._calls) == _SHAPES_KEPT


def test_what_was_left_to_the_processor_is_refused_by_name(small_bundle: Path):
    assigned = session(small_bundle / "encoder.onnx").get_provider_graph_assignment_info()
    with pytest.raises(ModelError, match=r"encoder.onnx: CUDA cannot run .*Conv.* of it"):
        check_assignment("encoder.onnx", assigned)
    check_assignment("encoder.onnx", [])


@pytest.mark.skipif(has_cuda, reason="this ONNX Runtime has CUDA")
def test_without_cuda_it_is_refused_and_the_processor_is_not_taken(small_bundle: Path):
    with pytest.raises(RuntimeMissing, match="has no CUDA; pip uninstall onnxruntime") as fault:
        load(small_bundle / "encoder.onnx")
    assert "\n" not in str(fault.value)


@pytest.mark.skipif(not has_cuda, reason="this ONNX Runtime has no CUDA")
@pytest.mark.parametrize("graphs", [False, True])
def test_on_a_gpu_it_gives_what_the_processor_gives(small_bundle: Path, graphs: bool):
    plain = session(small_bundle / "generator-2.onnx")
    model = load(small_bundle / "generator-2.onnx", exact=True, graphs=graphs)
    for rows in (1, 4, 1, 5, 4):
        inputs = generator_inputs(rows)
        right = plain.run(["picture"], inputs)[0].astype(int)
        assert np.abs(model.run(inputs)["picture"].astype(int) - right).max() <= 1
