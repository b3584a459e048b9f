"""How long a person waits: for the command line, and for the first picture."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from live.bench.measure import Measure, missing_measure, percentile

_IMPORT = """
import time
before = time.perf_counter()
import live.cli
print(time.perf_counter() - before)
"""
_PATIENCE_S = 60.0


def import_time(times: int = 5) -> Measure:
    """Measure `import live.cli` in fresh processes; the median."""
    taken = [
        float(
            subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, check=True).stdout
        )
        for _ in range(times)
    ]
    return Measure("import live.cli", percentile(taken, 0.5), "s", 0.3, note=f"of {times}")


def first_picture(bundle: str, runtime: str, times: int = 3) -> Measure:
    """Measure from the start of `soundglass live --headless` to its first picture; the median."""
    name = "live --headless to first picture"
    taken = []
    for _ in range(times):
        took = _first_picture_once(bundle, runtime)
        if took is None:
            return missing_measure(name, "s", 3.0, "no picture came")
        taken.append(took)
    return Measure(name, percentile(taken, 0.5), "s", 3.0, note=f"of {times}, demo soundscape")


def _first_picture_once(bundle: str, runtime: str) -> float | None:
    with tempfile.TemporaryDirectory(prefix="soundglass-") as folder:
        frames = Path(folder) / "frames"
        arguments = ["live", "--input", "demo", "--headless", "--frames", str(frames)]
        arguments += ["--bundle", bundle, "--runtime", runtime]
        began_s = time.monotonic()
        show = subprocess.Popen(
            [sys.executable, "-m", "live.program", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"XDG_CONFIG_HOME": folder},
        )
        try:
            while time.monotonic() < began_s + _PATIENCE_S and show.poll() is None:
                if frames.is_dir() and any(frames.glob("*.png")):
                    return time.monotonic() - began_s
                time.sleep(0.01)
            return None
        finally:
            show.terminate()
            try:
                show.wait(5)
            except subprocess.TimeoutExpired:
                show.kill()
                show.wait()
