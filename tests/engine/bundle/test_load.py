"""Bundles: what is right opens, and every single thing that is not is named."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

import engine.bundle.load
from engine.bundle.load import BundleError, available_bundles, load_bundle
from engine.bundle.manifest import MANIFEST_NAME
from engine.bundle.seal import seal
from engine.runtimes.model import RuntimeMissing
from tests import tiny_models
from tests.tiny_models import LABELS, tone_of


@pytest.fixture
def copy(small_bundle: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to do harm to."""
    return Path(shutil.copytree(small_bundle, tmp_path / "copy"))


def test_a_bundle_opens_and_its_models_do_their_work(small_bundle: Path):
    bundle = load_bundle(small_bundle)
    assert bundle.name == "tiny"
    pictures = bundle.manifest.pictures
    assert (pictures.scene, pictures.panel) == ((144, 256), (112, 112))
    assert pictures.latent(pictures.scene) == (9, 16)
    assert pictures.atmosphere_size == 14
    assert bundle.places.shape == (len(LABELS), 2, 2, 2)
    assert bundle.manifest.labels == LABELS
    assert bundle.path("generator", 2).name == "generator-2.onnx"
    models = bundle.models("onnxruntime")
    assert set(models.generators) == {1, 2}
    clips = np.stack([tone_of(label) for label in LABELS])
    found = models.encoder.run({"audio": clips})["embedding"] @ bundle.vocabulary.T
    assert list(found.argmax(1)) == list(range(len(LABELS)))
    models.close()


def test_only_the_generators_that_are_wanted_are_opened(small_bundle: Path):
    models = load_bundle(small_bundle).models("onnxruntime", steps=[2])
    assert set(models.generators) == {2}
    models.close()


def test_the_arrays_cannot_be_written_to(small_bundle: Path):
    bundle = load_bundle(small_bundle)
    for array in (bundle.vocabulary, bundle.places):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_every_changed_byte_is_found(copy: Path):
    rng = random.Random(0)
    for path in sorted(copy.iterdir()):
        good = path.read_bytes()
        ends = [0, 1, len(good) // 2, len(good) - 2, len(good) - 1]
        manifest = path.name == MANIFEST_NAME
        places = range(len(good)) if manifest else ends + rng.choices(range(len(good)), k=12)
        for place in places:
            bad = bytearray(good)
            bad[place] ^= rng.randrange(1, 256)
            path.write_bytes(bad)
            with pytest.raises(BundleError) as fault:
                load_bundle(copy)
            assert path.name in str(fault.value), (path.name, place)
            assert "\n" not in str(fault.value)
        path.write_bytes(good)
    load_bundle(copy)


def test_every_cut_is_found(copy: Path):
    for path in sorted(copy.iterdir()):
        good = path.read_bytes()
        for length in (0, 1, len(good) // 2, len(good) - 1):
            path.write_bytes(good[:length])
            with pytest.raises(BundleError, match=path.name):
                load_bundle(copy)
        path.write_bytes(good + b"\0")
        with pytest.raises(BundleError, match=path.name):
            load_bundle(copy)
        path.write_bytes(good)


def test_every_missing_file_is_named(copy: Path):
    for path in sorted(copy.iterdir()):
        hidden = path.rename(copy.parent / "hidden")
        with pytest.raises(BundleError, match=path.name):
            load_bundle(copy)
        hidden.rename(path)


Change = Callable[[dict[str, Any]], object]

WRONG: dict[str, tuple[Change, str]] = {
    "an older schema": (
        lambda m: m.update(schema=1), "schema 1, made for an older Soundglass; this one reads"
    ),
    "a newer schema": (lambda m: m.update(schema=3), "schema 3, made for a newer Soundglass"),
    "no name": (lambda m: m.pop("name"), "lacks name"),
    "a typing mistake": (
        lambda m: m.update(hop_sec=m.pop("hop_s")), 'lacks hop_s .did you mean that by "hop_sec"'
    ),
    "too much": (lambda m: m.update(colour="red"), "unknown field colour"),
    "text for a number": (lambda m: m.update(sample_rate_hz="16000"), "sample_rate_hz must be"),
    "true for a number": (lambda m: m.update(sources=True), "sources must be a whole number"),
    "out of range": (lambda m: m.update(window_s=1e9), "window_s must be a number from"),
    "not finite": (lambda m: m.update(hop_s=float("nan")), "NaN"),
    "hop over window": (lambda m: m.update(hop_s=5.0), "hop_s 5.0 is longer than window_s"),
    "label twice": (lambda m: m["labels"].append("rain"), "none twice"),
    "labels not text": (lambda m: m["labels"].append(3), "labels must hold texts"),
    "odd scene": (lambda m: m["pictures"].update(scene=[144, 250]), "pictures.scene must be"),
    "no panel": (lambda m: m["pictures"].update(panel=[112]), "pictures.panel must be"),
    "no look": (lambda m: m["pictures"].update(looks=0), "pictures.looks must be"),
    "another light": (
        lambda m: m["pictures"]["lights"].append("aurora"), "pictures.lights must be dawn, day"
    ),
    "seasons in another order": (
        lambda m: m["pictures"]["seasons"].reverse(), "pictures.seasons must be spring, summer"
    ),
    "no styles": (lambda m: m["pictures"].pop("styles"), "lacks pictures.styles"),
    "no places": (lambda m: m["files"].pop("places.npy"), 'one file with role "places"'),
    "places of another shape": (
        lambda m: m["files"]["places.npy"].update(shape=[24, 2, 2]), "files.places.npy"
    ),
    "a generator without noise": (
        lambda m: m["files"]["generator-1.onnx"]["inputs"].pop("noise"),
        "must have tokens, weights, places, looks, atmosphere, noise",
    ),
    "a generator that takes what nobody gives": (
        lambda m: m["files"]["generator-1.onnx"]["inputs"].update(
            prompt={"shape": ["batch"], "dtype": "float32"}
        ),
        "must have tokens, weights, places, looks, atmosphere, noise",
    ),
    "a generator with fewer looks": (
        lambda m: m["pictures"].update(looks=4), "inputs looks is float32"
    ),
    "steps without generator": (
        lambda m: m["pictures"].update(steps=[1, 2, 4]), "there are generators for"
    ),
    "no encoder": (lambda m: m["files"].pop("encoder.onnx"), 'one file with role "encoder"'),
    "an encoder that hears no mixtures": (
        lambda m: m["files"]["encoder.onnx"]["outputs"].pop("presence"),
        "does not say which labels sound.*python -m export.ears",
    ),
    "unknown role": (
        lambda m: m["files"]["encoder.onnx"].update(role="cook"), 'role is "cook", must be one of'
    ),
    "no hash": (
        lambda m: m["files"]["encoder.onnx"].update(sha256="x"), "64 lower-case hexadecimal"
    ),
    "a path outside": (
        lambda m: m["files"].update({"../evil": m["files"]["CARD.md"]}), "not a plain file name"
    ),
    "an absolute path": (
        lambda m: m["files"].update({"/etc/passwd": m["files"]["CARD.md"]}), "not a plain file name"
    ),
    "the manifest itself": (
        lambda m: m["files"].update({"bundle.json": m["files"]["CARD.md"]}), "not a plain file name"
    ),
    "one dimension more": (
        lambda m: m["files"]["encoder.onnx"]["inputs"]["audio"]["shape"].append(1),
        "files.encoder.onnx.inputs audio is",
    ),
    "another dimension": (
        lambda m: m["files"]["generator-1.onnx"]["inputs"].update(
            tokens={"shape": ["batch", 4, 64], "dtype": "float32"}
        ),
        "files.generator-1.onnx.inputs tokens is",
    ),
    "another type": (
        lambda m: m["files"]["separator.onnx"]["outputs"]["sources"].update(dtype="float64"),
        "files.separator.onnx.outputs sources is float64",
    ),
    "another name": (
        lambda m: m["files"]["separator.onnx"]["inputs"].update(
            sound=m["files"]["separator.onnx"]["inputs"].pop("audio")
        ),
        "must have audio, state",
    ),
    "a vocabulary of another shape": (
        lambda m: m["files"]["vocabulary.npy"].update(shape=[23, 128]), "files.vocabulary.npy"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_field_is_named(copy: Path, what: str):
    change, said = WRONG[what]
    rewrite(copy, change)
    with pytest.raises(BundleError, match=said) as fault:
        load_bundle(copy)
    assert MANIFEST_NAME in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_manifest_of_no_json_at_all(copy: Path):
    for text in (b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000):
        (copy / MANIFEST_NAME).write_bytes(text)
        with pytest.raises(BundleError, match=MANIFEST_NAME):
            load_bundle(copy)


def test_a_model_that_is_not_what_the_manifest_says(copy: Path):
    model = tiny_models.encoder()
    weights = next(t for t in model.graph.initializer if t.name == "projection")
    half = onnx.numpy_helper.to_array(weights)[:, :64]
    weights.CopyFrom(onnx.numpy_helper.from_array(half, weights.name))
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 64
    replace(copy, "encoder.onnx", model.SerializeToString())
    with pytest.raises(BundleError, match=r"encoder.onnx output embedding is .*64"):
        load_bundle(copy).models("onnxruntime")
    model = tiny_models.encoder()
    shape = model.graph.input[0].type.tensor_type.shape
    shape.dim[0].dim_value = 5
    replace(copy, "encoder.onnx", model.SerializeToString())
    with pytest.raises(BundleError, match=r"encoder.onnx input audio is float32\[5"):
        load_bundle(copy).models("onnxruntime")


def test_a_model_that_is_another(copy: Path):
    replace(copy, "encoder.onnx", (copy / "separator.onnx").read_bytes())
    with pytest.raises(BundleError, match=r"encoder.onnx input: has audio, state, must have audio"):
        load_bundle(copy).models("onnxruntime")


def test_a_model_that_is_none(copy: Path):
    replace(copy, "generator-1.onnx", b"this is no model")
    with pytest.raises(BundleError, match=r"generator-1.onnx cannot be opened"):
        load_bundle(copy).models("onnxruntime")


@pytest.mark.parametrize("what", ["lengths", "nan", "pickle", "archive"])
def test_a_wrong_vocabulary(copy: Path, what: str):
    path = copy / "vocabulary.npy"
    array = np.load(path)
    if what == "pickle":
        np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    elif what == "archive":
        with path.open("wb") as file:
            np.savez(file, array)
    else:
        array[3] *= 2 if what == "lengths" else np.nan
        np.save(path, array)
    replace(copy, path.name, path.read_bytes())
    with pytest.raises(BundleError, match=r"vocabulary\.npy"):
        load_bundle(copy)


@pytest.mark.parametrize("value", [-0.1, 1.2, np.nan])
def test_places_outside_the_picture(copy: Path, value: float):
    path = copy / "places.npy"
    array = np.load(path)
    array[3, 0, 1, 0] = value
    np.save(path, array)
    replace(copy, path.name, path.read_bytes())
    with pytest.raises(BundleError, match=r"places\.npy has places outside the picture"):
        load_bundle(copy)


def test_a_folder_that_is_no_bundle(tmp_path: Path):
    with pytest.raises(BundleError, match=r"is no bundle: it has no bundle\.json"):
        load_bundle(tmp_path)


def test_a_bundle_is_found_by_name(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine.bundle.load, "BUNDLES", tmp_path)
    with pytest.raises(BundleError, match="none is installed"):
        load_bundle("tinny")
    shutil.copytree(small_bundle, tmp_path / "tiny")
    assert available_bundles() == ("tiny",)
    assert load_bundle("tiny").folder == tmp_path / "tiny"
    with pytest.raises(BundleError, match='did you mean "tiny"'):
        load_bundle("tinny")
    with pytest.raises(BundleError, match="there is tiny, or give a bundle's folder"):
        load_bundle("elephant")
    with pytest.raises(BundleError, match="there is no bundle"):
        load_bundle("../tiny")


def test_an_unknown_or_missing_runtime(small_bundle: Path, monkeypatch: pytest.MonkeyPatch):
    bundle = load_bundle(small_bundle)
    with pytest.raises(RuntimeMissing, match='no runtime "tensorflow"; choose auto'):
        bundle.models("tensorflow")
    monkeypatch.setattr("engine.runtimes.open.installed_runtimes", lambda: ("onnxruntime",))
    with pytest.raises(RuntimeMissing, match="openvino is not installed; pip install openvino"):
        bundle.models("openvino")


def rewrite(folder: Path, change: Change) -> None:
    """Change the manifest and seal it again, so that only the change is wrong."""
    path = folder / MANIFEST_NAME
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_bytes(seal(json.dumps(manifest, indent=1).encode()))


def replace(folder: Path, name: str, content: bytes) -> None:
    """Put another file in place of one, with its right hash in the manifest."""
    (folder / name).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    rewrite(folder, lambda m: m["files"][name].update(sha256=digest, bytes=len(content)))


def test_the_harm_done_here_is_the_only_harm(copy: Path):
    replace(copy, "CARD.md", b"# Another card\n")
    load_bundle(copy)
    onnx.checker.check_model(onnx.load(copy / "encoder.onnx"))
