"""A real bundle that detects and extracts, with its models open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.bundle.load import Bundle, BundleModels, load_bundle


@pytest.fixture(scope="session")
def detecting(detecting_bundle: Path) -> Iterator[tuple[Bundle, BundleModels]]:
    """The tiny bundle of `tests.tiny_detection` and its models."""
    bundle = load_bundle(detecting_bundle)
    models = bundle.models("onnxruntime", threads=1)
    yield bundle, models
    models.close()
