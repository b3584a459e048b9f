"""How much of the processor a thread gets where there is not enough for all."""

from __future__ import annotations

import os
import threading
from contextlib import suppress

BEHIND = 10
"""Steps of niceness: about a tenth of what another gets that wants the same core."""


def stand_behind() -> None:
    """Let this thread have the processor only when those of usual priority leave room for it.

    Does nothing where threads have no priority of their own, as on macOS.
    """
    thread = threading.get_native_id()
    with suppress(OSError, AttributeError):
        if thread != os.getpid() and os.path.exists(f"/proc/self/task/{thread}"):
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, 0) + BEHIND)
