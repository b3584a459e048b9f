"""Tiny real ONNX models with exactly the interfaces that a bundle's models have.

They are small enough to build in a second, deterministic, and do honest work, so that tests
of everything around them can tell right from wrong:

- the separator splits sound into four frequency bands that add up to the (delayed) input;
- the encoder hears pitch: `tone_of(label)` is heard as that label, whatever its loudness;
- the generators turn tokens, weights and noise into a picture that follows all three.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LABELS = (
    "rain", "thunder", "wind", "waves", "stream", "fire", "birds", "crow", "owl", "rooster",
    "dog", "cat", "cow", "sheep", "horse", "frog", "insects", "wolf", "train", "aircraft",
    "church bells", "speech", "music", "fireworks",
)  # fmt: skip
RATE = 16000
WINDOW = 64000
SOURCES = 4
DIM = 128
LATENCY = 384
FRAME = 128
STATE = 2 * LATENCY
TEMPERATURE = 0.02
BAND_EDGES_HZ = (300.0, 1200.0, 4000.0)
"""Slot 0 is everything under the first edge, slot 3 everything over the last."""

_PITCH_RANGE_HZ = (200.0, 7000.0)
_SPECTRUM_BINS = 2 * len(LABELS) - 1
_FFT = 1024


def tone_of(label: str, seconds: float = 4.0, rate: int = RATE, level: float = 0.1) -> NDArray:
    """(n,) float32 sine that the tiny encoder hears as the label."""
    pitch = _pitches()[LABELS.index(label)]
    time = np.arange(int(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def separator() -> onnx.ModelProto:
    """audio (1, n), state (1, 768) -> sources (1, 4, n), next_state (1, 768); 384 samples late."""
    taps = np.arange(-LATENCY, LATENCY + 1)
    window = np.hanning(len(taps))
    low = [2 * f / RATE * np.sinc(2 * f / RATE * taps) * window for f in BAND_EDGES_HZ]
    whole = (taps == 0).astype(np.float64)
    bands = np.diff([np.zeros(len(taps)), *low, whole], axis=0)[:, None, ::-1]
    nodes = [
        helper.make_node("Concat", ["state", "audio"], ["heard"], axis=1),
        helper.make_node("Unsqueeze", ["heard", "one"], ["heard3"]),
        helper.make_node("Conv", ["heard3", "bands"], ["sources"]),
        helper.make_node("Slice", ["heard", "start", "end", "one"], ["next_state"]),
    ]
    constants = {
        "bands": bands.astype(np.float32),
        "one": np.array([1], np.int64),
        "start": np.array([-STATE], np.int64),
        "end": np.array([np.iinfo(np.int64).max], np.int64),
    }
    return _model(
        nodes,
        constants,
        {"audio": (1, "samples"), "state": (1, STATE)},
        {"sources": (TensorProto.FLOAT, (1, SOURCES, "samples")),
         "next_state": (TensorProto.FLOAT, (1, STATE))},
    )


def encoder() -> onnx.ModelProto:
    """audio (b, n), n at least 1024 -> embedding (b, 128) of unit length."""
    pitches = np.geomspace(*_PITCH_RANGE_HZ, _SPECTRUM_BINS)
    angle = 2 * np.pi * pitches[:, None] * np.arange(_FFT) / RATE
    window = np.hanning(_FFT) / _FFT
    filters = np.concatenate([np.cos(angle), np.sin(angle)])[:, None, :] * window
    projection = np.random.default_rng(7).normal(size=(_SPECTRUM_BINS, DIM)) / _SPECTRUM_BINS
    nodes = [
        helper.make_node("Unsqueeze", ["audio", "one"], ["audio3"]),
        helper.make_node("Conv", ["audio3", "filters"], ["parts"], strides=[_FFT // 2]),
        helper.make_node("Mul", ["parts", "parts"], ["squares"]),
        helper.make_node("Split", ["squares"], ["real", "imaginary"], axis=1, num_outputs=2),
        helper.make_node("Add", ["real", "imaginary"], ["power"]),
        helper.make_node("ReduceMean", ["power", "last"], ["mean"], keepdims=0),
        helper.make_node("ReduceMean", ["mean", "last"], ["all"], keepdims=1),
        helper.make_node("Add", ["all", "quiet"], ["scale"]),
        helper.make_node("Div", ["mean", "scale"], ["relative"]),
        helper.make_node("Add", ["relative", "floor"], ["raised"]),
        helper.make_node("Log", ["raised"], ["log"]),
        helper.make_node("MatMul", ["log", "projection"], ["projected"]),
        helper.make_node("ReduceL2", ["projected", "last"], ["length"], keepdims=1),
        helper.make_node("Div", ["projected", "length"], ["embedding"]),
    ]
    constants = {
        "filters": filters.astype(np.float32),
        "projection": projection.astype(np.float32),
        "one": np.array([1], np.int64),
        "last": np.array([-1], np.int64),
        "quiet": np.array([1e-10], np.float32),
        "floor": np.array([0.05], np.float32),
    }
    return _model(
        nodes,
        constants,
        {"audio": ("batch", "samples")},
        {"embedding": (TensorProto.FLOAT, ("batch", DIM))},
    )


def generator(steps: int, seed: int = 11) -> onnx.ModelProto:
    """tokens (b, 4, 128), weights (b, 4), noise (b, 8, h/8, w/8) -> picture u8 (b, h, w, 3)."""
    rng = np.random.default_rng(seed)
    constants = {
        "toward": (rng.normal(size=(DIM, 8)) / 2).astype(np.float32),
        "last": np.array([-1], np.int64),
        "second": np.array([1], np.int64),
        "planes": np.array([2, 3], np.int64),
        "calm": np.array([0.15], np.float32),
        "half": np.array([127.5], np.float32),
        "decode": (rng.normal(size=(3 * 64, 8, 1, 1)) / 3).astype(np.float32),
    }
    nodes = [
        helper.make_node("Unsqueeze", ["weights", "last"], ["weights3"]),
        helper.make_node("Mul", ["tokens", "weights3"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "second"], ["pooled"], keepdims=0),
        helper.make_node("MatMul", ["pooled", "toward"], ["wish2"]),
        helper.make_node("Unsqueeze", ["wish2", "planes"], ["wish"]),
        helper.make_node("Mul", ["noise", "calm"], ["latent0"]),
    ]
    for step in range(steps):
        mix = (rng.normal(size=(8, 8, 3, 3)) / 24).astype(np.float32)
        constants[f"mix{step}"] = mix
        nodes += [
            helper.make_node(
                "Conv", [f"latent{step}", f"mix{step}"], [f"mixed{step}"], pads=[1, 1, 1, 1]
            ),
            helper.make_node("Add", [f"mixed{step}", "wish"], [f"moved{step}"]),
            helper.make_node("Add", [f"moved{step}", f"latent{step}"], [f"sum{step}"]),
            helper.make_node("Tanh", [f"sum{step}"], [f"latent{step + 1}"]),
        ]
    nodes += [
        helper.make_node("Conv", [f"latent{steps}", "decode"], ["pixels"]),
        helper.make_node("DepthToSpace", ["pixels"], ["planar"], blocksize=8, mode="CRD"),
        helper.make_node("Tanh", ["planar"], ["bounded"]),
        helper.make_node("Mul", ["bounded", "half"], ["scaled"]),
        helper.make_node("Add", ["scaled", "half"], ["bright"]),
        helper.make_node("Transpose", ["bright"], ["rows"], perm=[0, 2, 3, 1]),
        helper.make_node("Cast", ["rows"], ["picture"], to=TensorProto.UINT8),
    ]
    return _model(
        nodes,
        constants,
        {"tokens": ("batch", SOURCES, DIM), "weights": ("batch", SOURCES),
         "noise": ("batch", 8, "latent_height", "latent_width")},
        {"picture": (TensorProto.UINT8, ("batch", "height", "width", 3))},
    )


def write(folder: Path) -> None:
    """The four models, vocabulary.npy and a card, as an exporter would leave them in a folder."""
    import onnxruntime

    models = {
        "separator.onnx": separator(),
        "encoder.onnx": encoder(),
        "generator-1.onnx": generator(1),
        "generator-2.onnx": generator(2),
    }
    for name, model in models.items():
        (folder / name).write_bytes(model.SerializeToString(deterministic=True))
    session = onnxruntime.InferenceSession(
        folder / "encoder.onnx", providers=["CPUExecutionProvider"]
    )
    tones = np.stack([tone_of(label, 1.0) for label in LABELS])
    np.save(folder / "vocabulary.npy", session.run(["embedding"], {"audio": tones})[0])
    (folder / "CARD.md").write_text("# Tiny bundle\n\nRandom weights, for tests only.\n")


def facts() -> dict[str, object]:
    """What a bundle's manifest says beyond the files themselves."""
    return {
        "name": "tiny",
        "licence": "Apache-2.0",
        "sample_rate_hz": RATE,
        "window_s": WINDOW / RATE,
        "hop_s": 0.2,
        "sources": SOURCES,
        "embedding_dim": DIM,
        "labels": list(LABELS),
        "label_temperature": TEMPERATURE,
        "separator": {
            "latency_samples": LATENCY, "frame_samples": FRAME, "state_size": STATE
        },
        "pictures": {
            "sizes": [[144, 256], [112, 192]], "latent_channels": 8, "latent_factor": 8,
            "steps": [1, 2],
        },
        "training": {"weights": "random"},
        "measured": {},
        "credits": [{"author": "nobody", "licence": "Apache-2.0", "files": 0}],
    }  # fmt: skip


def _pitches() -> NDArray:
    return np.geomspace(*_PITCH_RANGE_HZ, len(LABELS))


def _model(
    nodes: list[onnx.NodeProto],
    constants: dict[str, NDArray],
    inputs: dict[str, tuple[int | str, ...]],
    outputs: dict[str, tuple[int, tuple[int | str, ...]]],
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info(n, t, s) for n, (t, s) in outputs.items()],
        [numpy_helper.from_array(a, n) for n, a in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10,
        producer_name="soundglass-tests",
    )  # fmt: skip
    onnx.checker.check_model(model, full_check=True)
    return model
