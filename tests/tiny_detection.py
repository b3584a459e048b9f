"""A tiny real encoder of a bundle that detects, with exactly that interface.

As in `tests.tiny_models`, labels are pitches and slots are bands: the encoder says which labels
sound, and that something else does where a tone lies between two.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from tests import tiny_models
from tests.tiny_generator import DIM
from tests.tiny_graph import as_model
from tests.tiny_models import FFT, LABELS, RATE, pitches, pitches_between


def between(label: str, seconds: float = 4.0, level: float = 0.1) -> NDArray:
    """(n,) float32 sine above the label that no label is."""
    at = LABELS.index(label)
    pitch = np.sqrt(pitches()[at] * pitches()[at + 1])
    time = np.arange(int(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def encoder() -> onnx.ModelProto:
    """audio (b, n) -> embedding (b, 128), presence (b, labels + 1)."""
    heard = pitches_between()
    angle = 2 * np.pi * heard[:, None] * np.arange(FFT) / RATE
    window = np.hanning(FFT) / FFT
    filters = np.concatenate([np.cos(angle), np.sin(angle)])[:, None, :] * window
    projection = np.random.default_rng(7).normal(size=(len(heard), DIM)) / len(heard)
    nodes = [
        helper.make_node("Unsqueeze", ["audio", "one"], ["audio3"]),
        helper.make_node("Conv", ["audio3", "filters"], ["parts"], strides=[FFT // 2]),
        helper.make_node("Mul", ["parts", "parts"], ["squares"]),
        helper.make_node("Split", ["squares"], ["real", "imaginary"], axis=1, num_outputs=2),
        helper.make_node("Add", ["real", "imaginary"], ["power"]),
        helper.make_node("ReduceMean", ["power", "last"], ["mean"], keepdims=0),
        helper.make_node("ReduceMax", ["mean", "last"], ["most"], keepdims=1),
        helper.make_node("Add", ["most", "quiet"], ["scale"]),
        helper.make_node("Div", ["mean", "scale"], ["relative"]),
        # a tenth of the strongest pitch's power is heard, a peak between its neighbours alone
        helper.make_node("Pad", ["relative", "pads"], ["padded"]),
        helper.make_node("Slice", ["padded", "zero", "minus_two", "one"], ["below"]),
        helper.make_node("Slice", ["padded", "two", "far", "one"], ["above"]),
        helper.make_node("Max", ["below", "above"], ["beside"]),
        helper.make_node("Greater", ["relative", "beside"], ["peaks"]),
        helper.make_node("Cast", ["peaks"], ["peak"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["relative", "peak"], ["strong"]),
        helper.make_node("Sub", ["strong", "heard_from"], ["over"]),
        helper.make_node("Mul", ["over", "steep"], ["steeply"]),
        helper.make_node("Sigmoid", ["steeply"], ["present"]),
        helper.make_node("Gather", ["present", "labels"], ["named"], axis=1),
        helper.make_node("Gather", ["present", "others"], ["nameless"], axis=1),
        helper.make_node("ReduceMax", ["nameless", "last"], ["outside"], keepdims=1),
        helper.make_node("Concat", ["named", "outside"], ["presence"], axis=1),
        helper.make_node("Add", ["relative", "floor"], ["raised"]),
        helper.make_node("Log", ["raised"], ["log"]),
        helper.make_node("MatMul", ["log", "projection"], ["projected"]),
        helper.make_node("ReduceL2", ["projected", "last"], ["length"], keepdims=1),
        helper.make_node("Div", ["projected", "length"], ["embedding"]),
    ]
    constants = {
        "filters": filters.astype(np.float32),
        "projection": projection.astype(np.float32),
        "pads": np.array([0, 1, 0, 1], np.int64),
        "zero": np.array([0], np.int64),
        "one": np.array([1], np.int64),
        "two": np.array([2], np.int64),
        "minus_two": np.array([-2], np.int64),
        "far": np.array([np.iinfo(np.int64).max], np.int64),
        "last": np.array([-1], np.int64),
        "labels": np.arange(0, len(heard), 2),
        "others": np.arange(1, len(heard), 2),
        "heard_from": np.array([0.1], np.float32),
        "steep": np.array([60.0], np.float32),
        "quiet": np.array([1e-10], np.float32),
        "floor": np.array([0.05], np.float32),
    }
    return as_model(
        nodes,
        constants,
        {"audio": ("batch", "samples")},
        {"embedding": (TensorProto.FLOAT, ("batch", DIM)),
         "presence": (TensorProto.FLOAT, ("batch", len(LABELS) + 1))},
    )


def write(folder: Path) -> None:
    """The files of `tests.tiny_models` with this encoder in place of theirs."""
    tiny_models.write(folder)
    (folder / "encoder.onnx").write_bytes(encoder().SerializeToString(deterministic=True))
