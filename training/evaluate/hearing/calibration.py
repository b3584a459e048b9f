"""Do presences mean what they say? Of what is 70 % sure, seven of ten should be there."""

from __future__ import annotations

import numpy as np
import torch

from training.evaluate.hearing.windows import clips_of, mixes_of, presences_of
from training.evaluate.report.table import row
from training.evaluate.setting import NotMeasuredError, Outcome, Setting, select_windows
from training.hearing.calibration import BINS, expected_error

CALIBRATION = "expected calibration error"
LEAST = 0.05
"""Presences under this are not asked: the many labels that are plainly absent would hide the
rest."""


def calibration_rows(setting: Setting) -> Outcome:
    """Expected calibration error over single sounds and mixes of two, and its reliability curve."""
    sounds, rows = select_windows(setting)
    if not len(rows):
        raise NotMeasuredError("no windows of known labels")
    labels = len(setting.bundle.manifest.labels)
    alone = clips_of(sounds.pool, rows)
    picks = [*mixes_of(sounds.pool, rows, 2, len(rows), setting.seed + 9)]
    mixed = [clips_of(sounds.pool, each).sum(0) for each in picks]
    clips = np.concatenate([alone, np.stack(mixed)]) if mixed else alone
    present = np.zeros((len(clips), labels), np.float32)
    for number, there in enumerate([*rows[:, None], *picks]):
        present[number, sounds.pool.labels[there]] = 1
    said = presences_of(setting.models, clips).ravel()
    true = present.ravel()
    error = expected_error(torch.from_numpy(said), torch.from_numpy(true), LEAST)
    note = f"presences from {LEAST:g} on, one sound or two; {sounds.caveat}"
    return Outcome(
        [row(CALIBRATION, error, note, count=int((said >= LEAST).sum()))],
        {"reliability": reliability(said, true)},
    )


def reliability(said: np.ndarray, true: np.ndarray) -> list[dict[str, float]]:
    """Of each bin of probabilities (n,) that holds some: their mean, the share of them that is true
    (n,) 0 or 1, and how many they are."""
    kept = said >= LEAST
    said, true = said[kept], true[kept]
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    return [
        {"said": round(float(said[bins == b].mean()), 4),
         "observed": round(float(true[bins == b].mean()), 4), "count": int((bins == b).sum())}
        for b in np.unique(bins)
    ]  # fmt: skip
