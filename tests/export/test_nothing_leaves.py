"""An export opens no socket and writes nothing beside the bundle that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

from tests.export.test_bundle_export import home  # noqa: F401
from tests.watched import strace_fault, under_strace


@pytest.mark.timeout(600)
def test_an_export_reaches_for_nothing(home: Path, tmp_path: Path) -> None:  # noqa: F811
    fault = strace_fault()
    if fault:
        pytest.skip(fault)
    seen = under_strace(["export", str(home / "small.toml"), "-o", "small"], tmp_path)
    assert seen.code == 0, seen.said
    assert seen.network == []
    assert seen.files == []
