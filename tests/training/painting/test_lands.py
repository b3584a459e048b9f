"""The lands behind the sources."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from engine.painting.atmosphere import LIGHTS, SEASONS, STYLES
from export.graph.precision import store_in_levels
from training.gather_lands import KIND_OF, held_by, kind_scene, paint_land, sheltered
from training.painting.distillation import sample
from training.painting.generator import LOOKS
from training.painting.lands import (
    COLUMNS,
    COUNT,
    KINDS,
    LEVELS,
    ROWS,
    STEP,
    Lands,
    in_levels,
    linear_shares,
    sample_on,
)
from training.vocabulary import LABELS

SHAPE = (1, 16, ROWS, COLUMNS)


@pytest.fixture
def lands() -> Lands:
    """Lands of chance, with what is known of the labels."""
    made = Lands()
    made.codes.copy_(torch.randint(0, LEVELS, made.codes.shape))
    for row, label in enumerate(LABELS):
        made.fits[row] = torch.tensor(sheltered((label,)))
        made.held[row] = torch.tensor(held_by(label))
    made.fits[-1] = torch.tensor(sheltered(()))
    return made


def asked(label: str | None, light: int = 0, season: int = 0, style: int = 0) -> tuple[Tensor, ...]:
    """shares, weights, places and atmosphere of one source, or of none."""
    shares = torch.zeros(1, 1, len(LABELS) * LOOKS)
    shares[0, 0, LABELS.index(label or "dog") * LOOKS] = 1.0
    atmosphere = torch.zeros(1, len(LIGHTS) + len(SEASONS) + len(STYLES))
    atmosphere[0, [light, len(LIGHTS) + season, len(LIGHTS) + len(SEASONS) + style]] = 1.0
    places = torch.tensor([[[0.5, 0.5, 0.4, 1.0]]])
    return shares, torch.full((1, 1), float(label is not None)), places, atmosphere


def number(kind: str, light: int = 0, season: int = 0, style: int = 0) -> int:
    """Of a land."""
    look = season * len(STYLES) + style
    return (look * len(KINDS) + KINDS.index(kind)) * len(LIGHTS) + light


def latents(lands: Lands, which: int) -> Tensor:
    """(16, ROWS, COLUMNS) of a land."""
    return ((lands.codes[which] - (LEVELS - 1) / 2) * STEP).reshape(SHAPE[1:])


@pytest.mark.parametrize(
    ("label", "kind"),
    [("whale", "water"), ("traffic", "homes"), ("bear", "wild"), (None, "wild")],
)
def test_what_sounds_has_its_kind_of_land(lands: Lands, label: str | None, kind: str) -> None:
    noise = torch.randn(SHAPE, generator=torch.Generator().manual_seed(1))
    land, _ = lands(*asked(label, 3, 2, 1), noise)
    near = latents(lands, number(kind, 3, 2, 1))
    torch.testing.assert_close(land[0], near, atol=0.1, rtol=0)


def test_light_moves_over_one_land(lands: Lands) -> None:
    shares, weights, places, day = asked("whale", light=1)
    *_, dusk = asked("whale", light=2)
    land, _ = lands(shares, weights, places, (day + dusk) / 2, torch.zeros(SHAPE))
    between = latents(lands, number("water", 1)) + latents(lands, number("water", 2))
    torch.testing.assert_close(land[0], between / 2, atol=0.1, rtol=0)


def test_a_source_keeps_its_ground_and_the_road_under_it(lands: Lands) -> None:
    def where(label: str | None) -> Tensor:
        return lands(*asked(label), torch.zeros(SHAPE))[1][0, 0]

    row = int((0.5 + 0.2) * ROWS)  # under the foot of the box
    assert where(None).min() > 0.98  # a faint memory of the box, for a smooth start
    assert where("owl")[ROWS // 2, COLUMNS // 2] < 0.01
    assert where("owl")[:, 0].min() > 0.99
    assert where("traffic")[row, 0] < 0.1
    assert where("traffic")[0, 0] > 0.99
    assert where("aircraft").min() > 0.99


def test_shares_of_cells_are_whole_and_exact_at_their_middles() -> None:
    middles = (torch.arange(6) + 0.5)[None] / 6
    torch.testing.assert_close(linear_shares(middles, 6)[0], torch.eye(6))
    other = linear_shares((torch.arange(40) + 0.5)[None] / 40, 6)
    torch.testing.assert_close(other.sum(2), torch.ones(1, 40))
    torch.testing.assert_close(other[0, 0], torch.eye(6)[0])


def velocity(z: Tensor, t: Tensor, r: Tensor) -> Tensor:
    """Something that depends on all three."""
    return 0.3 * z + (t - 0.5 * r)[:, None, None, None]


@pytest.mark.parametrize("steps", [1, 2])
def test_a_panel_is_painted_from_noise_alone(steps: int) -> None:
    noise, land = torch.randn(2, 16, 12, 12), torch.randn(2, 16, 12, 12)
    made = sample_on(velocity, noise, steps, land, torch.ones(2, 1, 12, 12))
    torch.testing.assert_close(made, sample(velocity, noise, steps))


def test_a_scene_without_room_for_land_is_painted_from_noise_alone() -> None:
    noise = torch.randn(SHAPE)
    made = sample_on(velocity, noise, 2, torch.randn(SHAPE), torch.zeros(1, 1, ROWS, COLUMNS))
    torch.testing.assert_close(made, sample(velocity, noise, 2))


@pytest.mark.parametrize("steps", [1, 2])
def test_a_scene_is_drawn_from_its_land_under_half_noise(steps: int) -> None:
    noise, land, seen = torch.randn(SHAPE), torch.randn(SHAPE), []

    def last(z: Tensor, t: Tensor, r: Tensor) -> Tensor:
        seen.append((z, float(t), float(r)))
        return torch.zeros_like(z)

    sample_on(last, noise, steps, land, torch.ones(1, 1, ROWS, COLUMNS))
    z, t, r = seen[-1]
    assert (len(seen), t, r) == (steps, 0.5, 0.0)
    torch.testing.assert_close(z, torch.lerp(land, noise, 0.5))


def test_levels_stand_three_to_a_byte_and_come_back(tmp_path) -> None:
    codes = np.random.default_rng(0).integers(0, 6, (5, 12)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["pick", "codes"], ["out"])],
        "picks",
        [helper.make_tensor_value_info("pick", TensorProto.FLOAT, [5, 5])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [5, 12])],
        [numpy_helper.from_array(codes, "codes")],
    )
    opset = [helper.make_opsetid("", 18)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=10)
    store_in_levels(model, {"codes": LEVELS})
    stored = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    assert stored["codes_packed"].shape == (5, 4)
    assert stored["codes_packed"].dtype == np.uint8
    onnx.save(model, str(tmp_path / "picks.onnx"))
    session = onnxruntime.InferenceSession(str(tmp_path / "picks.onnx"))
    picked = session.run(None, {"pick": np.eye(5, dtype=np.float32)})[0]
    np.testing.assert_array_equal(np.asarray(picked), codes)


def test_levels_lose_little_beside_half_noise() -> None:
    normal = torch.randn(20_000, generator=torch.Generator().manual_seed(0))
    back = (in_levels(normal) - (LEVELS - 1) / 2) * STEP
    assert 0.2 < float((back - normal).std()) < 0.3


def test_a_land_is_one_place_in_every_light() -> None:
    scene = kind_scene("homes", 3)
    assert KIND_OF[scene.place] == "homes"
    assert not scene.subjects
    assert not scene.air
    assert kind_scene("homes", 4).seed != scene.seed
    first = number("homes", light=1)
    day, night = (paint_land(first + more, scale=1).astype(int) for more in (0, 2))
    assert day.shape == (16 * ROWS, 16 * COLUMNS, 3)
    assert day.mean() > night.mean() + 40
    assert first + 2 < COUNT
