"""Trains the separator: known parts first, then mixtures of mixtures beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.hearing.losses import (
    Energies,
    masked_energies,
    mixit_loss,
    permutation_invariant_loss,
    si_sdr,
    sparsity_loss,
)
from training.hearing.pool import Pool, measuring_rows
from training.hearing.separator import Separator
from training.hearing.separator_batches import SeparatorBatches
from training.loop.muon import muon_for
from training.loop.rates import SEPARATOR
from training.loop.trainer import Step, load_checkpoint, train_for
from training.vocabulary import LABELS

MIXIT_EVERY = 4
"""Once MixIT has begun, every so many steps are its."""
SPARSITY = 0.3
"""Weight of the sparsity term, in dB of the MixIT loss for sources spread evenly over all slots."""


@dataclass(frozen=True, slots=True)
class Separated:
    """SI-SDR improvement in dB over the mixture, best permutation, held-out recordings at 0 dB."""

    two_sources_db: float
    three_sources_db: float
    one_source_db: float
    """SI-SDR of the best slot when one sound is alone: how little it is taken apart."""


def load_separator(path: Path) -> Separator:
    """The averaged weights of a checkpoint, ready to use. Raises FileNotFoundError."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(
            f"no checkpoint {path}: run python -m training.train_separator first"
        )
    model = Separator()
    model.load_state_dict(saved["average"])
    return model.eval()


def improvement(model: Separator, truths: Tensor) -> float:
    """Mean over (b, s, n) truths of the best assignment's SI-SDR minus the mixture's, dB."""
    with torch.no_grad():
        mixture = truths.sum(1)
        estimates = model.separate(mixture)
        table = si_sdr(estimates[:, :, None], truths[:, None])
        s = truths.shape[1]
        orders = torch.tensor(list(permutations(range(estimates.shape[1]), s)))
        best = table[:, orders, torch.arange(s)].mean(-1).max(1).values
        before = si_sdr(mixture[:, None].expand_as(truths), truths).mean(1)
    return float((best - before).mean()) if s > 1 else float(best.mean())


def measure(model: Separator, pool: Pool, fold: int, mixes: int = 48) -> Separated | None:
    """Separates fixed mixes of what a fold keeps away; None when there is too little of it."""
    rng = np.random.default_rng(1)
    rows = np.flatnonzero(measuring_rows(pool, fold) & (pool.labels < len(LABELS)))
    labels = sorted(set(pool.labels[rows].tolist()))
    if len(labels) < 3:
        return None
    model.eval()
    found = []
    for sources in (1, 2, 3):
        total = 0.0
        for _ in range(mixes // 8):
            batch = []
            for _ in range(8):
                chosen = rng.choice(labels, sources, replace=False)
                picks = [rng.choice(rows[pool.labels[rows] == i]) for i in chosen]
                batch.append(np.asarray(pool.clips[picks], dtype=np.float32))
            total += improvement(model, torch.from_numpy(np.stack(batch)).to(model.window.device))
        found.append(total / (mixes // 8))
    return Separated(found[1], found[2], found[0])


def _energies(model: Separator, mixture: Tensor, truths: Tensor, step: Step) -> Energies:
    with step.autocast():
        mask, re, im = model.masks_on(mixture)
    b, j, n = truths.shape
    parts = [
        part.reshape(b, j, *part.shape[1:]) for part in model.spectra_of(truths.reshape(-1, n))
    ]
    return masked_energies(mask.float(), (re, im), (parts[0], parts[1]), n)


def supervised_loss(
    model: Separator, batches: SeparatorBatches, size: int, step: Step
) -> Tensor:
    """Mixtures of one to three sounds whose parts are known."""
    drawn = batches.next(size)
    mixture, truths = step.put(drawn.mixture), step.put(drawn.truths)
    return permutation_invariant_loss(_energies(model, mixture, truths, step))


def mixit_step_loss(
    model: Separator, batches: SeparatorBatches, size: int, step: Step
) -> Tensor:
    """Mixtures of mixtures: what each holds is known only as its sum."""
    halves = torch.stack([batches.next(size, (0.6, 0.4, 0.0)).mixture for _ in range(2)], dim=1)
    halves = step.put(halves)
    energies = _energies(model, halves.sum(1), halves, step)
    return mixit_loss(energies) + SPARSITY * sparsity_loss(energies)


def train(
    pool: Pool,
    out: Path,
    *,
    fold: int | None,
    minutes: float,
    steps: int | None = None,
    start: Path | None = None,
    batch: int = 8,
    rate: float = SEPARATOR,
    supervised: float = 0.8,
    seed: int = 0,
    every: int = 500,
    seconds: float = 3.0,
    mixes: int = 96,
) -> Separated | None:
    """Trains for so many minutes or steps (resumed time counts), saves `out`, measures.

    fold: its recordings are kept away and measured by; None: every recording is learnt from, and
    what was measured of `start` stands. start: a checkpoint to go on from when `out` is not there
    yet. supervised: share of the run before MixIT begins. mixes: to measure on.
    """
    torch.manual_seed(seed)
    model, averaged = Separator(), Separator()
    before: Mapping[str, Any] = {}
    if start is not None:
        model = load_separator(start)
        before = (load_checkpoint(start) or {}).get("facts", {})
    done = load_checkpoint(out)
    batches = SeparatorBatches(pool, fold, seed + (done["step"] if done else 0), seconds)

    def loss_of(step: Step) -> Tensor:
        unknown = step.share >= supervised and step.number % MIXIT_EVERY == 0
        kind = mixit_step_loss if unknown else supervised_loss
        return kind(model, batches, batch, step)

    found: Separated | None = None

    def check(step: Step) -> dict[str, Any]:
        nonlocal found
        mixit = max(0.0, step.share - supervised) / max(step.share, 1e-6) / MIXIT_EVERY
        told = {"share_of_mixit": round(mixit, 4)}
        if fold is None and before.get("held_out"):
            return {**before, **told}
        # with every recording in training this is no measure, only a sign of life
        found = measure(averaged, pool, fold or 0, mixes)
        return told | (asdict(found) | {"held_out": fold is not None} if found else {})

    train_for(
        minutes, out, model, loss_of, rate, "separator", seed, 0.998, steps, averaged=averaged,
        check=check, check_every=every, clip=5.0,
        make_optimiser=partial(muon_for, apart=[model.enter, model.masks]),
    )  # fmt: skip
    return found or measure(averaged, pool, fold or 0, mixes)
