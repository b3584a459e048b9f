"""Memory and processor of a process and what it started."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from live.machine.memory import process_tree, processor_s, resident_mb

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@contextmanager
def waiting(program: str) -> Iterator[int]:
    """The process of a program that has said a line and waits for another; ended at the end."""
    child = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()
        yield child.pid
    finally:
        child.kill()
        child.communicate()


def test_a_child_counts_with_its_parent() -> None:
    hold = "x = bytearray(b'1') * (64 << 20); print(1, flush=True); input()"
    with waiting(hold) as pid:
        assert pid in process_tree(os.getpid())
        assert 64 < resident_mb(pid) < 128
        assert resident_mb(os.getpid()) > resident_mb(pid)


def test_a_process_that_is_gone_holds_nothing() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert resident_mb(child.pid) == 0.0
    assert processor_s(child.pid) == 0.0


def test_processor_time_is_that_of_the_process() -> None:
    until_s = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ninput()"
    with waiting(until_s) as pid:
        assert processor_s(pid) == pytest.approx(0.5, abs=0.2)
