"""How much memory and processor a process and all that it started take (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

MB = 2**20


def process_tree(pid: int) -> list[int]:
    """Return a process and everything it started, directly or not."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text("utf-8", "replace").rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue  # it has just ended
        parents[int(entry.name)] = int(fields[1])
    tree = [pid]
    for member in tree:
        tree += [child for child, parent in parents.items() if parent == member]
    return tree


def resident_mb(pid: int) -> float:
    """Return the resident memory of the whole tree in MB.

    Pages that several of its processes share are counted in each: it is an upper bound.
    """
    return sum(_kilobytes(member, "VmRSS:") for member in process_tree(pid)) * 1024 / MB


def processor_s(pid: int) -> float:
    """Return the processor time that one process has taken so far, in seconds; 0 once it is gone.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return 0.0
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _kilobytes(pid: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
