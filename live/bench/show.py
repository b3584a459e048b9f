"""The whole show on a real PulseAudio microphone: delay, pictures, losses, memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from live.bench.child import run_child
from live.bench.measure import Measure, percentile
from live.input.private_sound_server import (
    DEVICE,
    private_sound_server,
    private_sound_server_missing,
)
from live.settings.model import Settings


def show_measures(
    settings: Settings, seconds: float, microphone: bool = True
) -> tuple[list[Measure], dict[str, Any]]:
    """Run the show for so many seconds; return the measures and everything that was noted.

    Without `microphone`, or where PulseAudio is not installed, the show hears the demo soundscape
    without one, and the notes say so.

    Raises:
        UserError: the show cannot run.
    """
    with show_input(seconds, microphone) as (name, env, road):
        wanted = replace(settings, input=name, headless=True, wait=False)
        noted, most_mb = run_child("live.bench.show_process", wanted, seconds, env)
    ages = noted["ages_ms"]
    over = f"{len(ages)} hearings in {noted['seconds']:.0f} s, {road}, {noted['runtime']}"
    given_up = ", ".join(f"{what} {share:.0%}" for what, share in noted["given_up"].items())
    return [
        Measure("sound-to-picture p50", percentile(ages, 0.50), "ms", note=over),
        Measure("sound-to-picture p95", percentile(ages, 0.95), "ms", 250.0),
        Measure("sound-to-picture p99", percentile(ages, 0.99), "ms"),
        Measure(
            "scenes painted beside hearing",
            noted["scenes_per_s"],
            "/s",
            8.0,
            "least",
            f"gave up: {given_up}" if given_up else "nothing given up",
        ),
        Measure(
            "samples lost in capture",
            noted["lost_samples"],
            "",
            0.0,
            note=f"of {noted['sound_s']:.0f} s at 48 kHz, {road}",
        ),
        Measure("hearings dropped", noted["dropped"], ""),
        Measure("memory, all processes", most_mb, "MB", 700.0, note="resident, at most"),
    ], noted


@contextmanager
def show_input(seconds: float, microphone: bool) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the input, the environment to run in, and what to call it."""
    if not microphone:
        yield "demo", dict(os.environ), "demo soundscape, no microphone"
        return
    if private_sound_server_missing():
        yield "demo", dict(os.environ), "demo soundscape, no PulseAudio here"
        return
    with (
        tempfile.TemporaryDirectory(prefix="soundglass-") as folder,
        private_sound_server() as server,
    ):
        player = server.play(_soundscape(Path(folder), seconds))
        try:
            yield DEVICE, dict(server.env), "PulseAudio microphone"
        finally:
            player.terminate()
            player.wait(5)


def _soundscape(folder: Path, seconds: float) -> Path:
    import soundfile

    from engine.synthesis.catalogue import demo_soundscape

    path = folder / "soundscape.wav"
    samples, _ = demo_soundscape(48000, seconds + 30.0)
    soundfile.write(path, samples, 48000, subtype="PCM_16")
    return path
