"""What machine a figure belongs to."""

from __future__ import annotations

import json
from importlib import metadata

from engine.system.cores import usable_cores
from engine.system.machine import load_1_min, machine


def test_a_figure_s_machine_is_told_for_json() -> None:
    told = machine(("numpy", "no-such-library"))
    json.dumps(told, allow_nan=False)
    assert told["libraries"] == {"numpy": metadata.version("numpy")}
    assert told["processor"]
    assert usable_cores() <= told["cores"]
    assert load_1_min() is None or load_1_min() >= 0
