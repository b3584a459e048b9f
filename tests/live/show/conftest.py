"""A show that runs, for what only looks at it."""

import pytest

from engine.bundle.load import load_bundle
from live.settings.model import Settings
from live.show.session import Session


@pytest.fixture
def session(small_bundle):
    settings = Settings(input="demo", headless=True, bundle=str(small_bundle))
    session = Session(settings, load_bundle(settings.bundle))
    session.start()
    yield session
    session.stop()
