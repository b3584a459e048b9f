"""Trains the judge, sets its threshold and measures it on pictures it never saw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from training.judge.network import Judge, TrainedJudge, as_input, final_path
from training.judge.scores import (
    all_found,
    average_precision,
    balanced_threshold,
    figure,
    first_ranked,
    precision_recall,
)
from training.loop.muon import muon_for
from training.loop.trainer import Step, channels_last, save_checkpoint, train_for
from training.painting.painted_pictures import PaintedPictures
from training.vocabulary import LABELS

PEAK_RATE = 2e-3
PANEL_SHARE = 0.3
"""Of the batches; the others are scenes."""
BATCH = 32
ZOOM, SHIFT = 0.15, 0.06
"""Pictures are seen nearer or farther, and off centre, by up to these shares."""
SUBJECT_WEIGHT = 0.3
"""Of the loss that asks a subject's own cell for its name."""


def view(pictures: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Pictures (b, 3, h, w) mirrored, moved, tinted and at times softened.

    Softening keeps the judge from leaning on crispness: it is asked what is there, not how sharp.

    Returns:
        the pictures, and (b, 4): by what x and y are multiplied and what is then added, for
        places in [-1, 1].
    """
    count = len(pictures)
    scale = torch.from_numpy(rng.uniform(1 - ZOOM, 1 + ZOOM, count)).float()
    mirror = torch.from_numpy(rng.choice([-1.0, 1.0], count)).float()
    shift = torch.from_numpy(rng.uniform(-2 * SHIFT, 2 * SHIFT, (2, count))).float()
    where = torch.zeros(count, 2, 3)
    where[:, 0, 0], where[:, 1, 1] = scale * mirror, scale
    where[:, :, 2] = shift.T
    grid = F.affine_grid(where, list(pictures.shape), align_corners=False)
    seen = F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    tint = 1 + 0.12 * torch.from_numpy(rng.standard_normal((count, 3, 1, 1))).float()
    seen = seen * tint + 0.08 * torch.from_numpy(rng.standard_normal((count, 1, 1, 1))).float()
    soft = torch.from_numpy(rng.uniform(size=(count, 1, 1, 1)) < 0.3)
    seen = torch.where(soft, F.avg_pool2d(seen, 3, 1, 1), seen).clamp(-1, 1)
    moved = torch.stack([mirror / scale, 1 / scale, -shift[0] * mirror / scale, -shift[1] / scale])
    return seen.contiguous(memory_format=torch.channels_last), moved.T


def subject_loss(cells: Tensor, labels: Tensor, places: Tensor, moved: Tensor) -> Tensor:
    """Cross-entropy of each subject's name at the cell of its box's centre.

    Args:
        cells: (b, labels, h, w) votes. labels: i64 (b, s), -1 for none. places: (b, s, 4) in
            shares of the picture. moved: (b, 4) of `view`. What fills the picture (the air) or
            has left it is not asked for.
    """
    x = (2 * places[..., 0] - 1) * moved[:, None, 0] + moved[:, None, 2]
    y = (2 * places[..., 1] - 1) * moved[:, None, 1] + moved[:, None, 3]
    inside = (labels >= 0) & (places[..., 2] < 0.99) & (x.abs() < 1) & (y.abs() < 1)
    row, slot = inside.nonzero(as_tuple=True)
    if not len(row):
        return cells.sum() * 0
    height, width = cells.shape[2:]
    down = ((y[row, slot] + 1) / 2 * height).long().clamp(0, height - 1)
    across = ((x[row, slot] + 1) / 2 * width).long().clamp(0, width - 1)
    return F.cross_entropy(cells[row, :, down, across], labels[row, slot])


def train(
    scenes: PaintedPictures,
    panels: PaintedPictures,
    out: Path,
    minutes: float,
    batch: int = BATCH,
    width: int = 48,
    seed: int = 0,
    steps: int | None = None,
) -> Judge:
    """Trains for some minutes, resuming from `out` when it exists; returns the averaged judge."""
    torch.manual_seed(seed)
    model = channels_last(Judge(width=width))
    shown = {id(pool): pool.present() for pool in (scenes, panels)}

    def loss_of(step: Step) -> Tensor:
        pool = panels if step.rng.random() < PANEL_SHARE else scenes
        rows = np.sort(step.rng.choice(len(pool.labels), min(batch, len(pool.labels)), False))
        pictures, moved = view(as_input(torch.from_numpy(pool.pictures[rows])), step.rng)
        present = step.put(shown[id(pool)][rows].astype(np.float32))
        with step.autocast():
            seen = model(step.put(pictures))
        named = F.binary_cross_entropy_with_logits(seen.logits, present, reduction="none")
        labels, places = step.put(pool.labels[rows]), step.put(pool.places[rows])
        placed = subject_loss(seen.cells, labels, places, step.put(moved))
        return named.sum(1).mean() + SUBJECT_WEIGHT * placed

    def optimiser(model: nn.Module, rate: float) -> Optimizer:
        ends = [model.get_submodule(name) for name in ("trunk.0", "votes", "whole")]
        return muon_for(model, rate, apart=ends)

    average = train_for(
        minutes, out, model, loss_of, PEAK_RATE, "judge", seed, 0.998, steps,
        make_optimiser=optimiser,
    )  # fmt: skip
    model.load_state_dict(average.state)
    return model.eval()


def finish(
    model: Judge,
    checked: tuple[PaintedPictures, PaintedPictures],
    tested: tuple[PaintedPictures, PaintedPictures],
    out: Path,
    trained: dict[str, Any],
) -> TrainedJudge:
    """Sets the threshold on `checked`, measures on `tested` (scenes, panels each), and saves.

    trained: how it came to be, to be kept beside its figures.
    """
    looser = TrainedJudge(model, 0.5, {})
    scores = looser.look(checked[0].pictures).scores
    threshold = balanced_threshold(scores, checked[0].present())
    facts = {
        **trained,
        "width": model.width,
        "threshold": round(threshold, 4),
        "threshold_set_on": f"{len(scores)} scenes of seeds of their own, precision = recall",
        "held_out": held_out_figures(looser, threshold, *tested),
    }
    save_checkpoint(final_path(out), {"model": model.state_dict(), "facts": facts})
    return TrainedJudge(model, threshold, facts)


def held_out_figures(
    judge: TrainedJudge, threshold: float, scenes: PaintedPictures, panels: PaintedPictures
) -> dict[str, Any]:
    """The judge's own accuracy on real pictures it never saw, ready for JSON."""
    scores, present = judge.look(scenes.pictures).scores, scenes.present()
    pairs = present.sum(1) == 2
    crs = figure(all_found(scores[pairs], present[pairs], threshold))
    single = panels.labels[:, 0] >= 0
    ranks = first_ranked(judge.look(panels.pictures).scores, panels.labels[:, 0])[single]
    rank = figure(ranks)
    precision, recall = precision_recall(scores, present, threshold)
    each = [average_precision(scores[:, i], present[:, i]) for i in range(len(LABELS))]
    return {
        "scenes": len(scores),
        "panels": int(single.sum()),
        "crs_two_subjects": round(crs.mean, 4),
        "crs_spread": round(crs.spread, 4),
        "crs_scenes": crs.count,
        "r_at_1_panels": round(rank.mean, 4),
        "r_at_1_spread": round(rank.spread, 4),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "mean_average_precision": round(float(np.nanmean(each)), 4),
        "average_precision": {
            name: None if np.isnan(value) else round(value, 4)
            for name, value in zip(LABELS, each, strict=True)
        },
    }
