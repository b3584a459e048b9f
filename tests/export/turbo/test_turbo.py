"""Public checkpoints all the way: export, parity, bundle, and a show that hears and paints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import soundfile

from engine.bundle.load import Bundle, load_bundle
from engine.synthesis.catalogue import synthesise
from export.graph import eight_bit_matrices
from export.turbo.build import build
from export.turbo.request import BuildRequest
from tests.export.tiny_checkpoints import write_diffusion, write_vae
from training.papers.checkpoints.error import CheckpointError

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny checkpoint."""
    made = tmp_path_factory.mktemp("turbo")
    write_diffusion(made / "diffusion")
    return made


def asked(place: Path, **other: object) -> BuildRequest:
    """An export of the tiny checkpoint."""
    fields = {
        "diffusion": str(place / "diffusion"), "out": place / "bundles" / "tiny",
        "size": (72, 128), "panel": (64, 64),
    } | other  # fmt: skip
    return BuildRequest(**fields)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def bundle(place: Path) -> Bundle:
    """The bundle of the tiny checkpoint, in one step and in two."""
    return build(asked(place))


def test_the_bundle_is_whole_and_nothing_else_is_left(bundle, place):
    assert [p.name for p in (place / "bundles").iterdir()] == ["tiny"]
    manifest = load_bundle(bundle.folder).manifest
    heard_by = load_bundle("picturebook").manifest
    for role in ("separator", "encoder", "vocabulary"):
        assert manifest.file(role).sha256 == heard_by.file(role).sha256
    assert manifest.labels == heard_by.labels
    assert manifest.pictures.steps == (1, 2)
    assert manifest.pictures.scene == (72, 128)
    assert set(manifest.file("generator", 1).inputs) == {"tokens", "weights", "atmosphere", "noise"}
    errors = manifest.measured["export_relative_error"]
    assert set(errors) == {"generator-1.onnx", "generator-2.onnx"}
    assert all(0 <= e < 2e-3 for e in errors.values())
    assert manifest.credits == heard_by.credits
    assert "photograph" in (bundle.folder / "CARD.md").read_text()


def test_graphs_of_one_step_and_of_two_share_their_weights(bundle):
    weights = (bundle.folder / "generator.weights").stat().st_size
    graphs = [onnx.load(bundle.path("generator", n), load_external_data=False) for n in (1, 2)]
    kept = [
        {e.value for t in g.graph.initializer for e in t.external_data if e.key == "offset"}
        for g in graphs
    ]
    assert len(kept[0] & kept[1]) > 0.9 * len(kept[0])
    assert all(g.ByteSize() < 2_000_000 for g in graphs)
    assert weights > 10_000


def test_a_show_hears_and_paints(bundle, tmp_path):
    sound = np.concatenate([synthesise("dog", 2.0, 48_000, 1), synthesise("rain", 2.0, 48_000, 2)])
    soundfile.write(tmp_path / "sound.wav", sound, 48_000)
    done = subprocess.run(
        [sys.executable, "-m", "live.program", "live", "--headless", "--bundle", str(bundle.folder),
         "--runtime", "onnxruntime", "--input", str(tmp_path / "sound.wav"),
         "--events", str(tmp_path / "events.jsonl")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert " pictures, sound-to-picture" in done.stderr
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    named = {s["labels"][0][0] for e in events for s in e.get("sources", ()) if s.get("labels")}
    assert "dog" in named


def test_the_same_noise_gives_the_same_picture_and_a_token_changes_it(bundle):
    model = bundle.models("onnxruntime", steps=(2,)).generators[2]
    rng = np.random.default_rng(0)
    mood = np.zeros((1, 14), np.float32)
    mood[0, [1, 8, 11]] = 1
    given = {
        "tokens": np.repeat(bundle.vocabulary[None, :1], 4, 1),
        "weights": np.ones((1, 4), np.float32),
        "atmosphere": mood, "noise": rng.standard_normal((1, 4, 9, 16)).astype(np.float32),
    }  # fmt: skip
    one = model.run(given)["picture"]
    assert one.shape == (1, 72, 128, 3)
    assert np.array_equal(one, model.run(given)["picture"])
    other = model.run(given | {"tokens": np.repeat(bundle.vocabulary[None, 3:4], 4, 1)})["picture"]
    assert not np.array_equal(one, other)
    model.close()


def test_a_failed_export_leaves_the_older_bundle(bundle, place):
    before = {p.name: p.stat().st_mtime_ns for p in bundle.folder.iterdir()}
    with pytest.raises(CheckpointError, match="cannot be painted"):
        build(asked(place, size=(70, 128)))
    assert {p.name: p.stat().st_mtime_ns for p in bundle.folder.iterdir()} == before
    assert [p.name for p in (place / "bundles").iterdir()] == ["tiny"]


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["fp16", "bf16", "int8"])
def test_a_consistency_model_with_another_vae(place, tmp_path, precision, monkeypatch):
    monkeypatch.setattr(eight_bit_matrices, "LARGE", 256)
    write_diffusion(tmp_path / "lcm", "lcm")
    write_vae(tmp_path / "vae", "full")
    made = build(
        asked(
            place, diffusion=str(tmp_path / "lcm"), vae=str(tmp_path / "vae"), steps=(4,),
            out=tmp_path / "lcm-bundle", precision=precision,
        )
    )  # fmt: skip
    spec = made.manifest.file("generator", 4)
    assert made.manifest.measured["export_precision"] == precision
    graph = onnx.load(made.path("generator", 4), load_external_data=False).graph
    kinds = {onnx.helper.tensor_dtype_to_np_dtype(t.data_type).name for t in graph.initializer}
    assert {"fp16": "float16", "bf16": "bfloat16", "int8": "int8"}[precision] in kinds
    assert spec.precision == {"fp16": "float16"}.get(precision, "bfloat16")


def test_a_person_s_mistake_is_one_line(place, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "export.turbo", "--diffusion", str(place / "diffusion"),
         "--ears", str(tmp_path / "gone"), "-o", str(tmp_path / "out")],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f'soundglass: there is no bundle "{tmp_path}/gone"; '
        "there is picturebook, or give a bundle's folder"
    ]
    assert not (tmp_path / "out").exists()
