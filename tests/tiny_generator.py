"""A tiny generator: it paints a spot per source, where and how its conditions say."""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from tests.tiny_graph import as_model

SOURCES = 4
DIM = 128
CHANNELS = 16
FACTOR = 16
LOOKS = 8


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
    return as_model(
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
