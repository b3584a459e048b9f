"""Tests of the program never read or write a person's own settings."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.until import LONGEST_S


@pytest.fixture(autouse=True)
def no_own_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put the configuration folder somewhere empty, for this process and those it starts."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "config"))


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """As pytest-qt's, but it waits for as long as a busy machine needs, not five seconds."""
    for name in ("waitUntil", "waitExposed"):
        wait = getattr(qtbot, name)
        setattr(qtbot, name, partial(wait, timeout=round(1000 * LONGEST_S)))
    return qtbot
