"""The models and threads of a show: what fails while they are made leaves nothing open."""

from pathlib import Path

import pytest

from engine.bundle.load import BundleModels, load_bundle
from live.errors import UserError
from live.input.shared_ring import SharedRing
from live.settings.model import Settings
from live.show.governing import make_governor
from live.show.pipeline import Pipeline


def make_pipeline(bundle: Path, ring: SharedRing) -> Pipeline:
    settings = Settings(headless=True, bundle=str(bundle), runtime="onnxruntime")
    opened = load_bundle(settings.bundle)

    def ignore(*_: object) -> None: ...

    governor = make_governor(opened, settings)
    return Pipeline(opened, settings, governor, ring.ring, ignore, ignore, ignore)


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[BundleModels]:
    """The models that were closed."""
    found: list[BundleModels] = []
    close = BundleModels.close

    def noting(self: BundleModels) -> None:
        found.append(self)
        close(self)

    monkeypatch.setattr(BundleModels, "close", noting)
    return found


def test_the_models_are_closed_when_the_threads_cannot_be_made(
    small_bundle: Path, closed: list[BundleModels], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise UserError("it cannot hear so.")

    monkeypatch.setattr("live.show.pipeline.open_hearer", fails)
    ring = SharedRing.create()
    with pytest.raises(UserError, match="cannot hear"):
        make_pipeline(small_bundle, ring)
    assert len(closed) == 1
    ring.close()


def test_it_can_be_closed_before_it_was_started_and_then_says_nothing(
    small_bundle: Path, closed: list[BundleModels]
) -> None:
    ring = SharedRing.create()
    pipeline = make_pipeline(small_bundle, ring)
    assert pipeline.runtime == "onnxruntime"
    pipeline.stop()
    pipeline.close()
    pipeline.close()
    assert len(closed) == 1
    assert (pipeline.models, pipeline.runtime, pipeline.building) == (None, "", "")
    ring.close()
