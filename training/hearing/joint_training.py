"""Trains separator and encoder together, each having learned alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.hearing.encoder_batches import EncoderBatches
from training.hearing.encoder_training import Heard, SoundText, choose_texts
from training.hearing.encoder_training import measure as measure_encoder
from training.hearing.losses import best_assignment, masked_energies, ranking_loss, sound_text_loss
from training.hearing.pool import CLIP_S, HELD, TRAIN, Pool
from training.hearing.separator import Separator
from training.hearing.separator_batches import Mixtures, SeparatorBatches
from training.hearing.separator_training import Separated
from training.hearing.separator_training import measure as measure_separator
from training.loop.muon import muon_for
from training.loop.rates import TOGETHER
from training.loop.trainer import Step, load_checkpoint, save_checkpoint, train_for

LAST_SHARE = 0.5
"""Weight a of alignment and ranking at the end of the run."""
DB = 0.1
"""Weight of a decibel of separation beside a nat of alignment."""
AUDIBLE = 1e-3
"""Share of the clip's power from which a sound counts as present."""
SINGLE = 32
"""Single sounds beside each batch of mixtures."""


class Jointly(nn.Module):
    """Both models of hearing."""

    def __init__(self, separator: Separator, sound_text: SoundText) -> None:
        super().__init__()
        self.separator = separator
        self.sound_text = sound_text
        sound_text.text.requires_grad_(False)


@dataclass(frozen=True, slots=True)
class Compared:
    """Held-out figures on both sides of the phase."""

    heard: Heard | None
    separated: Separated | None


def joint_loss(
    model: Jointly, drawn: Mixtures, names: tuple[str, ...], step: Step, a: float
) -> Tensor:
    """(1 - a) * separation + a * (alignment + ranking) over one batch of mixtures."""
    mixture, truths, labels = (step.put(x) for x in (drawn.mixture, drawn.truths, drawn.labels))
    separator, encoder = model.separator, model.sound_text.encoder
    b, j, n = truths.shape
    with step.autocast():
        mask, re, im = separator.masks_on(mixture)
    parts = [part.reshape(b, j, *part.shape[1:]) for part in
             separator.spectra_of(truths.reshape(b * j, n))]  # fmt: skip
    energies = masked_energies(mask.float(), (re, im), (parts[0], parts[1]), n)
    parting, slots = best_assignment(energies)

    power = (truths**2).sum(-1)
    share = power / power.sum(1, keepdim=True).clamp(min=1e-9)
    # A sound that is faded out over its whole stretch has a label but cannot be heard.
    present = (labels >= 0) & (share > AUDIBLE)
    waves = separator.waveforms(mask.float(), re, im, n)
    chosen = waves[torch.arange(b, device=slots.device)[:, None], slots]
    with step.autocast():
        sounds = encoder(torch.cat([chosen[present], mixture]))
    count = int(present.sum())
    texts = model.sound_text.text(choose_texts(names, step.rng)).detach()
    targets = torch.zeros(count + b, len(names), device=share.device)
    targets[torch.arange(count, device=share.device), labels[present]] = 1.0
    rows = torch.arange(b, device=share.device)[:, None].expand(b, j)[present] + count
    targets.index_put_((rows, labels[present]), torch.sqrt(share)[present], accumulate=True)
    targets = targets / targets.sum(1, keepdim=True).clamp(min=1e-6)
    scale = model.sound_text.logit_scale()
    align = sound_text_loss(sounds, texts, scale, targets)

    likeness = torch.zeros_like(share)
    of_mixture = sounds[count:][:, None].expand(b, j, -1)[present]
    likeness[present] = (sounds[:count] * of_mixture).sum(1)
    rank = ranking_loss(likeness, share, present)
    return (1 - a) * DB * parting.mean() + a * (align + rank)


def train(
    pool: Pool,
    separator: Path,
    encoder: Path,
    out: Path,
    *,
    minutes: float,
    steps: int | None = None,
    batch: int = 8,
    rate: float = TOGETHER,
    everything: bool = False,
    seed: int = 0,
    every: int = 200,
    seconds: float = CLIP_S,
    mixes: int = 96,
) -> Compared:
    """Trains both from their checkpoints; `out` resumes. Returns what is measured afterwards."""
    torch.manual_seed(seed)
    model, averaged = (_opened(separator, encoder) for _ in range(2))
    done = load_checkpoint(out)
    splits = (TRAIN, HELD) if everything else (TRAIN,)
    seed += done["step"] if done else 0
    mixtures = SeparatorBatches(pool, splits, seed, seconds)
    singles = EncoderBatches(pool, splits, seed)

    def loss_of(step: Step) -> Tensor:
        mixed = joint_loss(
            model, mixtures.next(batch), pool.names, step, LAST_SHARE * step.share
        )
        drawn = singles.next(SINGLE)
        sound_text = model.sound_text
        texts = sound_text.text(choose_texts(pool.names, step.rng)).detach()
        with step.autocast():
            sounds = sound_text.encoder.of_levels(step.put(drawn.levels))
        targets = step.put(drawn.targets)
        return mixed + sound_text_loss(sounds, texts, sound_text.logit_scale(), targets)

    def compared() -> Compared:
        sound_text = averaged.sound_text
        return Compared(
            measure_encoder(sound_text.encoder, sound_text.text, pool),
            measure_separator(averaged.separator, pool, mixes=mixes),
        )

    found: Compared | None = None

    def check(_: Step) -> dict[str, Any]:
        nonlocal found
        found = compared()
        heard = asdict(found.heard) if found.heard else {}
        return heard | (asdict(found.separated) if found.separated else {})

    train_for(
        minutes, out, model, loss_of, rate, "jointly", seed, 0.998, steps, averaged=averaged,
        check=check, check_every=every, clip=5.0,
        make_optimiser=partial(
            muon_for,
            apart=[model.separator.enter, model.separator.masks, model.sound_text.encoder.stem],
        ),
    )  # fmt: skip
    return found or compared()


def split(joint: Path, separator: Path, encoder: Path) -> None:
    """Writes the joint checkpoint's two models as checkpoints of their own trainers.

    `separator` and `encoder` name the files to write; "facts" hold the joint measures.
    """
    saved = load_checkpoint(joint)
    if saved is None:
        raise FileNotFoundError(f"no checkpoint {joint}: run python -m training.train_jointly")
    for name, path in (("separator.", separator), ("sound_text.", encoder)):
        mine = {
            key.removeprefix(name): value
            for key, value in saved["average"].items()
            if key.startswith(name)
        }
        facts = {**saved["facts"], "stage": "jointly"}
        if name == "sound_text." and "top1" in facts:
            facts["honest"] = {k: facts[k] for k in ("top1", "top3", "temperature", "per_label")}
        kept = {"average": mine, "facts": facts, "step": saved["step"], "spent_s": saved["spent_s"]}
        save_checkpoint(path, kept)


def _opened(separator: Path, encoder: Path) -> Jointly:
    model = Jointly(Separator(), SoundText())
    for part, path in ((model.separator, separator), (model.sound_text, encoder)):
        saved = load_checkpoint(path)
        if saved is None:
            raise FileNotFoundError(
                f"no checkpoint {path}: train_separator and train_encoder come first"
            )
        part.load_state_dict(saved["average"])
    return model
