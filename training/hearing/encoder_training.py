"""Training of the encoder: from a teacher, from labels, into one space with texts.

Where the words of the space are given they stay where they are, so that an encoder can be taught
anew without the generator that paints its points. Else a text tower learns them beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.system.terminal import print_error
from training.hearing.calibration import expected_error, fit_logistic
from training.hearing.encoder import HIDDEN, Encoder
from training.hearing.lessons import LessonDrawer, Lessons
from training.hearing.losses import sound_text_loss
from training.hearing.pool import Pool, measuring_rows
from training.hearing.tagger import CLASSES, FEATURES
from training.hearing.text import TextTower
from training.loop.muon import muon_for
from training.loop.plain_errors import InputError
from training.loop.rates import ENCODER
from training.loop.trainer import Step, channels_last, load_checkpoint, train_for
from training.vocabulary import LABELS, texts_of

TAGS, PRESENCE, FEATURE, TEXT = 40.0, 12.0, 1.0, 0.5
"""Weights of the losses: mean over 527 tags, over labels, over features; contrast with texts."""
KNOWN = 0.5
"""Share of the power that known labels must have for a row to have a place among the texts."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Of plain windows of recordings that training never met, mean over labels."""

    top1: float
    """By presence."""
    top3: float
    text_top1: float
    """By the nearest text."""
    both: float
    """Share of two-sound mixes at equal power whose two labels are the two strongest."""
    either: float
    """And in which the strongest is one of the two."""
    slope: float
    shift: float
    """Of the logits of presence, which make them probabilities, by these mixes and sounds."""
    calibration_error: float
    """Expected, of these probabilities, in [0, 1]: see `calibration.expected_error`."""


class Student(nn.Module):
    """The encoder, the words, and the heads that only training needs."""

    given: Tensor | None

    def __init__(self, words: Tensor | None = None) -> None:
        """words: (labels, d) unit vectors, where each label's name lies in the joint space; None: a
        text tower learns where."""
        super().__init__()
        self.encoder = channels_last(Encoder())
        self.text = TextTower() if words is None else None
        self.register_buffer("given", words, persistent=False)
        self.scale = nn.Parameter(torch.tensor(math.log(1 / 0.1)))
        self.tags = nn.Linear(HIDDEN, CLASSES)
        self.features = nn.Linear(HIDDEN, FEATURES)
        nn.init.constant_(self.tags.bias, -4.0)

    def logit_scale(self) -> Tensor:
        """What cosines are multiplied by, at most 50."""
        return self.scale.exp().clamp(max=50.0)

    def directions(self, choose: Callable[[str], Sequence[str]] = texts_of) -> Tensor:
        """(labels, d) unit vectors of the names: the given ones, else the mean direction of the
        sentences that are chosen for each."""
        if self.text is None:
            assert self.given is not None
            return self.given
        said = [choose(name) for name in LABELS]
        rows = self.text([text for texts in said for text in texts]).split([len(s) for s in said])
        return nn.functional.normalize(torch.stack([row.mean(0) for row in rows]), dim=1)


def masked_cross_entropy(logits: Tensor, wanted: Tensor) -> Tensor:
    """Mean binary cross-entropy over the targets that are not NaN; 0 where all of them are."""
    valid = ~wanted.isnan()
    each = nn.functional.binary_cross_entropy_with_logits(
        logits, wanted.nan_to_num(), reduction="none"
    )
    return (each * valid).sum() / valid.sum().clamp(min=1)


def lesson_loss(
    model: Student, step: Step, lessons: Lessons, usual: tuple[Tensor, Tensor]
) -> Tensor:
    """The weighted sum of the student's losses, a scalar.

    usual: mean and spread of the teacher's features.
    """
    with step.autocast():
        hidden = model.encoder.features(step.put(lessons.levels))
    tags = masked_cross_entropy(model.tags(hidden), step.put(lessons.tags))
    presence = masked_cross_entropy(model.encoder.presence(hidden), step.put(lessons.present))
    wanted = step.put(lessons.features)
    alone = ~wanted[:, 0].isnan()
    predicted = model.features(hidden[alone])
    target = (wanted[alone] - usual[0]) / usual[1]
    feature = ((predicted - target) ** 2).mean() if alone.any() else 0.0
    shares = step.put(lessons.shares)[:, : len(LABELS)]
    known = shares.sum(1)
    mostly = known > KNOWN
    words = model.directions(lambda name: [str(step.rng.choice(texts_of(name)))])
    text = sound_text_loss(
        model.encoder.embedding(hidden[mostly]), words, model.logit_scale(),
        shares[mostly] / known[mostly, None],
    )  # fmt: skip
    return TAGS * tags + PRESENCE * presence + FEATURE * feature + TEXT * text


@torch.no_grad()
def presences(encoder: Encoder, levels: Tensor) -> tuple[Tensor, Tensor]:
    """(b, frames, bands) -> (b, labels) presence logits, (b, d) embeddings; in parts."""
    found = [
        (encoder.presence(hidden)[:, : len(LABELS)], encoder.embedding(hidden))
        for part in levels.split(64)
        for hidden in (encoder.features(part),)
    ]
    return torch.cat([a for a, _ in found]), torch.cat([b for _, b in found])


def measure(
    encoder: Encoder, words: Tensor, pool: Pool, fold: int, mixes: int = 480
) -> Heard | None:
    """Accuracy on plain windows of a fold's held-out recordings; None where there are none.

    words: (labels, d) unit vectors of the joint space.
    """
    encoder.eval()
    rows = np.flatnonzero(measuring_rows(pool, fold) & (pool.labels < len(LABELS)))
    labels = pool.labels[rows]
    there = np.unique(labels)
    if len(there) < 2:
        return None
    levels = torch.from_numpy(np.asarray(pool.levels[rows], dtype=np.float32))
    logits, embedded = presences(encoder, levels)
    order = logits.argsort(1, descending=True).numpy()
    by_text = (embedded @ words.T).argmax(1).numpy()

    def mean(hits: np.ndarray) -> float:
        return float(np.mean([hits[labels == label].mean() for label in np.unique(labels)]))

    rng = np.random.default_rng(fold)
    first, second = (np.zeros(mixes, int) for _ in range(2))
    for i in range(mixes):
        a, b = rng.choice(there, 2, replace=False)
        first[i] = rng.choice(np.flatnonzero(labels == a))
        second[i] = rng.choice(np.flatnonzero(labels == b))
    power = 10**levels
    power = power / power.sum((1, 2), keepdim=True).clamp(min=1e-9) * 1e3
    pairs = np.stack([labels[first], labels[second]], 1)
    mixed = presences(encoder, torch.log10(power[first] + power[second] + 1e-9))[0]
    two = mixed.argsort(1, descending=True)[:, :2].numpy()
    present = torch.zeros(len(mixed), len(LABELS)).scatter_(1, torch.from_numpy(pairs), 1.0)
    single = torch.nn.functional.one_hot(torch.from_numpy(labels), len(LABELS)).float()
    said, true = torch.cat([logits, mixed]), torch.cat([single, present])
    # every second one is fitted to, the others tell how well that went
    slope, shift = fit_logistic(said[::2].flatten(), true[::2].flatten())
    off = expected_error(torch.sigmoid(said[1::2] * slope + shift).flatten(), true[1::2].flatten())
    return Heard(
        mean(order[:, 0] == labels),
        mean((order[:, :3] == labels[:, None]).any(1)),
        mean(by_text == labels),
        float((np.sort(two, 1) == np.sort(pairs, 1)).all(1).mean()),
        float((two[:, :1] == pairs).any(1).mean()),
        slope,
        shift,
        off,
    )


def load_encoder(path: Path) -> Encoder:
    """The averaged weights of a checkpoint, calibrated by what was measured last.

    Raises FileNotFoundError.
    """
    weights, facts = _saved(path)
    model = Encoder()
    model.load_state_dict(_part(weights, "encoder."))
    model.calibration.copy_(torch.tensor([facts.get("slope", 1.0), facts.get("shift", 0.0)]))
    return model.eval()


def load_texts(path: Path) -> TextTower:
    """The text tower of a checkpoint that has learnt its own words.

    Raises FileNotFoundError, and InputError where the words were given.
    """
    weights = _part(_saved(path)[0], "text.")
    if not weights:
        raise InputError(
            f"{path} learnt into the words of a bundle and reads no others: train one with "
            "python -m training.train_presence --new-words"
        )
    tower = TextTower()
    tower.load_state_dict(weights)
    return tower.eval()


@torch.no_grad()
def words_of(path: Path) -> Tensor:
    """(labels, d) unit vectors of the names in the space of such a checkpoint."""
    student = Student()
    assert student.text is not None
    student.text = load_texts(path)
    return student.directions()


def _saved(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The averaged weights of a checkpoint, and what was measured of them."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"no checkpoint {path}: run python -m training.train_presence")
    return saved["average"], saved["facts"]


def _part(weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}


def train(
    pool: Pool, out: Path, words: Tensor | None, *, fold: int | None, minutes: float,
    steps: int | None = None, batch: int = 64, rate: float = ENCODER, seed: int = 0,
    every: int = 1000, start: Callable[[], Mapping[str, Tensor]] | None = None,
    before: Mapping[str, Any] | None = None, mixes: int = 480,
) -> dict[str, Any]:  # fmt: skip
    """Trains for so many minutes or steps (resumed time counts); saves `out`; returns what was
    measured last.

    words: (labels, d) unit vectors, where each label's name lies in the joint space; None: a text
    tower learns where. fold: its recordings are kept away and measured by; None: every recording is
    learnt from. start: gives the weights of the student, or some, that a new one begins with; not
    asked where one goes on. before: what was measured of those; it stands where nothing is kept
    away. mixes: to measure on.
    """
    if not pool.has_teacher:
        print_error("", "no teacher has heard the pool: the encoder learns from labels alone")
    torch.manual_seed(seed)
    model, averaged = Student(words), Student(words)
    done = load_checkpoint(out)
    if start is not None and done is None:
        model.load_state_dict(start(), strict=False)
    drawer = LessonDrawer(pool, fold, seed + (done["step"] if done else 0))
    count = min(4000, len(pool.features))
    some = np.sort(np.random.default_rng(0).choice(len(pool.features), count, replace=False))
    teacher = torch.from_numpy(np.asarray(pool.features[some], dtype=np.float32))
    usual = teacher.mean(0), teacher.std(0) + 1e-3

    def loss_of(step: Step) -> Tensor:
        return lesson_loss(model, step, drawer.next(batch), usual)

    def check(_: Step) -> dict[str, Any]:
        told = {
            "temperature": round(1 / float(averaged.logit_scale()), 4), "taught": pool.has_teacher
        }  # fmt: skip
        if fold is None and before:
            return {**before, **told}
        with torch.no_grad():
            words = averaged.eval().directions()
        # with every recording in training this is no measure, only a sign of life
        heard = measure(averaged.encoder, words, pool, fold or 0, mixes)
        return told | (asdict(heard) | {"held_out": fold is not None} if heard else {})

    train_for(
        minutes, out, model, loss_of, rate, "encoder", seed, 0.9985, steps, averaged=averaged,
        check=check, check_every=every, clip=3.0,
        make_optimiser=partial(muon_for, weight_decay=0.03, apart=[model.encoder.stem]),
    )  # fmt: skip
    saved = load_checkpoint(out)
    return dict(saved["facts"]) if saved else {}
