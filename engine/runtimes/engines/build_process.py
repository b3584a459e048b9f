"""The process that builds (`engine.runtimes.engines.build`), as those see it who wait for it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.runtimes.engines.build import Job, job_as_json
from engine.runtimes.model import ModelError

_ENDS_IN_S = 0.7
"""A compiler does not listen while it compiles; nothing is being written then."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is."""

    doing: str
    """In a few words."""
    share: float
    """Of everything, in [0, 1]."""


class BuildProcess:
    """A job that is being done elsewhere."""

    def __init__(self, job: Job) -> None:
        """Begin."""
        home = os.fspath(Path(__file__).parents[3])
        paths = [home, os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "engine.runtimes.engines.build"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            # Ctrl-C is for the show, which then ends this one in order.
            start_new_session=True,
        )
        self.runtime = ""
        """The one that is ready; known once `steps` has ended."""
        assert self._process.stdin is not None
        # Where it has ended already, `steps` tells with which code.
        with contextlib.suppress(BrokenPipeError), self._process.stdin as given:
            given.write(job_as_json(job))

    def steps(self) -> Iterator[Step]:
        """How far it is, until it is done. Raises ModelError, in one line, when it fails."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                told = json.loads(line)
            except ValueError:
                continue  # A library's own words.
            if "failed" in told:
                raise ModelError(told["failed"])
            if "runtime" in told:
                self.runtime = told["runtime"]
            else:
                yield Step(told["doing"], told["share"])
        code = self._process.wait()
        if not self.runtime:
            raise ModelError(f"the building process ended with code {code}")

    def stop(self) -> None:
        """End it, with everything it started; nothing half-written is left."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_ENDS_IN_S)
            except subprocess.TimeoutExpired:
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, signal.SIGKILL)  # and what it measures with
                else:
                    self._process.kill()
                self._process.wait()
