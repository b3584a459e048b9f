"""Tiny real ONNX models with exactly the interfaces that a bundle's models have.

They are small enough to build in a second, deterministic, and do honest work, so that tests
of everything around them can tell right from wrong:

- the separator splits sound into four frequency bands that add up to the (delayed) input;
- the encoder hears pitch: `tone_of(label)` is heard as that label, whatever its loudness;
- the generators paint a spot per source: its token says in which colour, its weight how strongly,
  its place where, how large and lit from which side, its look with which tint; the atmosphere
  colours everything, and the noise keeps all of it moving.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES

LABELS = (
    "rain", "thunder", "wind", "waves", "stream", "fire", "birds", "crow", "owl", "rooster",
    "dog", "cat", "cow", "sheep", "horse", "frog", "insects", "wolf", "train", "aircraft",
    "church bells", "speech", "music", "fireworks",
)  # fmt: skip
OF_THE_AIR = ("rain", "thunder", "wind", "waves", "stream", "fireworks")
OF_THE_SKY = ("birds", "crow", "owl", "aircraft")
RATE = 16000
WINDOW = 64000
SOURCES = 4
DIM = 128
LATENCY = 384
FRAME = 128
STATE = 2 * LATENCY
TEMPERATURE = 0.02
CHANNELS = 16
FACTOR = 16
LOOKS = 8
SCENE = (144, 256)
PANEL = (112, 112)
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
    """tokens, weights, places, looks, atmosphere, noise (b, 16, h/16, w/16) -> picture u8."""
    rng = np.random.default_rng(seed)
    moods = len(LIGHTS) + len(SEASONS) + len(STYLES)
    constants = {
        "toward": (rng.normal(size=(DIM, CHANNELS)) / 2).astype(np.float32),
        "tints": (rng.normal(size=(LOOKS, CHANNELS)) / 6).astype(np.float32),
        "tones": (rng.normal(size=(moods, CHANNELS)) / 4).astype(np.float32),
        "calm": np.array([0.15], np.float32),
        "half": np.array([127.5], np.float32),
        "decode": _decoder(rng),
    }
    spots, spot_constants = _spots()
    nodes = [
        *spots,
        helper.make_node("MatMul", ["tokens", "toward"], ["hues"]),
        helper.make_node("MatMul", ["looks", "tints"], ["tinted"]),
        helper.make_node("Add", ["hues", "tinted"], ["colours"]),
        helper.make_node("Unsqueeze", ["weights", "last"], ["weights3"]),
        helper.make_node("Mul", ["colours", "weights3"], ["strengths"]),
        helper.make_node("Transpose", ["strengths"], ["per_channel"], perm=[0, 2, 1]),
        helper.make_node("Reshape", ["spots", "rows_of_cells"], ["flat_spots"]),
        helper.make_node("MatMul", ["per_channel", "flat_spots"], ["flat_subjects"]),
        helper.make_node("Shape", ["noise"], ["like_noise"]),
        helper.make_node("Reshape", ["flat_subjects", "like_noise"], ["subjects"]),
        helper.make_node("MatMul", ["atmosphere", "tones"], ["mood2"]),
        helper.make_node("Unsqueeze", ["mood2", "planes"], ["mood"]),
        helper.make_node("Add", ["subjects", "mood"], ["wish"]),
        helper.make_node("Mul", ["noise", "calm"], ["latent0"]),
    ]
    for step in range(steps):
        mix = (rng.normal(size=(CHANNELS, CHANNELS, 3, 3)) / 48).astype(np.float32)
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
        helper.make_node("DepthToSpace", ["pixels"], ["planar"], blocksize=FACTOR, mode="CRD"),
        helper.make_node("Tanh", ["planar"], ["bounded"]),
        helper.make_node("Mul", ["bounded", "half"], ["scaled"]),
        helper.make_node("Add", ["scaled", "half"], ["bright"]),
        helper.make_node("Transpose", ["bright"], ["rows"], perm=[0, 2, 3, 1]),
        helper.make_node("Cast", ["rows"], ["picture"], to=TensorProto.UINT8),
    ]
    return _model(
        nodes,
        constants | spot_constants,
        {"tokens": ("batch", SOURCES, DIM), "weights": ("batch", SOURCES),
         "places": ("batch", SOURCES, 4), "looks": ("batch", SOURCES, LOOKS),
         "atmosphere": ("batch", moods),
         "noise": ("batch", CHANNELS, "latent_height", "latent_width")},
        {"picture": (TensorProto.UINT8, ("batch", "height", "width", 3))},
    )  # fmt: skip


def _decoder(rng: np.random.Generator) -> NDArray:
    """(3 * 16 * 16, 16, 1, 1): a colour for each cell, with a little texture in it."""
    colours = rng.normal(size=(3, 1, CHANNELS)) / 2
    texture = rng.normal(size=(3, FACTOR**2, CHANNELS)) / 30
    return (colours + texture).reshape(-1, CHANNELS, 1, 1).astype(np.float32)


def _spots() -> tuple[list[onnx.NodeProto], dict[str, NDArray]]:
    """Nodes from places and noise to "spots" (b, 4, h, w): how much of each source is in a cell."""
    constants = {
        "last": np.array([-1], np.int64),
        "planes": np.array([2, 3], np.int64),
        "rows_of_cells": np.array([0, 0, -1], np.int64),
        "channel_axis": np.array([1], np.int64),
        "row_axis": np.array(2, np.int64),
        "column_axis": np.array(3, np.int64),
        "none": np.array([0], np.float32),
        "one_f": np.array([1], np.float32),
        "half_cell": np.array([0.5], np.float32),
        "steep": np.array([3], np.float32),
        "four": np.array([4], np.float32),
        "lit": np.array([0.8], np.float32),
    }
    nodes = [
        helper.make_node("ReduceMean", ["noise", "channel_axis"], ["plane"], keepdims=1),
        helper.make_node("Mul", ["plane", "none"], ["zeros"]),
        helper.make_node("Add", ["zeros", "one_f"], ["ones"]),
        helper.make_node("Unsqueeze", ["places", "last"], ["places4"]),
        helper.make_node("Split", ["places4"], ["px", "py", "ph", "pf"], axis=2, num_outputs=4),
    ]
    for axis, which in (("row", "y"), ("column", "x")):
        nodes += [
            helper.make_node("CumSum", ["ones", f"{axis}_axis"], [f"count_{which}"]),
            helper.make_node("ReduceMax", [f"count_{which}", "planes"], [f"size_{which}"]),
            helper.make_node("Sub", [f"count_{which}", "half_cell"], [f"middle_{which}"]),
            helper.make_node("Div", [f"middle_{which}", f"size_{which}"], [f"at_{which}"]),
            helper.make_node("Sub", [f"at_{which}", f"p{which}"], [f"from_{which}"]),
        ]
    nodes += [
        helper.make_node("Div", ["size_y", "size_x"], ["tall"]),
        helper.make_node("Mul", ["ph", "tall"], ["pw"]),
        helper.make_node("Div", ["from_y", "ph"], ["dy"]),
        helper.make_node("Div", ["from_x", "pw"], ["dx"]),
        helper.make_node("Mul", ["dy", "dy"], ["dy2"]),
        helper.make_node("Mul", ["dx", "dx"], ["dx2"]),
        helper.make_node("Add", ["dx2", "dy2"], ["d2"]),
        helper.make_node("Mul", ["d2", "four"], ["d2x4"]),
        helper.make_node("Sub", ["one_f", "d2x4"], ["inside"]),
        helper.make_node("Mul", ["inside", "steep"], ["steeper"]),
        helper.make_node("Clip", ["steeper", "low", "high"], ["disc"]),
        helper.make_node("Mul", ["dx", "pf"], ["lit_side"]),
        helper.make_node("Mul", ["lit_side", "lit"], ["shade"]),
        helper.make_node("Add", ["shade", "one_f"], ["light"]),
        helper.make_node("Mul", ["disc", "light"], ["spots"]),
    ]
    constants |= {"low": np.array(0, np.float32), "high": np.array(1, np.float32)}
    return nodes, constants


def places() -> NDArray:
    """(labels, 2, 2, 2) as places.npy: scene or panel, at weight 0 or 1, y or height."""
    rules = np.empty((len(LABELS), 2, 2, 2), np.float32)
    for i, label in enumerate(LABELS):
        for picture, heights in enumerate(((0.22, 0.5), (0.5, 0.68))):
            for weight, height in enumerate(heights):
                y = 0.35 if label in OF_THE_SKY else 0.9 - height / 2
                rules[i, picture, weight] = (0.5, 1.0) if label in OF_THE_AIR else (y, height)
    return rules


def write(folder: Path) -> None:
    """Four models, vocabulary, places and a card, as an exporter would leave them in a folder."""
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
    np.save(folder / "places.npy", places())
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
            "scene": list(SCENE), "panel": list(PANEL), "latent_channels": CHANNELS,
            "latent_factor": FACTOR, "steps": [1, 2], "looks": LOOKS,
            "lights": list(LIGHTS), "seasons": list(SEASONS), "styles": list(STYLES),
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
