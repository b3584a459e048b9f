"""What the models cost in one runtime, and what that lets one expect of a show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from live.bench.child import run_child
from live.settings.model import Settings
from live.show.hearing_thread import BLOCK_S
from live.show.painting_thread import MOST_PER_S, OVERLAP_S
from live.tuning.candidates import Candidate, Engine, Sweep

QUICK_ROUNDS, ROUNDS = 3, 6


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a show of a candidate should come to."""

    p95_ms: float
    """Sound-to-picture."""
    scenes_per_s: float


def measure_costs(engine: Engine, sweep: Sweep, settings: Settings, quick: bool) -> dict[str, Any]:
    """Measure the models of an engine in a process of its own; the result is ready for JSON.

    Raises:
        UserError: the runtime cannot run the bundle; the line is its own.
    """
    wanted = replace(
        settings, runtime=engine.runtime, threads=engine.threads, precision=engine.precision,
        panels=sweep.panels,
    )  # fmt: skip
    more = {
        "windows_s": sweep.windows_s,
        "hops_s": sweep.hops_s,
        "steps": sweep.steps,
        "sizes": sweep.sizes,
        "paces": sweep.paces,
        "rounds": QUICK_ROUNDS if quick else ROUNDS,
    }
    found, _ = run_child("live.tuning.costs_process", wanted, 120.0, os.environ, more)
    return found


def estimate(candidate: Candidate, costs: Mapping[str, Any]) -> Estimate:
    """Return what to expect of a candidate, given what `measure_costs` found for its engine.

    Sound waits for its block, is heard and becomes a scene, unless painting had the cores when it
    came. Scenes are painted, panels among them, in what of each hop hearing leaves. Where hearing
    and a scene do not fit into a hop they take turns, and sound waits for a whole turn of both.
    """
    hear_ms = costs["hear_ms"][hearing_key(candidate.window_s, candidate.hop_s)]
    scene_ms, panels_ms = costs["paint_ms"][
        painting_key(candidate.steps, candidate.size, candidate.panels_every)
    ]
    hop_ms = 1000 * candidate.hop_s
    if hear_ms + scene_ms >= hop_ms:
        both_ms = hear_ms + scene_ms
        return Estimate(2 * both_ms, 1000 / both_ms)
    p95_ms = 1000 * (BLOCK_S + OVERLAP_S) + hear_ms + scene_ms
    left = 1 - hear_ms / hop_ms
    return Estimate(p95_ms, min(MOST_PER_S, 1000 * left / (scene_ms + panels_ms)))


def hearing_key(window_s: float, hop_s: float) -> str:
    """Return the name of a cost of hearing."""
    return f"{window_s:g}/{hop_s:g}"


def painting_key(steps: int, size: float, pace: int) -> str:
    """Return the name of a cost of painting."""
    return f"{steps}/{size:g}/{pace}"
