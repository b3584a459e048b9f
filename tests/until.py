"""Waiting for what happens: tests wait for events, never for as long as something usually takes."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST_S = 240.0
"""Nothing takes so long, however busy the machine is: what has not happened by then never will."""
STOPS_IN_S = 30.0
"""What ends in a second or two on an idle machine, and must not wait for anything longer."""
_LOOK_S = 0.02


def until(what: Callable[[], object], seconds: float = LONGEST_S) -> None:
    """Wait until `what()` is true. Raises AssertionError when it has not come by then."""
    deadline_s = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline_s, f"it has not happened in {seconds:g} s"
        time.sleep(_LOOK_S)
