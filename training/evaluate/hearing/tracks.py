"""Identity: do tracks stay with their sources while three sounds go on together?"""

from __future__ import annotations

import numpy as np
from tqdm import tqdm

from engine.hearing.hearer import Hearer
from engine.packets import F32
from training.evaluate.hearing.windows import clips_of, mixes_of
from training.evaluate.report.table import Row, row
from training.evaluate.setting import NotMeasuredError, Outcome, Setting, select_windows
from training.evaluate.show import owners

IDENTITY = "identity: swaps and splits, 3 sources"
SECONDS = 16.0
SETTLED_S = 2.0
HEARD_OVER_S = 1.0
"""Who holds a source is asked of so much of the newest sound."""
HOLDS = 0.5
"""Likeness (cosine) of a track to a source that it holds, about -5 dB SI-SDR: where two sources
share a track, the other one is not held by whatever track is least unlike it."""
ACTIVE = 0.05
"""A source that has less than this share of the mixture's power is not asked for."""


def identity_rows(setting: Setting) -> Outcome:
    """Changes of the track that holds a source, per minute of three sounds at equal loudness.

    A change to a track that held another source is a swap, to any other track a split. The track
    that holds a source goes on holding it while it is like it enough (CLEAR MOT, Bernardin &
    Stiefelhagen 2008). A source that nobody holds keeps its last track; the share of such moments
    is told beside.
    """
    sounds, rows = select_windows(setting)
    count = max(1, 3 * setting.effort.newcomers // 4)
    mixes = list(mixes_of(sounds.pool, rows, 3, count, setting.seed + 4))
    if not mixes:
        raise NotMeasuredError("fewer than three kinds of sounds")
    swaps, splits, unheld = [], [], []
    for picks in tqdm(mixes, "three sources", unit="mix", leave=False):
        clips = clips_of(sounds.pool, picks)
        found = count_identity_changes(setting, clips)
        swaps.append(found[0])
        splits.append(found[1])
        unheld.append(found[2])
    minutes = (SECONDS - SETTLED_S) / 60
    per_mix = (np.array(swaps) + np.array(splits)) / minutes
    spread = 1.96 * float(per_mix.std()) / np.sqrt(len(per_mix))
    note = (
        f"{np.mean(swaps) / minutes:.2g} swaps, {np.mean(splits) / minutes:.2g} splits; "
        f"{sounds.caveat}"
    )
    return Outcome([
        row(IDENTITY, float(per_mix.mean()), note, float(spread), len(mixes)),
        Row("  moments in which nobody holds a source", 100 * float(np.mean(unheld)), "%"),
    ])  # fmt: skip


def count_identity_changes(setting: Setting, clips: F32) -> tuple[int, int, float]:
    """Swaps, splits, and the share of moments without a holder: clips (3, n) played in a loop."""
    hearer = Hearer(setting.bundle, setting.models)
    rate, hop = hearer.sample_rate_hz, hearer.hop
    hops = round(SECONDS * rate / hop)
    repeats = -(-hops * hop // clips.shape[1])
    sounds = np.tile(clips, (1, repeats))[:, : hops * hop]
    mixture, span = sounds.sum(0), round(HEARD_OVER_S * rate)
    held: dict[int, int] = {}
    owned: dict[int, int] = {}
    swaps = splits = missing = asked = 0
    for number in range(hops):
        end = (number + 1) * hop
        hearer.push(mixture[end - hop : end], 0.0)
        if end < SETTLED_S * rate:
            continue
        tracks = hearer.sounds_of(span)
        truths = sounds[:, end - span : end]
        power = np.square(truths).sum(1)
        active = np.flatnonzero(power >= ACTIVE * power.sum())
        holders = [held.get(int(source)) for source in active]
        found = owners(tracks, truths[active], setting.bundle, HOLDS, holders)
        for source, track in zip(active, found, strict=True):
            asked += 1
            if track is None:
                missing += 1
                continue
            before = held.get(int(source))
            if before is not None and before != track:
                was = owned.get(track)
                swaps, splits = (
                    (swaps + 1, splits)
                    if was is not None and was != source
                    else (swaps, splits + 1)
                )
            held[int(source)], owned[track] = track, int(source)
    return swaps, splits, missing / max(1, asked)
