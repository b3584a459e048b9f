import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.bundle.load import BundleError, load_bundle
from engine.runtimes.open import installed_runtimes
from export.bundle.try_models import try_models
from export.bundle.write import reseal, write_bundle
from export.write_bundle import main
from tests import tiny_models


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A folder as exporters leave it."""
    folder = tmp_path / "exported"
    folder.mkdir()
    tiny_models.write(folder)
    (folder / "facts.json").write_text(json.dumps(tiny_models.facts()))
    return folder


def test_the_command_writes_a_bundle(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    target = tmp_path / "bundles" / "tiny"
    assert main([str(exported), "-o", str(target)]) == 0
    assert "7 files" in capsys.readouterr().out
    manifest = load_bundle(target).manifest
    assert manifest.file("generator", 2).inputs["noise"].shape[1] == 16
    assert manifest.file("encoder").precision == "float32"
    assert [p.name for p in target.parent.iterdir()] == ["tiny"]


def test_an_older_bundle_is_replaced_whole(exported: Path, tmp_path: Path):
    target = write_bundle(exported, tmp_path / "tiny")
    (target / "left-over").write_text("from before")
    facts = tiny_models.facts() | {"licence": "CC BY 4.0"}
    write_bundle(exported, target, facts)
    assert load_bundle(target).manifest.licence == "CC BY 4.0"
    assert not (target / "left-over").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "encoder.onnx").unlink(), 'one file with role "encoder"'),
        (lambda f: (f / "encoder.onnx").write_bytes(b"no"), "is no ONNX model"),
        (lambda f: (f / "notes.txt").write_text("x"), "has no place in a bundle"),
        (lambda f: (f / "facts.json").unlink(), "facts.json cannot be read"),
        (lambda f: (f / "facts.json").write_text("{"), "is no JSON"),
        (lambda f: (f / "facts.json").write_text('{"seal": ""}'), 'must not have "seal"'),
        (
            lambda f: np.save(f / "vocabulary.npy", np.ones((24, 128), np.float32)),
            "not of unit length",
        ),
        (
            lambda f: (f / "generator-2.onnx").write_bytes(_of_another_size().SerializeToString()),
            "generator of 2 steps gives picture",
        ),
    ],
)
def test_what_does_not_fit_is_not_written(exported: Path, tmp_path: Path, spoil, said: str):
    target = write_bundle(exported, tmp_path / "tiny")
    before = {p.name: p.read_bytes() for p in target.iterdir()}
    spoil(exported)
    with pytest.raises(BundleError, match=said):
        write_bundle(exported, target)
    assert {p.name: p.read_bytes() for p in target.iterdir()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["exported", "tiny"]


def test_a_bundle_says_nothing_of_the_machine_that_exported_it(exported: Path, tmp_path: Path):
    model = tiny_models.encoder()
    model.graph.node[0].metadata_props.add(key="stack", value="/home/me/secret.py")
    model.graph.doc_string = "/home/me/secret.py"
    model.metadata_props.add(key="where", value="/home/me/secret.py")
    onnx.save(model, exported / "encoder.onnx")
    target = write_bundle(exported, tmp_path / "tiny")
    assert b"secret" not in (target / "encoder.onnx").read_bytes()


def test_weights_may_stand_beside_their_models(exported: Path, tmp_path: Path):
    for steps in (1, 2):
        onnx.save(
            tiny_models.generator(steps), exported / f"generator-{steps}.onnx",
            save_as_external_data=True, location=f"generator-{steps}.weights", size_threshold=1024,
        )  # fmt: skip
    bundle = load_bundle(write_bundle(exported, tmp_path / "tiny"))
    assert bundle.manifest.files["generator-2.weights"].role == "external-data"
    assert (bundle.folder / "generator-2.onnx").stat().st_size < 12_000
    for runtime in installed_runtimes():
        try_models(bundle, runtime)
    (exported / "generator-2.weights").unlink()
    with pytest.raises(BundleError, match=r"keeps weights in .generator-2\.weights."):
        write_bundle(exported, tmp_path / "other")


def test_a_manifest_edited_by_hand_is_sealed_again(exported: Path, tmp_path: Path):
    target = write_bundle(exported, tmp_path / "tiny")
    path = target / "bundle.json"
    path.write_text(path.read_text().replace("Apache-2.0", "CC BY 4.0"))
    with pytest.raises(BundleError, match="changed after it was sealed"):
        load_bundle(target)
    assert main([str(target), "--reseal"]) == 0
    assert load_bundle(target).manifest.licence == "CC BY 4.0"
    good = path.read_bytes()
    path.write_bytes(good.replace(b'"hop_s": 0.2', b'"hop_s": 9.9'))
    with pytest.raises(BundleError, match=r"not sealed: .*hop_s"):
        reseal(target)
    assert b'"hop_s": 9.9' in path.read_bytes()


def test_the_command_refuses_in_one_line(tmp_path: Path):
    for given in (["nowhere", "-o", "x"], [str(tmp_path)], [str(tmp_path), "-o", str(tmp_path)]):
        done = subprocess.run(
            [sys.executable, "-m", "export.write_bundle", *given], capture_output=True, text=True
        )
        assert done.returncode == 2
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1


def _of_another_size() -> onnx.ModelProto:
    model = tiny_models.generator(2)
    for node in model.graph.node:
        if node.op_type == "DepthToSpace":
            node.attribute[0].i = 4
    weights = next(t for t in model.graph.initializer if t.name == "decode")
    quarter = onnx.numpy_helper.to_array(weights)[: 3 * 16]
    weights.CopyFrom(onnx.numpy_helper.from_array(quarter, weights.name))
    return model
