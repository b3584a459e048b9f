"""A running show on tiny real models, and a desk with hands at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.bundle.load import load_bundle
from live.control.desk import Desk, Outcome
from live.settings.model import Settings
from live.show.session import Session
from tests.until import until


@contextmanager
def running(bundle: Path) -> Iterator[Session]:
    """Yield a show of the demo, without a window, that has painted; its sources stay in place."""
    settings = Settings(
        input="demo", headless=True, bundle=str(bundle), runtime="onnxruntime", steps=1,
        target_ms=5000.0, motion=0.0,
    )  # fmt: skip
    session = Session(settings, load_bundle(str(bundle)))
    session.start()
    try:
        until(lambda: session.view().pictures is not None and session.places)
        yield session
    finally:
        session.stop()


@contextmanager
def desk_of(session: object) -> Iterator[tuple[Desk, list[Outcome]]]:
    """Yield a desk at a show and all that it tells."""
    desk = Desk(session)  # type: ignore[arg-type]
    told: list[Outcome] = []
    desk.listen(told.append)
    try:
        yield desk, told
    finally:
        desk.stop()
