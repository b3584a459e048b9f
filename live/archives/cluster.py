"""Hears recordings on the machines of a Ray cluster: a task each, of one core."""

# Ray is an extra that this program is checked without.
# pyright: reportMissingImports=false

from __future__ import annotations

import logging
import os
import platform
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from live.archives.ear import How
from live.archives.lines import Recording, error_line
from live.archives.processes import Heard, try_to_hear
from live.errors import UserError

_AHEAD = 2
"""Tasks that are under way or wait, for each core there is."""
_PATIENCE_S = 5.0
_TRIES = 2
"""Again after the end of a process, or of a machine."""


def hear_on_cluster(
    recordings: Iterator[Recording], folder: bytes, how: How, address: str
) -> Iterator[Heard]:
    """Yield each recording with its line, as they are done.

    Args:
        recordings: they are taken as cores are free.
        folder: that their names begin in, seen under this name by every machine.
        how: to hear.
        address: of the cluster, as Ray takes it: HOST:PORT, ray://HOST:PORT or auto.

    Raises:
        UserError: no cluster answers there, or a machine of it lacks the folder, the bundle or the
            program.
        ModuleNotFoundError: Ray is not installed.
    """
    import ray

    with _joined(address):
        task = ray.remote(num_cpus=1, max_retries=_TRIES)(hear_there)
        shared: Any = ray.put(how)
        waiting: dict[Any, Recording] = {}
        while True:
            cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
            while len(waiting) < _AHEAD * cores and (found := next(recordings, None)) is not None:
                waiting[task.remote(folder, found, shared)] = found
            if not waiting:
                return
            done, _ = ray.wait(list(waiting), num_returns=1)
            for each in done:
                yield _heard(each, waiting.pop(each), folder, how)


def hear_there(
    folder: bytes, recording: Recording, how: How
) -> tuple[bytes | None, str | None, str]:
    """What `try_to_hear` returns on a machine, and that machine's name."""
    return *try_to_hear(folder, recording, how), platform.node()


def _heard(task: Any, recording: Recording, folder: bytes, how: How) -> Heard:
    import ray
    from ray.exceptions import OutOfMemoryError, RayTaskError, WorkerCrashedError

    try:
        line, fault, machine = ray.get(task)
    except WorkerCrashedError:
        why = "reading it ends the process"
        return recording, error_line(recording, how.by, why)
    except OutOfMemoryError as error:
        line = "a machine of the cluster has too little memory for as many cores as it gives."
        raise UserError(line) from error
    except RayTaskError as error:
        if isinstance(error.cause, ImportError):
            raise UserError(
                f"a machine of the cluster has another soundglass, or none ({error.cause}): "
                "install this one there."
            ) from error
        raise
    if fault is not None:
        raise UserError(f"on {machine}: {fault}")
    if line is None and os.path.lexists(os.path.join(folder, recording.name)):
        raise UserError(
            f"the machine {machine} does not see {os.fsdecode(folder)}: mount it there by the same "
            "name."
        )
    return recording, line


@contextmanager
def _joined(address: str) -> Iterator[None]:
    """Be part of the cluster for a while."""
    import ray

    handler = signal.getsignal(signal.SIGTERM)
    try:
        _knock(address)
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"no Ray cluster answers at {address} ({reason}): check --ray.") from error
    finally:
        signal.signal(signal.SIGTERM, handler)  # Ray takes it for itself
    # It prints what becomes of its processes into what other programs read.
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        try:
            yield
        finally:
            ray.shutdown()


def _knock(address: str) -> None:
    """Find out in seconds that nobody is there; Ray takes minutes. Raises OSError."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_S).close()
