"""A real bundle that detects and extracts, with its models open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.bundle.load import Bundle, BundleModels, load_bundle


@pytest.fixture(scope="session")
def detecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bundle, BundleModels]]:
    """The tiny bundle of `tests.tiny_detection` and its models."""
    pytest.importorskip("onnx")
    from export.bundle.write import write_bundle
    from tests import tiny_detection, tiny_models

    exported = tmp_path_factory.mktemp("exported")
    tiny_detection.write(exported)
    folder: Path = tmp_path_factory.mktemp("bundles") / "tiny"
    bundle = load_bundle(write_bundle(exported, folder, tiny_models.facts()))
    models = bundle.models("onnxruntime", threads=1)
    yield bundle, models
    models.close()
