"""Trains the separator: known parts first, then mixtures of mixtures.

    python -m training.sound_pool --sounds DIR -o runs/pool
    python -m training.train_separator --pool runs/pool -o runs/separator.pt --minutes 25

The first share of the time is supervised and permutation-invariant, which gives the slots something
to start from; the rest is MixIT with sparsity, each step beside a supervised one that holds on to
the number of sources. Interrupted runs resume. `--smoke` runs the whole of it in seconds.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from training.losses import (
    Energies,
    masked_energies,
    mixit_loss,
    permutation_invariant_loss,
    si_sdr,
    sparsity_loss,
)
from training.progress import MovingAverage, load_checkpoint, save_checkpoint
from training.separator import Separator
from training.separator_batches import SeparatorBatches
from training.sound_pool import HELD, PLAIN, TRAIN, Pool, build, load, plan_jobs
from training.vocabulary import LABELS

SAVE_EVERY_S = 60.0
"""An interrupted run loses no more than this."""

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


def improvement(model: Separator, truths: torch.Tensor) -> float:
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


def measure(model: Separator, pool: Pool, split: str = PLAIN, mixes: int = 48) -> Separated | None:
    """Separates fixed mixes of a split's clips; None when it has too few."""
    rng = np.random.default_rng(1)
    rows = np.flatnonzero((pool.split == split) & (pool.labels < len(LABELS)))
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
            total += improvement(model, torch.from_numpy(np.stack(batch)))
        found.append(total / (mixes // 8))
    return Separated(found[1], found[2], found[0])


def _energies(model: Separator, mixture: torch.Tensor, truths: torch.Tensor) -> Energies:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mask, re, im = model.masks_on(mixture)
    b, j, n = truths.shape
    parts = [
        part.reshape(b, j, *part.shape[1:]) for part in model.spectra_of(truths.reshape(-1, n))
    ]
    return masked_energies(mask, (re, im), (parts[0], parts[1]), n)


def _supervised_step(model: Separator, batches: SeparatorBatches, size: int) -> torch.Tensor:
    drawn = batches.next(size)
    return permutation_invariant_loss(_energies(model, drawn.mixture, drawn.truths))


def _mixit_step(model: Separator, batches: SeparatorBatches, size: int) -> torch.Tensor:
    """Mixtures of mixtures: what each holds is known only as its sum."""
    halves = torch.stack([batches.next(size, (0.6, 0.4, 0.0)).mixture for _ in range(2)], dim=1)
    energies = _energies(model, halves.sum(1), halves)
    return mixit_loss(energies) + SPARSITY * sparsity_loss(energies)


def train(
    pool: Pool,
    out: Path,
    *,
    minutes: float,
    batch: int = 8,
    rate: float = 1.5e-3,
    supervised: float = 0.5,
    everything: bool = False,
    seed: int = 0,
    every: int = 200,
    seconds: float = 3.0,
    mixes: int = 48,
) -> Separated | None:
    """Trains for so many minutes (resumed time counts), saves `out`; returns the last measure."""
    torch.manual_seed(seed)
    # Fresh residual branches are all but zero, and denormal arithmetic is slow.
    torch.set_flush_denormal(True)
    model = Separator()
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=1e-3, betas=(0.9, 0.98))
    average = MovingAverage(model)
    spent, step, mixit_steps = 0.0, 0, 0
    found: Separated | None = None
    saved = load_checkpoint(out)
    if saved is not None:
        model.load_state_dict(saved["model"])
        average.state, average.steps = saved["average"], saved["average_steps"]
        optimiser.load_state_dict(saved["optimiser"])
        spent, step = saved["spent"], saved["step"]
        mixit_steps = saved.get("mixit_steps", 0)
        found = Separated(**saved["found"]) if saved["found"] else None
    splits = (TRAIN, HELD) if everything else (TRAIN,)
    batches = SeparatorBatches(pool, splits, seed + step, seconds)
    averaged = Separator()
    saved_at = time.monotonic()

    def save() -> None:
        save_checkpoint(
            out,
            {
                "model": model.state_dict(), "average": average.state,
                "average_steps": average.steps, "optimiser": optimiser.state_dict(),
                "spent": spent, "step": step, "everything": everything,
                "mixit_steps": mixit_steps, "found": asdict(found) if found else None,
            },
        )  # fmt: skip

    bar = tqdm(total=round(minutes * 60), initial=round(spent), unit="s", desc="separator")
    while spent < 60 * minutes:
        began = time.monotonic()
        done = spent / (60 * minutes)
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 100)
            group["lr"] = rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        model.train()
        if done >= supervised and step % 2 == 1:
            loss = _mixit_step(model, batches, batch)
            mixit_steps += 1
        else:
            loss = _supervised_step(model, batches, batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        average.update(model)
        step += 1
        took = time.monotonic() - began
        spent += took
        bar.update(min(took, bar.total - bar.n))
        if step % every == 0 or spent >= 60 * minutes:
            averaged.load_state_dict(average.state)
            found = measure(averaged, pool, mixes=mixes)
            bar.write(
                f"step {step} loss {loss.detach().item():.2f} "
                + (f"held-out SI-SDRi {found.two_sources_db:.2f} dB of two, " if found else "")
                + (f"{found.three_sources_db:.2f} of three, " if found else "")
                + (f"one alone {found.one_source_db:.1f} dB" if found else "")
            )
            save()
            saved_at = time.monotonic()
        elif time.monotonic() - saved_at > SAVE_EVERY_S:
            save()
            saved_at = time.monotonic()
    bar.close()
    return found


def smoke() -> Separated | None:
    """All of it in seconds: a tiny synthesised pool, both objectives, resume, measure."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = plan_jobs([], 0, 2, 0, 0)
        jobs += [type(jobs[0])(job.label, PLAIN, 100 + job.seed, None) for job in jobs]
        build(jobs, Path(folder) / "pool")
        pool, out = load(Path(folder) / "pool"), Path(folder) / "separator.pt"
        train(pool, out, minutes=0.02, batch=2, every=1000, seconds=1.0, mixes=8)
        return train(pool, out, minutes=0.04, batch=2, every=1000, seconds=1.0, mixes=8)


def main(argv: list[str] | None = None) -> int:
    """Command line; prints the last measure as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/separator.pt"))
    parser.add_argument(
        "--minutes", type=float, default=25.0, help="of training, all runs together"
    )
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.5e-3, help="highest learning rate")
    parser.add_argument(
        "--supervised", type=float, default=0.5, help="share of the time before MixIT begins"
    )
    parser.add_argument("--everything", action="store_true", help="held-out recordings too")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--smoke", action="store_true", help="seconds, on synthesised clips")
    args = parser.parse_args(argv)
    if args.smoke:
        found = smoke()
    else:
        found = train(
            load(args.pool), args.out, minutes=args.minutes, batch=args.batch, rate=args.rate,
            supervised=args.supervised, everything=args.everything, seed=args.seed,
        )  # fmt: skip
    print(json.dumps(asdict(found) if found else None))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
