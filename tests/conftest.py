"""Fixtures for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Tests run side by side, beside whatever else the machine does: pools of threads that wait for one
# another's share of the work take many times as long then. Read when NumPy and torch are loaded.
for _pool in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_pool, "1")

# An example takes as long as a busy machine needs for it.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def whole_arithmetic(request: pytest.FixtureRequest) -> Iterator[None]:
    """The smallest numbers are themselves again where a training in this process made them zero.

    It does so once for all trainings of a process, so they find it as they left it.
    """
    flushed = sys.float_info.min / 2 == 0.0
    if not flushed or "torch" not in sys.modules or "training" in request.path.parts:
        yield
        return
    torch = sys.modules["torch"]
    torch.set_flush_denormal(False)
    yield
    torch.set_flush_denormal(True)


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a real, verified bundle with tiny models in it; see tests/tiny_models.py.

    It is shared by the whole session: copy it before changing anything in it.
    """
    pytest.importorskip("onnx")
    from export.bundle.write import write_bundle
    from tests import tiny_models

    exported = tmp_path_factory.mktemp("exported")
    tiny_models.write(exported)
    return write_bundle(exported, tmp_path_factory.mktemp("bundles") / "tiny", tiny_models.facts())
