"""The exported sound models keep the contract of a bundle, to the name, shape and type."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from export import sound


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound")
    assert sound.main(["--random", "-o", str(path)]) == 0
    return path


def test_files_are_whole_and_nothing_else_is_left(out: Path) -> None:
    names = {"separator.onnx", "encoder.onnx", "vocabulary.npy", "sound.json"}
    assert {path.name for path in out.iterdir()} == names
    vocabulary = np.load(out / "vocabulary.npy", allow_pickle=False)
    assert vocabulary.shape == (48, 128)
    assert vocabulary.dtype == np.float32
    assert np.allclose(np.linalg.norm(vocabulary, axis=1), 1, atol=1e-4)
    facts = json.loads((out / "sound.json").read_text())
    assert (facts["latency_samples"], facts["frame_samples"]) == (384, 128)
    assert set(facts["export"]) == {"separator.onnx", "encoder.onnx"}
    for told in facts["export"].values():
        assert told["precision"] == "fp32"
        assert max(told["relative_error"].values()) < 1e-4


@pytest.mark.parametrize("name", ["separator", "encoder"])
def test_graphs_have_the_agreed_versions_and_name_no_machine(out: Path, name: str) -> None:
    model = onnx.load(out / f"{name}.onnx")
    assert model.ir_version == 10
    assert [(o.domain, o.version) for o in model.opset_import if not o.domain] == [("", 18)]
    assert b"site-packages" not in (out / f"{name}.onnx").read_bytes()


def test_separator_streams_as_agreed(out: Path) -> None:
    session = ort.InferenceSession(out / "separator.onnx", providers=["CPUExecutionProvider"])
    state = np.zeros((1, json.loads((out / "sound.json").read_text())["state_size"]), np.float32)
    audio = (np.random.default_rng(0).standard_normal((1, 128 * 60)) * 0.1).astype(np.float32)
    (whole,) = session.run(["sources"], {"audio": audio, "state": state})
    parts, at = [], 0
    for n in (128, 3200, 128 * 34):
        feeds = {"audio": audio[:, at : at + n], "state": state}
        sources, state = session.run(["sources", "next_state"], feeds)
        assert sources.shape == (1, 4, n)
        parts.append(sources)
        at += n
    assert np.allclose(np.concatenate(parts, 2), whole, atol=1e-5)
    assert np.allclose(whole.sum(1)[:, 384:], audio[:, :-384], atol=1e-4)


def test_encoder_takes_any_batch_and_length(out: Path) -> None:
    session = ort.InferenceSession(out / "encoder.onnx", providers=["CPUExecutionProvider"])
    for shape in ((1, 64000), (5, 64000), (3, 20011)):
        audio = np.random.default_rng(0).standard_normal(shape).astype(np.float32) * 0.1
        embedding, presence = session.run(["embedding", "presence"], {"audio": audio})
        assert embedding.shape == (shape[0], 128)
        assert np.allclose(np.linalg.norm(embedding, axis=1), 1, atol=1e-3)
        assert presence.shape == (shape[0], 49)
        assert 0 <= presence.min() <= presence.max() <= 1


def test_without_checkpoints_it_says_what_to_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        sound.main(["-o", str(tmp_path)])
    assert "--random" in capsys.readouterr().err
