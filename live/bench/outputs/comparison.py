"""What outputs cost the show: how old the sound of its pictures is with three and with none.

In one run, in turn, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from live.bench.child import run_child
from live.bench.measure import Measure, percentile
from live.settings.model import Settings

TURNS = 6
"""Turns with outputs, each after one without."""
SETTLE_S = 4.0
"""The beginning of a turn does not count: processes start there."""
ACCEPT_S = "1"
"""A receiver looks so often whether it is still wanted."""


def output_measures(settings: Settings, seconds: float) -> tuple[list[Measure], dict[str, Any]]:
    """Run the show on the demo soundscape; return the measures and everything that was noted.

    The outputs are a recording and two RTMP streams, which receivers on this machine take.
    seconds: with outputs, and as many without; what it takes to start them comes on top.

    Raises:
        UserError: the show cannot run.
    """
    turn_s = SETTLE_S + seconds / TURNS
    with ExitStack() as receivers:
        ports = [receivers.enter_context(_receiver()) for _ in range(2)]
        noted, _ = run_child(
            "live.bench.outputs.process",
            settings,
            2 * TURNS * turn_s,
            os.environ,
            {
                "outs": [f"rtmp://127.0.0.1:{port}/live/bench" for port in ports],
                "turns": TURNS,
                "settle_s": SETTLE_S,
            },
        )
    before, after = noted["ages_ms"]
    without, with_them = percentile(before, 0.95), percentile(after, 0.95)
    scenes = " / ".join(f"{rate:.1f}" for rate in noted["scenes_per_s"])
    return [
        Measure(
            "sound-to-picture p95 without outputs", without, "ms",
            note=f"{len(before)} hearings, {noted['runtime']}, demo soundscape",
        ),
        Measure(
            "sound-to-picture p95 with three outputs", with_them, "ms",
            note=f"{len(after)} hearings, a recording and two streams",
        ),
        Measure(
            "three outputs add to sound-to-picture p95", 100 * (with_them / without - 1), "%", 5.0,
            note=f"in the same run; scenes a second without / with: {scenes}",
        ),
        Measure(
            "processor of three outputs", 100 * noted["outputs_processor_s"] / noted["outputs_s"],
            "%",
            note=f"of a core, beside the show's process; "
            f"{noted['composed'] / noted['outputs_s']:.1f} pictures a second of 20",
        ),
    ], noted  # fmt: skip


@contextmanager
def _receiver() -> Iterator[int]:
    """Take RTMP at a free port, time and again; yield the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    over = threading.Event()
    thread = threading.Thread(target=_receive, args=(port, over), name="receiver", daemon=True)
    thread.start()
    yield port
    over.set()
    thread.join()


def _receive(port: int, over: threading.Event) -> None:
    import av
    from av.error import FFmpegError

    while not over.is_set():
        with suppress(FFmpegError, OSError):  # nobody has come, or whoever came has gone
            # A timeout here means listening, for so many seconds.
            address = f"rtmp://127.0.0.1:{port}/live/bench"
            with av.open(address, options={"timeout": ACCEPT_S}) as came:
                for _ in came.demux():
                    pass
