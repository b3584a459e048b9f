"""Fixtures for every test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a real, verified bundle with tiny models in it; see tests/tiny_models.py.

    It is shared by the whole session: copy it before changing anything in it.
    """
    pytest.importorskip("onnx")
    from export.write_bundle import write_bundle
    from tests import tiny_models

    exported = tmp_path_factory.mktemp("exported")
    tiny_models.write(exported)
    return write_bundle(exported, tmp_path_factory.mktemp("bundles") / "tiny", tiny_models.facts())
