"""Shards and tiny checkpoints that the tests of the papers' systems share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.papers.world import write_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared data set: eight clips to learn from in two shards, four to validate by."""
    return write_world(tmp_path_factory.mktemp("papers") / "world")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which tiny checkpoints are written as they are asked for."""
    return tmp_path_factory.mktemp("papers") / "tiny"
