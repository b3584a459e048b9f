"""Both runtimes on the same real models: what they tell, what they give, what they refuse."""

import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.runtimes.model import Array, Model, ModelError
from engine.runtimes.open import installed_runtimes, load_model

INSTALLED = installed_runtimes()
needs_openvino = pytest.mark.skipif("openvino" not in INSTALLED, reason="openvino not installed")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def generator_inputs(rows: int, latent: tuple[int, int] = (18, 32)) -> dict[str, Array]:
    rng = np.random.default_rng(rows)
    return {
        "tokens": rng.standard_normal((rows, 4, 128), dtype=np.float32) / 11,
        "weights": rng.random((rows, 4), dtype=np.float32),
        "places": rng.uniform(0.2, 0.8, (rows, 4, 4)).astype(np.float32),
        "looks": np.eye(8, dtype=np.float32)[rng.integers(8, size=(rows, 4))],
        "atmosphere": rng.dirichlet(np.ones(14), rows).astype(np.float32),
        "noise": rng.standard_normal((rows, 16, *latent), dtype=np.float32),
    }


def sound(rows: int, samples: int) -> Array:
    return 0.1 * np.random.default_rng(rows).standard_normal((rows, samples), dtype=np.float32)


@pytest.mark.parametrize("runtime", INSTALLED)
def test_a_model_tells_what_it_takes_and_gives(small_bundle: Path, runtime: str):
    model = load_model(small_bundle / "generator-2.onnx", runtime)
    assert isinstance(model, Model)
    assert model.runtime == runtime
    assert model.input_names == ("tokens", "weights", "places", "looks", "atmosphere", "noise")
    assert model.inputs["tokens"].dtype == "float32"
    assert model.inputs["tokens"].shape[1:] == (4, 128)
    assert isinstance(model.inputs["tokens"].shape[0], str)
    assert model.outputs["picture"].dtype == "uint8"
    assert model.outputs["picture"].shape[-1] == 3
    model.close()


@pytest.mark.parametrize("runtime", INSTALLED)
def test_names_are_the_file_s_where_an_operation_is_folded_away(tmp_path: Path, runtime: str):
    """OpenVINO gives an input that is only multiplied by one the product's name as well."""
    floats = onnx.TensorProto.FLOAT
    nodes = [
        onnx.helper.make_node("Mul", ["weights", "one"], ["a_product"]),
        onnx.helper.make_node("Relu", ["a_product"], ["picture"]),
    ]
    graph = onnx.helper.make_graph(
        nodes, "folded",
        [onnx.helper.make_tensor_value_info("weights", floats, [1, 4])],
        [onnx.helper.make_tensor_value_info("picture", floats, [1, 4])],
        [onnx.numpy_helper.from_array(np.ones(1, np.float32), "one")],
    )  # fmt: skip
    opsets = [onnx.helper.make_opsetid("", 18)]
    made, path = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=10), tmp_path / "m"
    onnx.save(made, path)
    model = load_model(path, runtime)
    assert (tuple(model.inputs), tuple(model.outputs)) == (("weights",), ("picture",))
    given = np.array([[-1, 0, 1, 2]], np.float32)
    np.testing.assert_array_equal(model.run({"weights": given})["picture"], given.clip(0))
    model.close()


@pytest.mark.parametrize("runtime", INSTALLED)
def test_shapes_are_free_and_results_are_ones_own(small_bundle: Path, runtime: str):
    model = load_model(small_bundle / "generator-1.onnx", runtime, 1)
    first = model.run(generator_inputs(1))["picture"]
    kept = first.copy()
    for rows, latent in ((5, (18, 32)), (2, (16, 16)), (5, (16, 16)), (1, (18, 32))):
        picture = model.run(generator_inputs(rows, latent))["picture"]
        assert picture.shape == (rows, latent[0] * 16, latent[1] * 16, 3)
    np.testing.assert_array_equal(first, kept)
    first[:] = 0
    np.testing.assert_array_equal(model.run(generator_inputs(1))["picture"], kept)
    model.close()


@pytest.mark.parametrize("runtime", INSTALLED)
def test_rows_do_not_touch_each_other(small_bundle: Path, runtime: str):
    model = load_model(small_bundle / "generator-2.onnx", runtime)
    inputs = generator_inputs(5)
    together = model.run(inputs)["picture"].astype(int)
    alone = model.run({name: array[3:4] for name, array in inputs.items()})["picture"].astype(int)
    assert np.abs(together[3] - alone[0]).max() <= 2
    model.close()


@pytest.mark.parametrize("runtime", INSTALLED)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda i: i.pop("noise"),
        lambda i: i.update(weights=i["weights"][:, :3]),
        lambda i: i.update(weights=i["weights"].astype(np.float64)),
        lambda i: i.update(tokens=i["tokens"][0]),
    ],
)
def test_wrong_inputs_are_refused_in_one_line(small_bundle: Path, runtime: str, spoil):
    model = load_model(small_bundle / "generator-1.onnx", runtime)
    inputs = generator_inputs(2)
    spoil(inputs)
    with pytest.raises(ModelError, match=r"generator-1\.onnx") as fault:
        model.run(inputs)
    assert "\n" not in str(fault.value)
    assert model.run(generator_inputs(2))["picture"].shape[0] == 2
    model.close()


@pytest.mark.parametrize("runtime", INSTALLED)
def test_no_model_is_refused_in_one_line(tmp_path: Path, runtime: str):
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"\x08\x07 this is no model")
    with pytest.raises(ModelError) as fault:
        load_model(path, runtime)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("runtime", INSTALLED)
def test_models_run_beside_each_other(small_bundle: Path, runtime: str):
    generator = load_model(small_bundle / "generator-2.onnx", runtime)
    encoder = load_model(small_bundle / "encoder.onnx", runtime)
    jobs: list[tuple[Model, Mapping[str, Array], str]] = [
        (generator, generator_inputs(3), "picture"),
        (encoder, {"audio": sound(3, 16000)}, "embedding"),
    ]
    right = [model.run(inputs)[name] for model, inputs, name in jobs]
    wrong: list[int] = []

    def work(job: int) -> None:
        model, inputs, name = jobs[job]
        for _ in range(30):
            if not np.array_equal(model.run(inputs)[name], right[job]):
                wrong.append(job)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@needs_openvino
def test_the_runtimes_agree_on_hearing(small_bundle: Path):
    found: dict[str, list[Array]] = {}
    for runtime in INSTALLED:
        encoder = load_model(small_bundle / "encoder.onnx", runtime, exact=True)
        separator = load_model(small_bundle / "separator.onnx", runtime, exact=True)
        state = np.zeros((1, 768), np.float32)
        results = [encoder.run({"audio": sound(5, 64000)})["embedding"]]
        for hop in range(4):
            given = {"audio": sound(1, 3200) * (hop + 1), "state": state}
            out = separator.run(given)
            state = out["next_state"]
            results.append(out["sources"])
        found[runtime] = results
    for a, b in zip(found["onnxruntime"], found["openvino"], strict=True):
        assert np.linalg.norm(a - b) < 1e-4 * np.linalg.norm(a)


@needs_openvino
@pytest.mark.parametrize("steps", [1, 2])
def test_the_runtimes_agree_on_pictures(small_bundle: Path, steps: int):
    path = small_bundle / f"generator-{steps}.onnx"
    inputs = generator_inputs(5)
    right = load_model(path, "onnxruntime").run(inputs)["picture"].astype(float)
    exact = load_model(path, "openvino", exact=True).run(inputs)["picture"].astype(float)
    assert np.abs(exact - right).max() <= 1
    # Where the chip prefers bfloat16, two or three of 255 levels are what it costs.
    fast = load_model(path, "openvino").run(inputs)["picture"].astype(float)
    assert np.abs(fast - right).mean() < 2


@needs_openvino
def test_a_signal_is_handled_after_models_were_closed(small_bundle: Path):
    """In a process of its own: it was a segmentation fault."""
    told = subprocess.run(
        [sys.executable, "-c", SIGNALLED, str(small_bundle / "encoder.onnx")],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (told.returncode, told.stdout) == (0, "handled\n"), told.stderr


SIGNALLED = """
import gc, os, signal, sys
from pathlib import Path
from engine.runtimes.open import load_model

first, second = (load_model(Path(sys.argv[1]), "openvino") for _ in range(2))
for model in first, second:
    model.close()
del first, second, model
gc.collect()
signal.signal(signal.SIGTERM, lambda *_: print("handled"))
os.kill(os.getpid(), signal.SIGTERM)
"""


@needs_openvino
def test_a_damaged_compiled_model_is_compiled_again(small_bundle: Path, tmp_path: Path):
    path = small_bundle / "generator-1.onnx"
    inputs = generator_inputs(2)
    right = load_model(path, "openvino").run(inputs)["picture"]
    (kept,) = (tmp_path / "cache").rglob("*.engine")
    good = kept.read_bytes()
    rng = np.random.default_rng(0)
    for place in [0, 40, len(good) - 1, *rng.integers(0, len(good), 5)]:
        bad = bytearray(good)
        bad[place] ^= 0xFF
        kept.write_bytes(bad)
        np.testing.assert_array_equal(load_model(path, "openvino").run(inputs)["picture"], right)
        assert kept.read_bytes() != bytes(bad)
    kept.write_bytes(good[: len(good) // 2])
    np.testing.assert_array_equal(load_model(path, "openvino").run(inputs)["picture"], right)
    assert len(list((tmp_path / "cache").rglob("*.engine"))) == 1


@needs_openvino
def test_a_cache_that_cannot_be_written_stops_nothing(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    model = load_model(small_bundle / "generator-1.onnx", "openvino")
    assert model.run(generator_inputs(1))["picture"].shape[0] == 1
