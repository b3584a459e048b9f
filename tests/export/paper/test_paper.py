"""A paper's system all the way: its run, the export, and a show that hears and paints."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from torch import nn

from engine.bundle.load import Bundle, load_bundle
from engine.synthesis.catalogue import synthesise
from export.paper.build import build
from export.paper.painter import Asked
from export.paper.request import PaperRequest
from export.paper.sampler import mixed, unroll
from export.turbo.decoupled import WeightedDecoupled
from tests.training.papers.finished_run import finished_run
from training.papers.checkpoints.error import CheckpointError
from training.papers.models.decoupled_attention import DecoupledAttention

ROOT = Path(__file__).parents[3]
OTHERS = [
    ("av_gas", "gan"), ("sound2vision", "sd"), ("macs", "pixart"), ("seeing_sound", "pixart"),
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paper")


def built(place: Path, system: str, generator: str) -> Bundle:
    """A system's bundle, in the two steps of its tiny run; built once."""
    name = f"{system}-{generator}"
    if not (place / "bundles" / name).exists():
        run = finished_run(place / "runs" / name, system, generator)
        build(PaperRequest(run, place / "bundles" / name, takes=1))
    return load_bundle(place / "bundles" / name)


@pytest.fixture(scope="module")
def macs(place: Path) -> Bundle:
    """MACS with Stable Diffusion."""
    return built(place, "macs", "sd")


def ask(bundle: Bundle, weights: list[float], size: tuple[int, int] | None = None) -> np.ndarray:
    pictures = bundle.manifest.pictures
    height, width = pictures.latent(size or pictures.scene)
    rng = np.random.default_rng(3)
    rows = np.eye(len(weights), dtype=np.float32) @ bundle.vocabulary[: len(weights)]
    with_noise = {
        "tokens": rows[None],
        "weights": np.array([weights], np.float32),
        "noise": rng.standard_normal((1, pictures.latent_channels, height, width)).astype("f4"),
    }
    models = bundle.models("onnxruntime")
    try:
        return next(iter(models.generators.values())).run(with_noise)["picture"]
    finally:
        models.close()


def test_a_bundle_of_macs_hears_as_the_ears_do_and_paints_every_size(macs: Bundle) -> None:
    manifest = load_bundle(macs.folder).manifest
    ears = load_bundle("picturebook").manifest
    assert manifest.file("encoder").sha256 == ears.file("encoder").sha256
    assert set(manifest.file("generator").inputs) == {"tokens", "weights", "noise"}
    assert manifest.training["pictures"]["system"] == "macs"
    assert all(e < 2e-3 for e in manifest.measured["export_relative_error"].values())
    assert "Paints as macs" in (macs.folder / "CARD.md").read_text()
    one = ask(macs, [1.0, 0.0, 0.0, 0.0])
    assert one.shape == (1, *manifest.pictures.scene, 3)
    assert np.array_equal(one, ask(macs, [1.0, 0.0, 0.0, 0.0]))
    assert not np.array_equal(one, ask(macs, [0.0, 1.0, 0.0, 0.0]))
    wide = (manifest.pictures.scene[0], 2 * manifest.pictures.scene[1])
    assert ask(macs, [1.0, 0.5, 0.0, 0.0], wide).shape == (1, *wide, 3)


@pytest.mark.parametrize(
    ("system", "generator"), [("macs", "sd"), ("seeing_sound", "pixart")]
)
def test_a_show_hears_and_paints_with_it(
    place: Path, system: str, generator: str, tmp_path: Path
) -> None:
    bundle = built(place, system, generator)
    sound = synthesise("dog", 6.0, 48_000, 1)
    soundfile.write(tmp_path / "sound.wav", sound, 48_000)
    for command in (
        ["live", "--headless", "--input", str(tmp_path / "sound.wav"),
         "--events", str(tmp_path / "events.jsonl")],
        ["render", str(tmp_path / "sound.wav"), "-o", str(tmp_path / "film.mp4")],
    ):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "live.program", *command, "--bundle", str(bundle.folder),
             "--runtime", "onnxruntime"],
            cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    named = {s["labels"][0][0] for e in events for s in e.get("sources", ()) if s.get("labels")}
    assert "dog" in named
    assert (tmp_path / "film.mp4").stat().st_size > 1000


@pytest.mark.parametrize(("system", "generator"), OTHERS)
def test_the_other_systems_and_generators(place: Path, system: str, generator: str) -> None:
    bundle = built(place, system, generator)
    assert all(e < 2e-3 for e in bundle.manifest.measured["export_relative_error"].values())
    one, other = ask(bundle, [1.0, 0.0, 0.0, 0.0]), ask(bundle, [0.0, 0.0, 1.0, 0.0])
    assert one.shape == (1, *bundle.manifest.pictures.scene, 3)
    assert not np.array_equal(one, other)


def test_what_cannot_be_exported_leaves_the_older_bundle(macs: Bundle, place: Path) -> None:
    before = {p.name: p.stat().st_mtime_ns for p in macs.folder.iterdir()}
    with pytest.raises(CheckpointError, match="--steps must be 1 to 64"):
        build(PaperRequest(place / "runs" / "macs-sd", macs.folder, (65,)))
    assert {p.name: p.stat().st_mtime_ns for p in macs.folder.iterdir()} == before
    assert [p.name for p in (place / "bundles").iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction"])
def test_an_unrolled_solver_is_the_solver(kind: str) -> None:
    from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler

    config = {
        "algorithm_type": "dpmsolver++", "solver_order": 2, "beta_schedule": "scaled_linear",
        "beta_start": 0.00085, "beta_end": 0.012, "prediction_type": kind,
    }  # fmt: skip
    solver: Any = DPMSolverMultistepScheduler.from_config(config)
    solver.set_timesteps(6)
    noise = torch.randn(1, 2, 3, 3, dtype=torch.float64)
    latents, parts, steps = noise.clone(), [noise], unroll(config, 6)
    for i, time in enumerate(solver.timesteps):
        assert steps.times[i] == float(time)
        torch.testing.assert_close(mixed(steps.mix[i], parts), latents, rtol=1e-4, atol=1e-5)
        parts.append(torch.tanh(latents) + 0.1 * i)
        latents = solver.step(parts[-1], time, latents, return_dict=False)[0]
    torch.testing.assert_close(mixed(steps.mix[-1], parts), latents, rtol=1e-4, atol=1e-5)


class Layer(nn.Module):
    """What a processor needs of diffusers' attention."""

    def __init__(self) -> None:
        super().__init__()
        self.heads, self.rescale_output_factor = 2, 1.0
        self.to_q, self.to_k, self.to_v = (nn.Linear(8, 8, bias=False) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(8, 8), nn.Dropout(0.0)])


def test_a_sound_counts_by_its_weight_and_leaves_smoothly() -> None:
    torch.manual_seed(0)
    layer = Layer()
    trained = DecoupledAttention(layer, 3)
    nn.init.normal_(trained.to_v_ip.weight)
    seen, told = torch.randn(1, 5, 8), torch.randn(1, 3 + 2, 8)
    weighed = WeightedDecoupled(trained)

    def look(*weights: float) -> torch.Tensor:
        return weighed(layer, seen, told, sounds=torch.tensor([weights]))

    whole = trained(layer, seen, told)
    torch.testing.assert_close(look(1.0, 1.0), whole)  # equal and full: as it was trained
    alone = trained(layer, seen, told[:, :4])
    torch.testing.assert_close(look(1.0, 0.0), alone, rtol=1e-4, atol=1e-5)
    trained.scale = 0.0
    base = trained(layer, seen, told)
    trained.scale = 1.0
    torch.testing.assert_close(look(0.0, 0.0), base)  # silence is the model without the sound
    steps = [look(1.0, w / 20) for w in range(21)]
    largest = max((a - b).norm().item() for a, b in pairwise(steps))
    assert largest < 0.5 * (steps[-1] - steps[0]).norm().item()


def test_the_most_significant_sound_has_the_first_slot_and_others_are_mixed() -> None:
    words = torch.eye(3)
    table = torch.arange(6.0).reshape(3, 1, 2)
    tokens = torch.eye(3)[None]
    slots, weights = Asked(words, table, 1e-3, 4)(tokens, torch.tensor([[0.2, 0.9, 0.5]]))
    assert slots[0].tolist() == [[2, 3], [4, 5], [0, 1], [0, 0]]
    assert weights is not None
    assert weights[0].tolist() == pytest.approx([0.9, 0.5, 0.2, 0.0])
    mixture, none = Asked(words, table, 1e-3, None)(tokens, torch.tensor([[0.5, 0.5, 0.0]]))
    assert none is None
    assert mixture[0].tolist() == [[1.0, 2.0]]
    quiet, _ = Asked(words, table, 1e-3, None)(tokens, torch.tensor([[0.0, 0.1, 0.0]]))
    assert quiet[0].tolist() == [[pytest.approx(1.0), pytest.approx(1.5)]]
