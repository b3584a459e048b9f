"""What the encoder has to beat: a log-mel logistic regression in the same split."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from training.evaluate.hearing.windows import Heard, heard_of_scores
from training.hearing.pool import Pool
from training.vocabulary import LABELS

STEPS = 400


def statistics_of(levels: Tensor) -> Tensor:
    """(n, frames, bands) log10 mel power -> (n, 3 * bands) mean, spread and maximum over time."""
    heard = torch.clamp(levels - levels.amax(dim=(1, 2), keepdim=True), min=-6.0)
    return torch.cat([heard.mean(1), heard.std(1), heard.amax(1)], dim=1)


def _statistics(pool: Pool, rows: np.ndarray) -> Tensor:
    parts = [
        statistics_of(torch.from_numpy(np.asarray(pool.levels[rows[at : at + 256]], np.float32)))
        for at in range(0, len(rows), 256)
    ]
    return torch.cat(parts)


def logistic_baseline(
    pool: Pool, asked: np.ndarray, seed: int = 0, steps: int = STEPS
) -> Heard | None:
    """Trained on the pool's takes of other recordings than those of the rows asked (n,), every
    label alike; None when there are none."""
    away = np.isin(pool.recording, np.unique(pool.recording[asked])) & (pool.recording != "")
    known = np.flatnonzero(~pool.plain & ~away & (pool.labels < len(LABELS)))
    if not len(known):
        return None
    torch.manual_seed(seed)
    x, y = _statistics(pool, known), torch.from_numpy(pool.labels[known])
    mean, spread = x.mean(0), x.std(0) + 1e-3
    weight = 1 / torch.bincount(y, minlength=len(LABELS)).clamp(min=1).float()
    layer = torch.nn.Linear(x.shape[1], len(LABELS))
    optimiser = torch.optim.AdamW(layer.parameters(), 0.01, weight_decay=0.1)
    for _ in range(steps):
        rows = torch.randint(len(y), (1024,))
        scores = layer((x[rows] - mean) / spread)
        loss = torch.nn.functional.cross_entropy(scores, y[rows], weight)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        scores = layer((_statistics(pool, asked) - mean) / spread)
    return heard_of_scores(scores.numpy(), pool.labels[asked], LABELS)
