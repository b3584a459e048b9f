"""What TensorRT says while it builds: its errors to be told in a line, its progress as a share."""

# The libraries are not on most machines; their names are checked by
# tests/engine/runtimes/tensorrt/test_names.py.
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runtimes.tensorrt.build_share import BuildShare

if TYPE_CHECKING:
    import tensorrt as trt

    from engine.runtimes.compiler import Progress


def make_logger() -> tuple[trt.ILogger, list[str]]:
    """A logger that prints nothing, and the list that it puts the errors into."""
    import tensorrt as trt

    complaints: list[str] = []

    class Listener(trt.ILogger):
        def __init__(self) -> None:
            super().__init__()

        def log(self, severity: Any, msg: str) -> None:
            if severity in (trt.ILogger.ERROR, trt.ILogger.INTERNAL_ERROR):
                complaints.append(msg)

    return Listener(), complaints


def make_monitor(progress: Progress) -> trt.IProgressMonitor:
    """A monitor that tells `progress` the share of the build that is done."""
    import tensorrt as trt

    share = BuildShare()

    class Monitor(trt.IProgressMonitor):
        def __init__(self) -> None:
            super().__init__()

        def phase_start(self, phase_name: str, parent_phase: str | None, num_steps: int) -> None:
            share.start(phase_name, parent_phase, num_steps)

        def step_complete(self, phase_name: str, step: int) -> bool:
            share.step(phase_name, step)
            progress("building", share.done)
            return True  # False would end the build.

        def phase_finish(self, phase_name: str) -> None:
            share.finish(phase_name)

    return Monitor()
