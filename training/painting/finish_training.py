"""Finishes pictures against the truth inside the drawings, and against a critic everywhere.

What stands in a source's box is known, so it is learnt from the true picture; the land around is
another one than the truth's, so there only a critic says whether it looks like the world, and its
colours stay what the generator made them.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.loop.trainer import Step, channels_last, load_checkpoint, train_for
from training.painting.autoencoder import Decoder, to_model
from training.painting.batches import SHARES
from training.painting.decoder_training import (
    Discriminator,
    adversarial_share,
    hinge_loss,
    load_refined,
)
from training.painting.distillation import load_painter
from training.painting.drawings import COLUMNS, ROWS, DrawingTable, Laid, drawing_table
from training.painting.features import FeaturePool, make_features, shares_of
from training.painting.finish import SCALE, Finish, Painted
from training.painting.lands import load_lands
from training.painting.pictures import PoolPlan, large_plans, paint_pool
from training.world.atlas import gather_atlas

PEAK_RATE = 4e-4
CRITIC_RATE = 3e-4
ADVERSARIAL = 0.15
MOST = 2.0
"""The adversarial loss is never made to count for more than so many times itself."""
SIDE = 28
"""Features of the squares that are trained on, each way."""
RIM = 2 * SCALE
"""Pixels at the edge of a square that nothing is learnt from: what lies beyond is missing there."""
SHIPPED = Path("finish.shipped.pt")
"""The last stage of a bundle, in a runs folder: to begin with."""
CALM = 16
"""Pixels of the regions whose colour stays what it was."""


def critics() -> nn.ModuleList:
    """One for the picture at half its size, one at a quarter.

    None sees it as it is: the grain of the world's paper would teach it nothing but a pattern.
    """
    return nn.ModuleList([Discriminator(channels=4), Discriminator(channels=4)])


def scores(judges: nn.ModuleList, pictures: Tensor, cover: Tensor) -> list[Tensor]:
    """What each critic says."""
    half = F.avg_pool2d(torch.cat([pictures, cover], 1), 2)
    return [judges[0](half)[0], judges[1](F.avg_pool2d(half, 2))[0]]


@dataclass(frozen=True, slots=True)
class Squares:
    """A batch of square cut-outs, with what is laid into them."""

    features: Tensor
    true: Tensor
    drawings: Tensor
    weights: Tensor
    places: Tensor
    atmosphere: Tensor
    columns: Tensor
    rows: Tensor
    shape: float


def cut(pool: FeaturePool, table: DrawingTable, batch: int, step: Step, side: int) -> Squares:
    """Draws a batch out of one pool."""
    rng, put = step.rng, step.put
    chosen = np.sort(rng.choice(len(pool.features), batch, replace=False))
    tall, wide = pool.features.shape[2:]
    side = min(side, tall, wide)
    tops = rng.integers(tall - side + 1, size=batch)
    lefts = rng.integers(wide - side + 1, size=batch)
    features = np.stack([
        pool.features[row, :, top : top + side, left : left + side]
        for row, top, left in zip(chosen, tops, lefts, strict=True)
    ])
    reach = side * SCALE
    true = np.stack([
        pool.truth.pictures[row, top * SCALE :][:reach, left * SCALE : left * SCALE + reach]
        for row, top, left in zip(chosen, tops, lefts, strict=True)
    ])
    middle = np.arange(reach) + 0.5
    return Squares(
        put(features.astype(np.float32)),
        put(to_model(torch.from_numpy(true))),
        table(put(shares_of(pool.truth.labels[chosen], pool.truth.looks[chosen]))),
        put(pool.truth.weights[chosen]),
        put(pool.truth.places[chosen]),
        put(pool.truth.atmosphere[chosen]),
        put(((lefts[:, None] * SCALE + middle) / (wide * SCALE)).astype(np.float32)),
        put(((tops[:, None] * SCALE + middle) / (tall * SCALE)).astype(np.float32)),
        wide / tall,
    )


def inner(pictures: Tensor) -> Tensor:
    """(b, c, h, w) without its rim."""
    return pictures[..., RIM:-RIM, RIM:-RIM]


def inside_loss(made: Tensor, true: Tensor, cover: Tensor) -> Tensor:
    """Absolute error of pixels and of their differences where drawings are."""
    error, share = (made - true) * cover, cover.mean() + 0.02
    edges = error.diff(dim=2).abs().mean() + error.diff(dim=3).abs().mean()
    return (error.abs().mean() + 0.5 * edges) / share


def outside_loss(made: Tensor, before: Tensor, cover: Tensor) -> Tensor:
    """Absolute change of the colour of regions where no drawings are, and of the finest detail."""
    change = (made - before) * (1 - cover)
    finest = change.diff(dim=2).abs().mean() + change.diff(dim=3).abs().mean()
    return F.avg_pool2d(change, CALM).abs().mean() + 0.1 * change.abs().mean() + finest


def train(
    runs: Path,
    minutes: float,
    batch: int = 4,
    seed: int = 3,
    pictures: tuple[PoolPlan, ...] | None = None,
    steps: int | None = None,
    side: int = SIDE,
) -> Painted:
    """Trains for some minutes into runs/finish.pt, going on where it was; returns the averaged one.

    pictures: other pools than the whole ones. side: of the squares, in features.
    """
    painter, autoencoder = load_painter(runs / "student.pt"), load_refined(runs)
    lands = load_lands(runs / "lands.pt") if (runs / "lands.pt").exists() else None
    pools = [
        make_features(
            paint_pool(runs, plan), painter, autoencoder, runs / plan.name / "features.npy", seed,
            lands,
        )
        for plan in pictures or large_plans()
    ]
    table = drawing_table(gather_atlas(ROWS, COLUMNS))
    torch.manual_seed(seed)
    painted = channels_last(Painted(Finish(autoencoder.decoder)))
    before = copy.deepcopy(painted.finish)
    if shipped := load_checkpoint(runs / SHIPPED):
        painted.load_state_dict(shipped["average"])
    judges = channels_last(critics())
    optimiser = torch.optim.AdamW(judges.parameters(), CRITIC_RATE, (0.5, 0.99))
    last = painted.finish.leave.weight

    def loss_of(step: Step) -> Tensor:
        pool = pools[int(step.rng.choice(len(SHARES), p=SHARES))]
        squares = cut(pool, table, batch, step, side)
        laid = painted.drawings(
            squares.drawings, squares.weights, squares.places, squares.atmosphere,
            squares.columns, squares.rows, squares.shape,
        )  # fmt: skip
        made, true = inner(painted.finish(squares.features, laid)), inner(squares.true)
        cover = inner(laid.cover.detach())
        with torch.no_grad():
            none = Laid(torch.zeros_like(laid.colours), torch.zeros_like(laid.cover))
            soft = inner(before(squares.features, none))
        seen = scores(judges, true, cover), scores(judges, made.detach(), cover)
        hinge = sum(hinge_loss(a, b) for a, b in zip(*seen, strict=True))
        assert isinstance(hinge, Tensor)
        optimiser.zero_grad(set_to_none=True)
        hinge.backward()
        optimiser.step()
        known = inside_loss(made, true, cover) + 2.0 * outside_loss(made, soft, cover)
        said = scores(judges, made, cover)
        adversarial = -(said[0].mean() + said[1].mean())
        share = adversarial_share(known, adversarial, last, MOST)
        return known + ADVERSARIAL * share * adversarial

    average = train_for(
        minutes, runs / "finish.pt", painted, loss_of, PEAK_RATE, "finish", seed, decay=0.995,
        steps=steps, beside={"judges": judges, "judges_optimiser": optimiser},
        frozen=(before, table),
    )  # fmt: skip
    painted.load_state_dict(average.state)
    return painted.eval()


def load_painted(path: Path) -> Painted:
    """The averaged last stage of a run, frozen."""
    saved = load_checkpoint(path)
    if saved is None:
        raise FileNotFoundError(f"{path}: no such checkpoint; run training.finish_pictures first")
    painted = channels_last(Painted(Finish(Decoder())))
    painted.load_state_dict(saved["average"])
    return painted.eval().requires_grad_(False)
