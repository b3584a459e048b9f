"""Tiny real ONNX models with exactly the interfaces that a bundle's models have.

They are small enough to build in a second, deterministic, and do honest work, so that tests
of everything around them can tell right from wrong:

- the separator splits sound into four frequency bands that add up to the (delayed) input;
- the encoder hears pitch: `tone_of(label)` is heard as that label, whatever its loudness, and a
  tone between two labels as something else;
- the generators paint a spot per source: its token says in which colour, its weight how strongly,
  its place where, how large and lit from which side, its look with which tint; the atmosphere
  colours everything, and the noise keeps all of it moving.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from tests.tiny_generator import CHANNELS, DIM, FACTOR, LOOKS, SOURCES, generator
from tests.tiny_graph import as_model

LABELS = (
    "rain", "thunder", "wind", "waves", "stream", "fire", "birds", "crow", "owl", "rooster",
    "dog", "cat", "cow", "sheep", "horse", "frog", "insects", "wolf", "train", "aircraft",
    "church bells", "speech", "music", "fireworks",
)  # fmt: skip
OF_THE_AIR = ("rain", "thunder", "wind", "waves", "stream", "fireworks")
OF_THE_SKY = ("birds", "crow", "owl", "aircraft")
RATE = 16000
WINDOW = 64000
LATENCY = 384
FRAME = 128
STATE = 2 * LATENCY
TEMPERATURE = 0.02
SCENE = (144, 256)
PANEL = (112, 112)
BAND_EDGES_HZ = (300.0, 1200.0, 4000.0)
"""Slot 0 is everything under the first edge, slot 3 everything over the last."""

FFT = 1024

_PITCH_RANGE_HZ = (200.0, 7000.0)
_SPECTRUM_BINS = 2 * len(LABELS) - 1


def tone_of(label: str, seconds: float = 4.0, rate: int = RATE, level: float = 0.1) -> NDArray:
    """(n,) float32 sine that the tiny encoder hears as the label."""
    pitch = pitches()[LABELS.index(label)]
    time = np.arange(int(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def between(label: str, seconds: float = 4.0, level: float = 0.1) -> NDArray:
    """(n,) float32 sine above the label that no label is."""
    at = LABELS.index(label)
    pitch = np.sqrt(pitches()[at] * pitches()[at + 1])
    time = np.arange(int(seconds * RATE)) / RATE
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
    return as_model(
        nodes,
        constants,
        {"audio": (1, "samples"), "state": (1, STATE)},
        {
            "sources": (TensorProto.FLOAT, (1, SOURCES, "samples")),
            "next_state": (TensorProto.FLOAT, (1, STATE)),
        },
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
        helper.make_node("ReduceMean", ["mean", "last"], ["all"], keepdims=1),
        helper.make_node("Add", ["all", "quiet"], ["usual"]),
        helper.make_node("Div", ["mean", "usual"], ["share"]),
        helper.make_node("Add", ["share", "floor"], ["raised"]),
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


def pitches() -> NDArray:
    """(labels,) Hz of each label."""
    return np.geomspace(*_PITCH_RANGE_HZ, len(LABELS))


def pitches_between() -> NDArray:
    """(2 labels - 1,) the same, and what lies in the middle of each two."""
    return np.geomspace(*_PITCH_RANGE_HZ, _SPECTRUM_BINS)
