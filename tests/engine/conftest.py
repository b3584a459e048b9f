"""Fixtures for the engine's tests: a real bundle with its models open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.bundle.load import Bundle, BundleModels, load_bundle


@pytest.fixture(scope="session")
def opened(small_bundle: Path) -> Iterator[tuple[Bundle, BundleModels]]:
    """The tiny bundle and its models, opened once for the session by ONNX Runtime."""
    bundle = load_bundle(small_bundle)
    models = bundle.models("onnxruntime", threads=1)
    yield bundle, models
    models.close()
