"""One show for all tests of a module: what they change they set themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from live.show.session import Session
from tests.live.control.show import running


@pytest.fixture(scope="module")
def show(small_bundle: Path) -> Iterator[Session]:
    """A real show that has painted."""
    with running(small_bundle) as session:
        yield session
