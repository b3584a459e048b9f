"""A show never waits for a build: it starts on what is ready and changes over in mid-show."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.bundle.load import load_bundle
from engine.runtimes.cache import engine_folder
from engine.runtimes.engines.lock import engine_lock
from engine.runtimes.engines.provide import engine_cache_path
from engine.runtimes.open import installed_runtimes
from live.settings.model import Settings
from live.show import engine_swap, headless
from live.show.session import Session
from tests.until import until

pytestmark = pytest.mark.skipif(
    "openvino" not in installed_runtimes(), reason="openvino not installed"
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own: nothing is compiled yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@contextlib.contextmanager
def show(bundle: Path, runtime: str = "openvino", seconds: float = 3600.0) -> Iterator[Session]:
    settings = Settings(
        input="demo", headless=True, bundle=str(bundle), runtime=runtime, duration_s=seconds
    )
    session = Session(settings, load_bundle(bundle))
    session.start()
    try:
        yield session
    finally:
        session.stop()


@contextlib.contextmanager
def held_build(bundle: Path) -> Iterator[Callable[[], None]]:
    """The first generator's engine is not built before the function that this gives is called.

    It seems to the building process as if another one were building it; the engine before it is
    built as ever.
    """
    specs = load_bundle(bundle).engines("openvino")
    (spec,) = (each for each in specs if each.path.name == "generator-1.onnx")
    with contextlib.ExitStack() as lock:
        lock.enter_context(engine_lock(engine_cache_path(spec)))
        yield lock.close


def every_progress(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that a show says of its build, also what stands for a moment only."""
    said: list[str] = []
    monkeypatch.setattr(
        engine_swap.EngineSwap,
        "progress",
        property(lambda _: said[-1], lambda _, line: said.append(line)),
        raising=False,
    )
    return said


def test_pictures_come_before_the_build_is_done_and_go_on_through_the_change(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    said = every_progress(monkeypatch)
    with held_build(small_bundle) as let_go, show(small_bundle) as session:
        until(lambda: any("waiting" in line for line in said))
        status = session.view().status
        assert status.runtime == "onnxruntime"
        assert "generator-1 for openvino" in status.building
        assert "%" in status.building
        painted = session.pictures_painted
        until(lambda: session.pictures_painted > painted + 5)
        assert session.view().status.runtime == "onnxruntime"
        let_go()
        until(lambda: session.view().status.runtime == "openvino")
        before = session.pictures_painted
        until(lambda: session.pictures_painted > before + 5)
        until(lambda: session.view().status.building == "")
        assert session._pipeline.models is not None
        used = {m.runtime for m in session._pipeline.models.generators.values()}
        assert used | {session._pipeline.models.encoder.runtime} == {"openvino"}
        assert session.messages.all[-1].startswith("openvino is ready and paints from now on")
    # All was kept: the next show has it from the start and builds nothing.
    with show(small_bundle) as session:
        assert session.view().status.runtime == "openvino"
        assert session.view().status.building == ""
        assert session.messages.all == []


def test_a_cache_that_cannot_be_written_is_one_line_and_the_show_changes_over_all_the_same(
    small_bundle: Path, cache: Path
):
    cache.write_text("no folder")
    with show(small_bundle) as session:
        assert session.messages.all[0].count("\n") == 0
        assert "cannot be written" in session.messages.all[0]
        own = session._pipeline._engines._own_folder if session._pipeline._engines else None
        assert own is not None
        until(lambda: session.view().status.runtime == "openvino")
    assert not own.exists()


def test_a_build_that_fails_is_one_line_and_the_show_goes_on(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.executable", "/bin/false")
    with show(small_bundle) as session:
        until(lambda: len(session.messages.all) > 1)
        assert session.messages.all[-1] == (
            "the building process ended with code 1; the show goes on with onnxruntime"
        )
        before = session.pictures_painted
        until(lambda: session.pictures_painted > before + 2)


def test_a_show_that_ends_in_mid_build_ends_the_build(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
):
    said = every_progress(monkeypatch)
    # The build goes on for as long as anything waits for it: the show's end does not.
    with held_build(small_bundle):
        with show(small_bundle) as session:
            assert session._pipeline._engines is not None
            assert session._pipeline._engines._process is not None
            process = session._pipeline._engines._process._process
            until(lambda: session.pictures_painted > 0 and any("waiting" in each for each in said))
            assert process.poll() is None
        assert process.poll() is not None
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
    assert all(p.suffix in (".engine", ".lock") for p in engine_folder().glob("[!.]*"))


def test_headless_says_what_is_being_built_and_when_it_is_ready(
    small_bundle: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    ended, said_by = engine_swap.EngineSwap._swap, headless.lines_to_people
    monkeypatch.setattr("live.messages.SHOWN_S", 3600.0)
    with held_build(small_bundle) as let_go, show(small_bundle) as session:

        def swap(self, runtime: str, folder: Path) -> None:
            ended(self, runtime, folder)
            object.__setattr__(session.settings, "duration_s", 0.01)

        @contextlib.contextmanager
        def lines() -> Iterator[Callable[[str], None]]:
            with said_by() as say:

                def said_so(line: str) -> None:
                    say(line)
                    if "generator-1 for openvino" in line:
                        let_go()

                yield said_so

        monkeypatch.setattr(engine_swap.EngineSwap, "_swap", swap)
        monkeypatch.setattr(headless, "lines_to_people", lines)
        assert headless.run_headless(session, session.settings) == 0
    said = capsys.readouterr().err
    assert "openvino is being prepared; onnxruntime paints until then" in said
    assert "generator-1 for openvino" in said


def test_auto_measures_beside_the_show(small_bundle: Path):
    bundle = load_bundle(small_bundle)
    start = bundle.start("auto", engine_folder())
    assert start.runtime == "onnxruntime"
    assert start.job is not None
    assert start.job.runtime == "auto"
    assert [s.path.name for s in start.job.engines["openvino"]] == [
        "encoder.onnx", "generator-1.onnx", "generator-2.onnx", "separator.onnx"
    ]  # fmt: skip
    assert start.job.engines["onnxruntime"] == ()
    assert not engine_folder().exists(), "something was compiled or measured"
