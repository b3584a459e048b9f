"""The cache of compiled engines: nothing stale, nothing truncated, nothing built twice."""

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.bundle.load import load_bundle
from engine.bundle.spans import spans_of
from engine.runtimes import openvino
from engine.runtimes.cache import engine_folder
from engine.runtimes.engines import provide as engines
from engine.runtimes.engines.build import Job, job_as_json, job_from_json, run_job
from engine.runtimes.engines.build_process import BuildProcess
from engine.runtimes.engines.file import (
    DamagedEngine,
    engine_path,
    read_engine,
    read_header,
    write_engine,
)
from engine.runtimes.engines.lock import engine_lock
from engine.runtimes.engines.shelf import USABLE, list_engines, prune
from engine.runtimes.engines.trial import distance, try_engine
from engine.runtimes.model import ModelError, RuntimeMissing
from engine.runtimes.names import RUNTIMES
from engine.runtimes.open import check_runtime, installed_runtimes, load_model
from engine.runtimes.spec import EngineSpec, onnx_digest
from engine.runtimes.tensorrt import engine as tensorrt_engine
from engine.runtimes.trial_inputs import trial_inputs
from tests.until import LONGEST_S

pytestmark = pytest.mark.skipif(
    "openvino" not in installed_runtimes(), reason="openvino not installed"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return engine_folder()


@pytest.fixture
def spec(small_bundle: Path) -> EngineSpec:
    """The tiny encoder: the quickest to compile."""
    bundle = load_bundle(small_bundle)
    return bundle.engine(bundle.manifest.file("encoder"), "openvino", 1)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is really compiled in this process, by name."""
    done: list[str] = []
    real = openvino.build

    def build(spec: EngineSpec, progress):
        done.append(spec.name)
        return real(spec, progress)

    monkeypatch.setattr(openvino, "build", build)
    return done


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.engine"))


def test_an_engine_is_built_once_tried_and_marked(spec: EngineSpec, cache: Path, builds):
    assert not engines.is_ready(spec)
    engines.open_engine(spec).close()
    assert engines.is_ready(spec)
    (path,) = kept(cache)
    assert read_header(path)["about"]["tried"] < 1e-4
    model = engines.open_engine(spec)
    assert builds == [spec.name]
    assert try_engine(spec, model) == read_header(path)["about"]["tried"]


@pytest.mark.parametrize("what", ["driver", "version", "device", "threads", "exact", "weights"])
def test_nothing_stale_is_found_after_a_change(
    spec: EngineSpec, small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
):
    def place(spec: EngineSpec) -> Path:
        return engines.engine_cache_path(spec)

    before = place(spec)
    real = openvino.matters
    if what in ("driver", "version", "device"):
        monkeypatch.setattr(openvino, "matters", lambda s: {**real(s), what: "another"})
        assert place(spec) != before
    elif what == "weights":
        beside = tmp_path / "model"
        beside.mkdir()
        (beside / "m.onnx").write_bytes(b"...\x0ablob.bin...")
        (beside / "blob.bin").write_bytes(b"weights")
        (beside / "other.bin").write_bytes(b"not of this model")
        one = onnx_digest(beside / "m.onnx")
        (beside / "other.bin").write_bytes(b"something else")
        assert onnx_digest(beside / "m.onnx") == one
        (beside / "blob.bin").write_bytes(b"weighty")
        assert onnx_digest(beside / "m.onnx") != one
        # The same path, another model: a key made of names would find the old engine.
        copy = tmp_path / spec.path.name
        copy.write_bytes(spec.path.read_bytes())
        same = place(replace(spec, path=copy))
        assert same.name == before.name
        copy.write_bytes((small_bundle / "separator.onnx").read_bytes())
        assert place(replace(spec, path=copy)) != same
    else:
        other = replace(spec, threads=2) if what == "threads" else replace(spec, exact=False)
        assert place(other) != before


def test_tensorrt_engines_of_other_shapes_are_other_engines(small_bundle: Path):
    bundle = load_bundle(small_bundle)
    spec = bundle.engine(bundle.manifest.file("generator", 1), "tensorrt")

    def place(spec: EngineSpec) -> str:
        known = {"version": "11.4", "spans": tensorrt_engine.spans_matter(spec)}
        return engine_path(Path("x"), "g", spec.matters(known)).name

    larger = replace(bundle.manifest.pictures, scene=(288, 512))
    resized = spans_of(replace(bundle.manifest, pictures=larger), bundle.manifest.file("generator"))
    more = spans_of(replace(bundle.manifest, sources=6), bundle.manifest.file("generator"))
    assert len({place(spec), *(place(replace(spec, spans=s)) for s in (resized, more))}) == 3
    assert place(spec) == place(replace(spec))


def test_no_number_of_panels_and_no_size_needs_another_engine(small_bundle: Path):
    """Steps are files of their own, all of them built; all else lies within the spans."""
    manifest = load_bundle(small_bundle).manifest
    for steps in manifest.pictures.steps:
        spans = spans_of(manifest, manifest.file("generator", steps))
        panel = manifest.pictures.latent(manifest.pictures.panel)
        scene = manifest.pictures.latent(manifest.pictures.scene)
        half = (scene[0] // 2, scene[1] // 2)
        for rows in range(1, 2 + manifest.sources):
            for size in (panel, scene, half, (scene[0] - 1, scene[1] - 2)):
                usual = spans[0].usual
                asked = {name: (rows, *shape[1:]) for name, shape in usual.items()}
                asked["noise"] = (rows, usual["noise"][1], *size)
                assert any(span.covers(asked) for span in spans), (rows, size)
        for aspect in np.geomspace(0.2, 6.0, 40):
            for size in (1.0, 0.5):
                shaped = manifest.pictures.reshape(float(aspect), size)
                one = {name: (1, *shape[1:]) for name, shape in usual.items()}
                one["noise"] = (1, usual["noise"][1], *shaped.latent(shaped.scene))
                assert any(span.covers(one) for span in spans), (aspect, size)
        asked["noise"] = (rows, usual["noise"][1], 3 * scene[0], scene[1])
        assert not any(span.covers(asked) for span in spans)
    encoder = spans_of(manifest, manifest.file("encoder"))
    for seconds in (1.0, 3.3, 10.0):
        samples = round(seconds * manifest.sample_rate_hz)
        shapes = {"audio": (1 + manifest.sources, samples), "mixture": (1, samples)}
        asked = {name: shapes[name] for name in manifest.file("encoder").inputs}
        assert any(span.covers(asked) for span in encoder)


def test_one_engine_serves_every_number_of_panels_and_size(small_bundle: Path, builds):
    bundle = load_bundle(small_bundle)
    spec = bundle.engine(bundle.manifest.file("generator", 1), "openvino", 1)
    model = engines.open_engine(spec)
    for rows, size in ((1, (9, 16)), (4, (7, 7)), (5, (7, 7)), (2, (8, 10))):
        shapes = {name: (rows, *shape[1:]) for name, shape in spec.spans[0].usual.items()}
        shapes["noise"] = (rows, 16, *size)
        assert model.run(trial_inputs(shapes))["picture"].shape == (
            rows, 16 * size[0], 16 * size[1], 3
        )  # fmt: skip
    assert len(builds) == 1


def test_a_truncated_or_foreign_engine_is_never_taken(spec: EngineSpec, cache: Path, builds):
    engines.open_engine(spec).close()
    (path,) = kept(cache)
    good = path.read_bytes()
    for bad in (b"", good[:20], good[:40], good[: len(good) // 2], good[:-1], good + b"x"):
        path.write_bytes(bad)
        with pytest.raises(DamagedEngine):
            read_engine(path)
        count = len(builds)
        engines.open_engine(spec).close()
        assert len(builds) == count + 1
        assert read_engine(path) is not None
    # Whole, but what is inside is not an engine of this runtime's.
    found = read_engine(path)
    assert found is not None
    write_engine(path, replace(found, blob=b"of another version"))
    engines.open_engine(spec).close()
    assert len(builds) == 8


def test_an_engine_that_computes_something_else_is_not_used(
    spec: EngineSpec, small_bundle: Path, cache: Path, builds
):
    bundle = load_bundle(small_bundle)
    one, two = (
        bundle.engine(bundle.manifest.file("generator", n), "openvino", 1) for n in (1, 2)
    )
    engines.open_engine(two).close()
    other = read_engine(engines.engine_cache_path(two))
    assert other is not None
    # The engine of two steps under the name of one step's, as a bug or an update could leave it.
    mine = engines.engine_cache_path(one)
    write_engine(mine, replace(other, about={**other.about, "tried": None}))
    assert not engines.is_ready(one)
    model = engines.open_engine(one)
    assert builds == [two.name, one.name]
    assert try_engine(one, model) is not None
    model.close()
    with pytest.raises(ModelError, match="off its ONNX"):
        try_engine(one, load_model(two.path, "onnxruntime"))


def test_how_far_apart_two_results_are():
    right = np.random.default_rng(0).normal(size=1000)
    assert distance(right, right) == 0
    assert distance(np.random.default_rng(1).normal(size=1000), right) == pytest.approx(1.4, 0.1)
    assert distance(np.where(right > 3, np.nan, right), right) == float("inf")
    grey = np.full((4, 4, 3), 127, np.uint8)
    assert distance(grey + np.uint8(1), grey) == pytest.approx(1 / 8)


def test_two_processes_build_one_engine_once(spec: EngineSpec, cache: Path):
    job = Job("openvino", {"openvino": (spec,)}, cache)
    assert job_from_json(job_as_json(job)) == job
    processes = [BuildProcess(job) for _ in range(2)]
    said: list[list[str]] = [[], []]

    def read(i: int) -> None:
        said[i] = [step.doing for step in processes[i].steps()]

    readers = [threading.Thread(target=read, args=(i,)) for i in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert [p.runtime for p in processes] == ["openvino", "openvino"]
    assert len(kept(cache)) == 1
    assert sum(any(line.startswith("building") for line in lines) for lines in said) == 1
    assert engines.is_ready(spec)


def test_a_lock_is_waited_for_and_dies_with_its_process(spec: EngineSpec, cache: Path):
    path = engines.engine_cache_path(spec)
    code = (
        "import sys, time; from pathlib import Path\n"
        "from engine.runtimes.engines.lock import engine_lock\n"
        "with engine_lock(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(3600)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, os.fspath(path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    waited: list[bool] = []

    def kill() -> None:
        waited.append(holder.poll() is None)
        holder.kill()

    with engine_lock(path, kill):
        holder.wait(LONGEST_S)
    assert waited == [True]


def test_a_folder_that_cannot_be_written(spec: EngineSpec, cache: Path, builds):
    cache.parent.parent.write_text("no folder")
    engines.open_engine(spec).close()
    engines.open_engine(spec).close()
    assert len(builds) == 2
    with pytest.raises(OSError):  # noqa: PT011 - whichever it is
        run_job(Job("openvino", {"openvino": (spec,)}, cache))


def test_the_shelf_tells_what_is_usable_and_pruning_leaves_only_that(
    spec: EngineSpec, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    model = tmp_path / "encoder.onnx"
    model.write_bytes(spec.path.read_bytes())
    engines.open_engine(spec).close()
    engines.open_engine(replace(spec, path=model, threads=2)).close()
    assert [item.state for item in list_engines(cache)] == [USABLE, USABLE]
    assert prune(cache) == {}
    model.unlink()
    (cache / "openvino-x-0.engine").write_bytes(b"half")
    (cache / ".openvino-y.engine-abc").write_bytes(b"killed while writing")
    states = sorted(item.state for item in list_engines(cache, whole=True))
    assert states == ["damaged: openvino-x-0.engine is damaged", "its model is gone", USABLE]
    assert len(prune(cache)) == 3
    assert [item.state for item in list_engines(cache)] == [USABLE]
    real = openvino.matters
    monkeypatch.setattr(openvino, "matters", lambda s: {**real(s), "version": "2031.1"})
    assert [item.state for item in list_engines(cache)] == ["made for another version"]
    assert len(prune(cache)) == 1
    assert kept(cache) == []


def test_pruning_leaves_what_is_being_built(cache: Path):
    path = cache / "openvino-y-1.engine"
    half = cache / ".openvino-y-1.engine-abc"
    with engine_lock(path):
        half.write_bytes(b"half written")
        assert prune(cache) == {}
        assert half.exists()
        assert path.with_suffix(".lock").exists()
    assert list(prune(cache)) == [half.name]
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("runtime", [r for r in RUNTIMES if r not in ("onnxruntime", "openvino")])
def test_a_device_that_is_not_there_is_one_line_and_never_something_else(
    spec: EngineSpec, runtime: str
):
    try:
        model = load_model(spec.path, runtime)
    except RuntimeMissing as fault:
        line = str(fault)
    else:
        assert model.runtime == runtime, "something else was taken in silence"
        pytest.skip(f"{runtime} is here")
    assert "\n" not in line
    assert "choose auto" in line
    if runtime.startswith("openvino:"):
        assert "only CPU" in line
    if runtime == "tensorrt":
        with pytest.raises(RuntimeMissing):
            check_runtime(runtime)
