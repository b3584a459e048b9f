"""Tests of the program never read or write a person's own settings."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_own_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put the configuration folder somewhere empty, for this process and those it starts."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "config"))
