"""What the bundle costs on this machine."""

from __future__ import annotations

import time

import numpy as np

from engine.hearing.hearer import Hearer
from engine.packets import HeardSource, Hearing, Stamp
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.synthesis.catalogue import synthesise
from engine.system.cores import usable_cores
from engine.system.machine import load_1_min
from training.evaluate.report.table import row
from training.evaluate.setting import Outcome, Setting

WARM = 3
PANELS = 4


HEARING = "hearing, 4 sounds, median"
SOUNDS = ("rain", "birds", "church bells", "train")
"""What sounds together while hearing is measured."""


def hearing_times(setting: Setting, hops: int) -> list[float]:
    """Milliseconds of so many hops in which slots are shared out: the slower half of twice as many,
    four sounds going on together."""
    hearer = Hearer(setting.bundle, setting.models)
    rate = hearer.sample_rate_hz
    seconds = (2 * hops + WARM) * hearer.hop / rate
    mixture = np.sum([synthesise(name, seconds, rate, setting.seed) for name in SOUNDS], axis=0)
    heard = hearer.push((mixture / len(SOUNDS)).astype(np.float32), 0.0)
    return sorted(each.timings_ms["hear"] for each in heard[WARM:])[-hops:]


def cost_rows(setting: Setting) -> Outcome:
    """Milliseconds of a hop of hearing, and for a scene and four panels; megabytes of the files."""
    heard = hearing_times(setting, setting.effort.ticks)
    manifest = setting.bundle.manifest
    painter = Painter(setting.models.generators)
    conditioner = Conditioner(setting.bundle, setting.seed, PANELS)
    rate = manifest.sample_rate_hz
    known = np.linspace(0, len(manifest.labels) - 1, PANELS).astype(int)
    sources = tuple(
        HeardSource(1 + n, setting.bundle.vocabulary[i], (), -20.0, 0.7)
        for n, i in enumerate(known)
    )
    hearing = Hearing(Stamp(0, 0, 0, rate, rate, 0.0), sources, -20.0)
    times, scenes = [], []
    for tick in range(setting.effort.ticks + WARM):
        conditioner.hear(hearing, 0.2 * tick)
        conditions = conditioner.conditions(0.2 * tick + 0.1, setting.finest)
        began = time.perf_counter()
        pictures = painter.paint(conditions)
        times.append(1000 * (time.perf_counter() - began))
        scenes.append(pictures.timings_ms["generate_scene"])
    steps, load = setting.finest, load_1_min()
    note = (
        f"{steps} steps, {setting.models.runtime}, {usable_cores()} cores at load {load}; "
        f"the scene alone {np.median(scenes[WARM:]):.0f} ms"
    )
    files = sorted(path for path in setting.bundle.folder.iterdir() if path.is_file())
    size = sum(path.stat().st_size for path in files) / 1e6
    low, high = np.percentile(times[WARM:], (25, 75))
    return Outcome([
        row(HEARING, float(np.median(heard)), "hops in which slots are shared out",
            count=len(heard)),
        row("scene + 4 panels, median", float(np.median(times[WARM:])), note,
            float(high - low) / 2, setting.effort.ticks),
        row("all files of the bundle", size, f"{len(files)} files"),
    ])  # fmt: skip
