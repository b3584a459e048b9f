"""The show in a browser: how late its pictures are there, and what ten viewers cost the show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from live.bench.child import run_child
from live.bench.chromium import chromium_path
from live.bench.measure import Measure, percentile
from live.bench.show import show_input
from live.errors import UserError
from live.settings.model import Settings

MANY = 10
"""Viewers: one of them is a browser, the others take what it takes and do not draw it."""
RATE = 25.0
"""Pictures a second that each wants."""


def web_measures(settings: Settings, seconds: float) -> tuple[list[Measure], dict[str, Any]]:
    """Run the show for so many seconds each with no viewer, with one and with ten.

    Raises:
        UserError: the show cannot run, or there is no Chromium.
    """
    if chromium_path() is None:
        raise UserError("there is no Chromium here: sudo apt-get install chromium.")
    with show_input(3 * seconds + 60.0, True) as (name, env, road):
        wanted = replace(settings, input=name, headless=True, wait=False)
        noted, _ = run_child(
            "live.bench.web_process", wanted, seconds, env, {"lookers": [0, 1, MANY], "rate": RATE}
        )
    alone, one, many = noted["phases"]
    p95 = percentile(alone["ages_ms"], 0.95)
    more = 100 * (percentile(many["ages_ms"], 0.95) / p95 - 1) if p95 else float("nan")
    return [
        _late(one, "1 viewer", 60.0),
        _late(many, f"{MANY} viewers", None),
        Measure("show's p95 without a viewer", p95, "ms", note=road),
        Measure("show's p95 with 1 viewer", percentile(one["ages_ms"], 0.95), "ms"),
        Measure(f"show's p95 with {MANY} viewers", percentile(many["ages_ms"], 0.95), "ms"),
        Measure(f"{MANY} viewers, show's p95", more, "% more", 5.0),
    ], noted


def _late(phase: dict[str, Any], who: str, target: float | None) -> Measure:
    late_ms = phase["drawn_ms"]
    over = f"{len(late_ms)} drawn, p50 {percentile(late_ms, 0.5):.0f} ms; composing is in it"
    p95 = percentile(late_ms, 0.95)
    return Measure(f"picture to page p95, {who}", p95, "ms", target, note=over)
