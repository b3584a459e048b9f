"""The few-step gap: how much farther from real pictures few steps are than the teacher's 50."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from engine.bundle.load import Bundle
from engine.packets import U8, PictureConditions
from training.evaluate.bundle_painter import select_rows
from training.evaluate.pictures import distance_rows
from training.evaluate.report.table import Row, row, unmeasured_rows
from training.evaluate.setting import NotMeasuredError, Outcome, Setting, require_judge
from training.judge.pictures import resize_for_judge
from training.judge.scores import frechet_distance, kernel_distance, over_subsets
from training.painting.autoencoder import Autoencoder, to_pixels
from training.painting.decoder_training import load_refined
from training.painting.distillation import guided_velocity, load_painter
from training.painting.generator import Concepts, Conditions, Painter

STEPS = 50
BATCH = 8
GAPS = {1: "few-step gap, 1 step", 2: "few-step gap, 2 steps"}


@torch.no_grad()
def sample_latents(velocity_of: nn.Module, noise: Tensor, asked: Conditions, steps: int) -> Tensor:
    """Latents (b, c, h, w) along the teacher's guided flow in equal Euler steps from noise."""
    z = noise
    for step in range(steps):
        t = torch.full((len(z),), 1 - step / steps)
        with torch.autocast("cpu", torch.bfloat16):
            velocity = guided_velocity(velocity_of, z, t, asked)
        z = z - velocity.float() / steps
    return z


def teacher_pictures(
    teacher: Painter,
    autoencoder: Autoencoder,
    bundle: Bundle,
    asked: PictureConditions,
    steps: int = STEPS,
) -> U8:
    """u8 (n, h / 2, w / 2, 3): what the teacher paints of conditions made for the bundle."""
    vocabulary = torch.from_numpy(np.array(bundle.vocabulary))
    concepts = Concepts(teacher.table, vocabulary, bundle.manifest.label_temperature)
    made = []
    for at in tqdm(range(0, len(asked.weights), BATCH), "the teacher", unit="batch", leave=False):
        part = select_rows(asked, slice(at, at + BATCH))
        tokens, weights, places, looks, atmosphere, noise = (
            torch.from_numpy(np.ascontiguousarray(getattr(part, name)))
            for name in ("tokens", "weights", "places", "looks", "atmosphere", "noise")
        )
        wanted = Conditions(
            concepts(tokens, looks), weights, places, atmosphere, torch.ones(len(weights))
        )
        noise = noise.contiguous(memory_format=torch.channels_last)
        latents = sample_latents(teacher.generator, noise, wanted, steps)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            pictures = autoencoder.decode(latents).float()
        made.append(resize_for_judge(np.ascontiguousarray(to_pixels(pictures).numpy())))
    return np.concatenate(made)


def few_step_rows(setting: Setting) -> Outcome:
    """FID-judge and KID-judge by steps, and over the teacher's at 50 where its run is at hand."""
    judge, real, _ = require_judge(setting)
    outcome, features, asked_of = distance_rows(setting)
    offered = [steps for steps in GAPS if steps in features]
    try:
        teacher, autoencoder = _teacher(setting.runs)
    except NotMeasuredError as missing:
        missed = unmeasured_rows([GAPS[steps] for steps in offered], str(missing))
        return Outcome([*missed, *outcome.rows], outcome.details)
    count = min(setting.effort.teacher, len(asked_of.labels))
    asked = setting.painter.conditions_of(asked_of, "scene", setting.seed + 11)
    some = select_rows(asked, slice(0, count))
    made = teacher_pictures(teacher, autoencoder, setting.bundle, some)
    # each set against the same real pictures, all of the same size: the formula's bias is shared
    reference = judge.look(real.pictures).features
    theirs = judge.look(made).features
    base = frechet_distance(theirs, reference)
    near = over_subsets(kernel_distance, theirs, reference, seed=setting.seed)
    gaps = []
    for steps in sorted(offered, reverse=True):
        ours = features[steps][:count]
        ratios = _spread_of_ratio(ours, theirs, reference, setting.seed)
        gap = frechet_distance(ours, reference) / max(base, 1e-9)
        gaps.append(row(GAPS[steps], gap, f"over the teacher's FID-judge of {base:.3g} in {STEPS}",
                        ratios, count))  # fmt: skip
    teacher_row = Row(
        f"KID-judge, teacher in {STEPS}, x 1000", 1000 * near.mean, "", 1000 * near.spread, count
    )
    kept = {"fid_judge": base, "kid_judge": near.mean, "kid_spread": near.spread}
    details = {"distances": {**outcome.details["distances"], f"teacher {STEPS}": kept}}
    return Outcome([*gaps, *outcome.rows, teacher_row], details)


def _teacher(runs: Path) -> tuple[Painter, Autoencoder]:
    try:
        teacher = load_painter(runs / "teacher.pt")
        return teacher, load_refined(runs).eval()
    except (FileNotFoundError, RuntimeError, KeyError) as error:
        raise NotMeasuredError(f"no teacher in {runs} ({type(error).__name__})") from error


def _spread_of_ratio(
    ours: np.ndarray, theirs: np.ndarray, reference: np.ndarray, seed: int, draws: int = 20
) -> float:
    """Two standard deviations of the ratio of distances over random halves of the conditions."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(draws):
        half = rng.choice(len(ours), max(2, len(ours) // 2), replace=False)
        below = frechet_distance(theirs[half], reference)
        found.append(frechet_distance(ours[half], reference) / max(below, 1e-9))
    return 2 * float(np.std(found))
