"""Shards and tiny checkpoints that the tests of the papers' systems share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from accelerate.state import AcceleratorState

from tests.training.papers.world import write_world
from training.loop import trainer


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared data set: eight clips to learn from in two shards, four to validate by."""
    return write_world(tmp_path_factory.mktemp("papers") / "world")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which tiny checkpoints are written as they are asked for."""
    return tmp_path_factory.mktemp("papers") / "tiny"


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    """Let each test choose its own precision: accelerate keeps one for the whole process, and other
    tests of this one have taken theirs."""
    AcceleratorState._reset_state(reset_partial_state=True)
    yield
    AcceleratorState._reset_state(reset_partial_state=True)
    trainer._accelerator.cache_clear()
