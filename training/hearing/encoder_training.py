"""Trains the audio encoder and the text tower together, contrastively."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.hearing.encoder import Encoder
from training.hearing.encoder_batches import EncoderBatches
from training.hearing.losses import sound_text_loss
from training.hearing.measure import heard_of_scores, windows_of
from training.hearing.pool import HELD, PLAIN, TRAIN, Pool, build, load, plan_jobs
from training.hearing.separated_slots import SeparatedLevels
from training.hearing.text import TextTower
from training.loop.muon import muon_for
from training.loop.rates import ENCODER
from training.loop.trainer import Step, channels_last, load_checkpoint, train_for
from training.vocabulary import LABELS, texts_of


@dataclass(frozen=True, slots=True)
class Heard:
    """How well plain windows of held-out recordings are named."""

    top1: float
    """Mean over labels of the share of windows whose first label is right."""
    top3: float
    temperature: float
    """Softmax temperature with the best likelihood, between 0.02 and 0.3."""
    per_label: dict[str, float]


class SoundText(nn.Module):
    """The two towers and the scale of their cosines."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = channels_last(Encoder())
        self.text = TextTower()
        self.scale = nn.Parameter(torch.tensor(math.log(1 / 0.1)))

    def logit_scale(self) -> Tensor:
        """What cosines are multiplied by, at most 50."""
        return self.scale.exp().clamp(max=50.0)


def choose_texts(names: tuple[str, ...], rng: np.random.Generator) -> list[str]:
    """One random sentence for each name."""
    return [str(rng.choice(texts_of(name))) for name in names]


def text_directions(tower: TextTower) -> Tensor:
    """(labels, d) per label of the vocabulary the mean direction of all its sentences."""
    tower.eval()
    with torch.no_grad():
        rows = [nn.functional.normalize(tower(texts_of(name)).mean(0), dim=0) for name in LABELS]
    return torch.stack(rows)


def load_encoder(path: Path) -> tuple[Encoder, TextTower]:
    """The averaged weights of a checkpoint, ready to use. Raises FileNotFoundError."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"no checkpoint {path}: run python -m training.train_encoder first")
    model = SoundText()
    model.load_state_dict(saved["average"])
    model.eval()
    return model.encoder, model.text


@torch.no_grad()
def embeddings_of(encoder: Encoder, pool: Pool, rows: np.ndarray) -> Tensor:
    """(len(rows), d) unit embeddings of a pool's clips, on the processor."""
    found = []
    for at in range(0, len(rows), 64):
        levels = np.asarray(pool.levels[rows[at : at + 64]], dtype=np.float32)
        found.append(encoder.embed_with_masking(torch.from_numpy(levels).to(encoder.mel.device)))
    return torch.cat(found).float().cpu()


def measure(encoder: Encoder, tower: TextTower, pool: Pool, split: str = PLAIN) -> Heard | None:
    """Names the windows of a split; None when there are none."""
    rows = windows_of(pool, LABELS, split)
    if not len(rows):
        return None
    encoder.eval()
    cosines = embeddings_of(encoder, pool, rows) @ text_directions(tower).float().cpu().T
    labels = pool.labels[rows]
    heard = heard_of_scores(cosines.numpy(), labels, LABELS)
    truth = torch.from_numpy(labels)
    weight = 1 / torch.bincount(truth, minlength=len(LABELS))[truth].double()
    temperatures = torch.logspace(math.log10(0.02), math.log10(0.3), 40)
    losses = [
        float((weight * nn.functional.cross_entropy(cosines / t, truth, reduction="none")).sum())
        for t in temperatures
    ]
    best = float(temperatures[int(np.argmin(losses))])
    return Heard(heard.top1, heard.top3, best, heard.per_label)


def train(
    pool: Pool,
    out: Path,
    *,
    minutes: float,
    steps: int | None = None,
    start: Path | None = None,
    batch: int = 64,
    rate: float = ENCODER,
    everything: bool = False,
    seed: int = 0,
    freeze_text: bool = False,
    every: int = 400,
    separated: SeparatedLevels | None = None,
) -> Heard | None:
    """Trains for so many minutes or steps (resumed time counts), saves `out`, measures.

    start: a checkpoint to go on from when `out` is not there yet. everything: held-out recordings
    too; what is measured is then no measure, and the honest figures are those of `start`.
    freeze_text: keep the joint space in place.
    """
    torch.manual_seed(seed)
    model = SoundText()
    before: Mapping[str, Any] = {}
    if start is not None:
        saved = load_checkpoint(start)
        if saved is None:
            raise FileNotFoundError(f"no checkpoint {start} to start from: name another or none")
        model.load_state_dict(saved["average"])
        before = saved["facts"]
    if freeze_text:
        model.text.requires_grad_(False)
    done = load_checkpoint(out)
    batches = EncoderBatches(
        pool, (TRAIN, HELD) if everything else (TRAIN,), seed + (done["step"] if done else 0),
        separated,
    )  # fmt: skip
    averaged = SoundText()
    stage = ("everything" if everything else "split") + (", separated" if separated else "")
    heard: Heard | None = None

    def loss_of(step: Step) -> Tensor:
        drawn = batches.next(batch)
        texts = model.text(choose_texts(pool.names, step.rng))
        with step.autocast():
            sounds = model.encoder.of_levels(step.put(drawn.levels))
        return sound_text_loss(sounds, texts, model.logit_scale(), step.put(drawn.targets))

    def check(_: Step) -> dict[str, Any]:
        nonlocal heard
        heard = measure(averaged.encoder, averaged.text, pool)
        facts: dict[str, Any] = {"stage": stage} | (asdict(heard) if heard else {})
        if everything and heard and (honest := before.get("honest")):
            # Known recordings flatter the model, and the split stage was weaker than this one: the
            # truth lies between their temperatures.
            facts["temperature"] = math.sqrt(heard.temperature * honest["temperature"])
            facts["honest"] = honest
        elif heard and not everything:
            facts["honest"] = asdict(heard)
        return facts

    train_for(
        minutes, out, model, loss_of, rate, f"encoder-{'all' if everything else 'split'}", seed,
        0.998, steps, averaged=averaged, check=check, check_every=every, clip=2.0,
        make_optimiser=partial(muon_for, weight_decay=0.03, apart=[model.encoder.stem]),
    )  # fmt: skip
    return heard or measure(averaged.encoder, averaged.text, pool)


def smoke() -> Heard | None:
    """All of it in seconds: a tiny synthesised pool, a few steps, resume, measure."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = plan_jobs([], 0, 1, 0, 0)
        jobs += [type(jobs[0])(job.label, PLAIN, 100 + job.seed, None) for job in jobs[:12]]
        build(jobs, Path(folder) / "pool")
        pool = load(Path(folder) / "pool")
        out = Path(folder) / "encoder.pt"
        train(pool, out, minutes=1, steps=2, batch=8)
        return train(pool, out, minutes=1, steps=4, batch=8)
