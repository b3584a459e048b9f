import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.bundle.load import load_bundle
from engine.runtimes import choose
from engine.system.cores import processor, usable_cores

needs_openvino = pytest.mark.skipif(
    "openvino" not in choose.installed_runtimes(), reason="openvino not installed"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, where the choice is remembered."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return choose.cache_folder() / "runtimes"


@needs_openvino
def test_the_faster_runtime_is_measured_once(
    small_bundle: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
):
    bundle = load_bundle(small_bundle)
    first = bundle.choice()
    assert first.fresh
    assert set(first.ms_per_s) == {"onnxruntime", "openvino"}
    assert first.ms_per_s[first.runtime] == min(first.ms_per_s.values())
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(choose, "_measure_runtimes", _must_not_be_asked)
    again = bundle.choice()
    assert not again.fresh
    assert again.runtime == first.runtime
    models = bundle.models("auto")
    assert models.runtime == models.encoder.runtime == first.runtime
    models.close()


@needs_openvino
def test_it_is_measured_again_when_something_that_matters_changes(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    asked: list[object] = []

    def measured(trials: object, runtimes: tuple[str, ...], threads: int | None):
        asked.append((trials, threads))
        return {"onnxruntime": 2.0, "openvino": 1.0}

    monkeypatch.setattr(choose, "_measure_runtimes", measured)
    bundle = load_bundle(small_bundle)
    assert bundle.choice(1).runtime == "openvino"
    bundle.choice(1)
    assert len(asked) == 1
    bundle.choice(2 if usable_cores() != 2 else 3)
    assert len(asked) == 2
    monkeypatch.setattr(choose, "processor", lambda: "another chip")
    bundle.choice(1)
    assert len(asked) == 3


@needs_openvino
@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"onnxruntime": "x", "openvino": 1}'])
def test_a_damaged_memory_is_measured_again(
    small_bundle: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes
):
    monkeypatch.setattr(
        choose, "_measure_runtimes", lambda *_: {"onnxruntime": 1.0, "openvino": 2.0}
    )
    bundle = load_bundle(small_bundle)
    bundle.choice()
    (kept,) = cache.iterdir()
    kept.write_bytes(damage)
    found = bundle.choice()
    assert found.fresh
    assert found.runtime == "onnxruntime"
    assert json.loads(kept.read_bytes()) == {"onnxruntime": 1.0, "openvino": 2.0}


@needs_openvino
def test_a_measurement_that_crashes_leaves_the_one_that_is_always_there(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    bundle = load_bundle(small_bundle)
    found = bundle.choice()
    assert found.runtime == "onnxruntime"
    assert found.ms_per_s == {}
    monkeypatch.setattr(choose, "_measure_runtimes", _must_not_be_asked)
    assert not bundle.choice().fresh


def test_one_runtime_needs_no_measuring(small_bundle: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choose, "installed_runtimes", lambda: ("onnxruntime",))
    monkeypatch.setattr(choose, "_measure_runtimes", _must_not_be_asked)
    assert load_bundle(small_bundle).choice().runtime == "onnxruntime"


def test_the_machine_is_known():
    assert 1 <= usable_cores() <= 8
    assert processor()


def test_asking_what_is_installed_imports_nothing():
    code = (
        "import sys; from engine.runtimes.open import installed_runtimes as i; i();"
        "print([m for m in ('onnxruntime', 'openvino', 'torch', 'onnx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _must_not_be_asked(*_: object) -> dict[str, float]:
    raise AssertionError("measured again")
