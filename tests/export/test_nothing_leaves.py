"""An export opens no socket and writes nothing beside the bundle that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

from tests.export.bundle.test_bundle import SPEC, home  # noqa: F401
from tests.watched import Seen, strace_fault, under_strace


def watched(arguments: list[str], folder: Path) -> Seen:
    """Run it under strace; what it reached for is nothing."""
    fault = strace_fault()
    if fault:
        pytest.skip(fault)
    seen = under_strace(arguments, folder)
    assert seen.network == []
    assert seen.files == []
    return seen


@pytest.mark.timeout(600)
def test_an_export_that_is_refused_reaches_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SPEC)
    seen = watched(["export", "small.toml", "-o", "small"], tmp_path)
    assert seen.code == 2, seen.said


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_export_reaches_for_nothing(home: Path, tmp_path: Path) -> None:  # noqa: F811
    seen = watched(["export", str(home / "small.toml"), "-o", "small"], tmp_path)
    assert seen.code == 0, seen.said
