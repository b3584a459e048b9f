"""Tiny real models of a bundle that detects and extracts, with exactly that interface.

As in `tests.tiny_models`, labels are pitches: the encoder says which of them sound, and that
something else does where a tone lies between two; the separator gives the band of each label that
it is asked for.
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
from tests.tiny_models import FFT, LABELS, LATENCY, RATE, STATE, pitches, pitches_between

WIDE = 1.06
"""A label's band reaches from its pitch divided by this to its pitch times it."""


def between(label: str, seconds: float = 4.0, level: float = 0.1) -> NDArray:
    """(n,) float32 sine above the label that no label is."""
    at = LABELS.index(label)
    pitch = np.sqrt(pitches()[at] * pitches()[at + 1])
    time = np.arange(int(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def separator() -> onnx.ModelProto:
    """audio (1, n), asked (k, labels), state (k, 768) -> sources (k, n), next_state (k, 768)."""
    taps = np.arange(-LATENCY, LATENCY + 1)
    window = np.blackman(len(taps))

    def low(hz: float) -> NDArray:
        return 2 * hz / RATE * np.sinc(2 * hz / RATE * taps) * window

    bands = np.stack([low(pitch * WIDE) - low(pitch / WIDE) for pitch in pitches()])
    nodes = [
        helper.make_node("Slice", ["state", "zero", "one", "zero"], ["past"]),
        helper.make_node("Concat", ["past", "audio"], ["heard"], axis=1),
        helper.make_node("Unsqueeze", ["heard", "one"], ["heard3"]),
        helper.make_node("Conv", ["heard3", "bands"], ["all3"]),
        helper.make_node("Squeeze", ["all3", "zero"], ["all"]),
        helper.make_node("MatMul", ["asked", "all"], ["sources"]),
        helper.make_node("Slice", ["heard", "start", "end", "one"], ["kept"]),
        helper.make_node("Shape", ["state"], ["shape"]),
        helper.make_node("Expand", ["kept", "shape"], ["next_state"]),
    ]
    constants = {
        "bands": bands[:, None, ::-1].astype(np.float32),
        "zero": np.array([0], np.int64),
        "one": np.array([1], np.int64),
        "start": np.array([-STATE], np.int64),
        "end": np.array([np.iinfo(np.int64).max], np.int64),
    }
    return as_model(
        nodes,
        constants,
        {"audio": (1, "samples"), "asked": ("rows", len(LABELS)), "state": ("rows", STATE)},
        {"sources": (TensorProto.FLOAT, ("rows", "samples")),
         "next_state": (TensorProto.FLOAT, ("rows", STATE))},
    )


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
    """The files of `tests.tiny_models` with these two in place of theirs."""
    tiny_models.write(folder)
    for name, model in (("separator.onnx", separator()), ("encoder.onnx", encoder())):
        (folder / name).write_bytes(model.SerializeToString(deterministic=True))
