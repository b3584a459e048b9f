"""Trains the audio encoder and the text tower together, contrastively.

    python -m training.sound_pool --sounds DIR -o runs/pool
    python -m training.train_encoder --pool runs/pool -o runs/encoder.pt --minutes 15
    python -m training.train_encoder --pool runs/pool -o runs/encoder.pt --minutes 8 --everything

The first run keeps the held-out recordings away and says how well they are heard; the second goes
on from it with every recording, for shipping. Interrupted runs resume. `--smoke` runs the whole of
it in seconds on synthesised clips.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from training.encoder import Encoder
from training.encoder_batches import EncoderBatches
from training.losses import sound_text_loss
from training.progress import MovingAverage, load_checkpoint, save_checkpoint
from training.separated_levels import SeparatedLevels, load_separated
from training.sound_pool import HELD, PLAIN, TRAIN, Pool, build, load, plan_jobs
from training.text import TextTower
from training.vocabulary import LABELS, texts_of

SAVE_EVERY_S = 60.0
"""An interrupted run loses no more than this."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How well plain windows of held-out recordings are named."""

    top1: float
    """Mean over labels of the share of windows whose first label is right."""
    top3: float
    temperature: float
    """Softmax temperature with the best likelihood, between 0.02 and 0.3."""
    per_label: dict[str, float]


def phrased(names: tuple[str, ...], rng: np.random.Generator) -> list[str]:
    """One random sentence for each name."""
    return [str(rng.choice(texts_of(name))) for name in names]


def text_directions(tower: TextTower) -> Tensor:
    """(24, d) per label the mean direction of all its sentences."""
    tower.eval()
    with torch.no_grad():
        rows = [nn.functional.normalize(tower(texts_of(name)).mean(0), dim=0) for name in LABELS]
    return torch.stack(rows)


def load_encoder(path: Path) -> tuple[Encoder, TextTower]:
    """The averaged weights of a checkpoint, ready to use. Raises FileNotFoundError."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"no checkpoint {path}: run python -m training.train_encoder first")
    parts = nn.ModuleDict({"encoder": Encoder(), "text": TextTower()})
    parts.load_state_dict(saved["average"])
    parts.eval()
    encoder, tower = parts["encoder"], parts["text"]
    assert isinstance(encoder, Encoder)
    assert isinstance(tower, TextTower)
    return encoder, tower


def measure(encoder: Encoder, tower: TextTower, pool: Pool, split: str = PLAIN) -> Heard | None:
    """Names the windows of a split; None when there are none."""
    rows = np.flatnonzero((pool.split == split) & (pool.labels < len(LABELS)))
    if not len(rows):
        return None
    encoder.eval()
    found = []
    with torch.no_grad():
        for at in range(0, len(rows), 64):
            levels = np.asarray(pool.levels[rows[at : at + 64]], dtype=np.float32)
            found.append(encoder.of_levels(torch.from_numpy(levels)))
        cosines = torch.cat(found) @ text_directions(tower).T
    truth = torch.from_numpy(pool.labels[rows])
    order = cosines.argsort(1, descending=True)
    hit1 = (order[:, 0] == truth).double()
    hit3 = (order[:, :3] == truth[:, None]).any(1).double()
    present = sorted(set(truth.tolist()))
    each = {LABELS[i]: float(hit1[truth == i].mean()) for i in present}
    weight = torch.zeros(len(rows), dtype=torch.double)
    for i in present:
        weight[truth == i] = 1 / float((truth == i).sum()) / len(present)
    temperatures = torch.logspace(math.log10(0.02), math.log10(0.3), 40)
    losses = [
        float((weight * nn.functional.cross_entropy(cosines / t, truth, reduction="none")).sum())
        for t in temperatures
    ]
    best = float(temperatures[int(np.argmin(losses))])
    return Heard(float((weight * hit1).sum()), float((weight * hit3).sum()), best, each)


def train(
    pool: Pool,
    out: Path,
    *,
    minutes: float,
    batch: int = 64,
    rate: float = 2e-3,
    everything: bool = False,
    seed: int = 0,
    freeze_text: bool = False,
    every: int = 200,
    separated: SeparatedLevels | None = None,
) -> Heard | None:
    """Trains for so many minutes (resumed time counts) and saves `out`; returns the last
    measure."""
    torch.manual_seed(seed)
    # Fresh residual branches are all but zero, and denormal arithmetic is slow.
    torch.set_flush_denormal(True)
    encoder, tower = Encoder(), TextTower()
    scale = nn.Parameter(torch.tensor(math.log(1 / 0.1)))
    parts = nn.ModuleDict({"encoder": encoder, "text": tower})
    weights = [*encoder.parameters(), scale, *([] if freeze_text else tower.parameters())]
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=0.03, betas=(0.9, 0.98))
    stage = ("everything" if everything else "split") + (", separated" if separated else "")
    stage += ", text kept" if freeze_text else ""
    spent, step, temperature = 0.0, 0, 0.1
    honest: dict | None = None
    average = MovingAverage(parts)
    saved = load_checkpoint(out)
    if saved is not None:
        parts.load_state_dict(saved["parts"])
        scale.data.copy_(saved["scale"])
        average.state, average.steps = saved["average"], saved["average_steps"]
        temperature = saved["temperature"]
        honest = saved.get("honest", saved.get("heard"))
        if saved["stage"] == stage:
            optimiser.load_state_dict(saved["optimiser"])
            spent, step = saved["spent"], saved["step"]
        else:
            # A new stage starts from the average of the one before.
            parts.load_state_dict(average.state)
            average = MovingAverage(parts)
            average.steps = 1000
    encoder.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    batches = EncoderBatches(
        pool, (TRAIN, HELD) if everything else (TRAIN,), seed + step, separated
    )
    rng = np.random.default_rng(seed + step)
    heard: Heard | None = None
    saved_at = time.monotonic()

    def save() -> None:
        save_checkpoint(
            out,
            {
                "parts": parts.state_dict(), "average": average.state,
                "average_steps": average.steps, "scale": scale.detach(),
                "optimiser": optimiser.state_dict(), "spent": spent, "step": step, "stage": stage,
                "temperature": temperature, "honest": honest,
            },
        )  # fmt: skip

    averaged, tower_averaged = Encoder(), TextTower()
    copies = nn.ModuleDict({"encoder": averaged, "text": tower_averaged})
    bar = tqdm(total=round(minutes * 60), initial=round(spent), unit="s", desc=f"encoder/{stage}")
    while spent < 60 * minutes:
        began = time.monotonic()
        done = spent / (60 * minutes)
        warm = min(1.0, (step + 1) / 100)
        for group in optimiser.param_groups:
            group["lr"] = rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        parts.train()
        drawn = batches.next(batch)
        texts = tower(phrased(pool.names, rng))
        if freeze_text:
            texts = texts.detach()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            sounds = encoder.of_levels(drawn.levels)
        loss = sound_text_loss(sounds, texts, scale.exp().clamp(max=50.0), drawn.targets)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 2.0)
        optimiser.step()
        average.update(parts)
        step += 1
        took = time.monotonic() - began
        spent += took
        bar.update(min(took, bar.total - bar.n))
        if step % every == 0 or spent >= 60 * minutes:
            copies.load_state_dict(average.state)
            heard = measure(averaged, tower_averaged, pool)
            if heard and not everything:
                temperature, honest = heard.temperature, asdict(heard)
            elif heard and honest:
                # Known recordings flatter the model, and the split stage was weaker than this one:
                # the truth lies between their temperatures.
                temperature = math.sqrt(heard.temperature * honest["temperature"])
            bar.write(
                f"step {step} loss {loss.detach().item():.3f} "
                + (f"held-out top-1 {heard.top1:.3f} top-3 {heard.top3:.3f}" if heard else "")
            )
            save()
            saved_at = time.monotonic()
        elif time.monotonic() - saved_at > SAVE_EVERY_S:
            save()
            saved_at = time.monotonic()
    bar.close()
    return heard


def smoke() -> Heard | None:
    """All of it in seconds: a tiny synthesised pool, a few steps, resume, measure."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = plan_jobs([], 0, 2, 0, 0)
        jobs += [type(jobs[0])(job.label, PLAIN, 100 + job.seed, None) for job in jobs]
        build(jobs, Path(folder) / "pool")
        pool = load(Path(folder) / "pool")
        out = Path(folder) / "encoder.pt"
        train(pool, out, minutes=0.02, batch=16, every=5)
        return train(pool, out, minutes=0.04, batch=16, every=5)


def main(argv: list[str] | None = None) -> int:
    """Command line; prints the last measure as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pool", type=Path, default=Path("runs/pool"))
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/encoder.pt"))
    parser.add_argument(
        "--minutes", type=float, default=15.0, help="of training, all runs together"
    )
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--everything", action="store_true", help="held-out recordings too")
    parser.add_argument("--freeze-text", action="store_true", help="keep the joint space in place")
    parser.add_argument("--separated", type=Path, help="folder of training.separated_levels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--smoke", action="store_true", help="seconds, on synthesised clips")
    args = parser.parse_args(argv)
    if args.smoke:
        heard = smoke()
    else:
        heard = train(
            load(args.pool), args.out, minutes=args.minutes, batch=args.batch, rate=args.rate,
            everything=args.everything, seed=args.seed, freeze_text=args.freeze_text,
            separated=load_separated(args.separated) if args.separated else None,
        )  # fmt: skip
    print(json.dumps(asdict(heard) if heard else None))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
