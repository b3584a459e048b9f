"""A thread that stands behind leaves the priority of all others as it is."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from engine.system.priority import BEHIND, stand_behind


@pytest.mark.skipif(sys.platform != "linux", reason="only there a thread has a priority of its own")
def test_one_thread_alone_stands_behind() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    found: list[int] = []

    def work() -> None:
        stand_behind()
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [min(before + BEHIND, 19)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
    stand_behind()  # not the first thread, whose priority is that of the whole process
    assert os.getpriority(os.PRIO_PROCESS, 0) == before
