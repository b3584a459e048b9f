"""The stages that learn to paint, and those that put the bundle together and measure it."""

from __future__ import annotations

import json
import os

import numpy as np
import torch

from training import train_judge
from training.gather_lands import gather_into
from training.painting import autoencoder_training, finish_training, generator_training
from training.painting import decoder_training as decoder_refining
from training.painting import distillation as distilling
from training.painting.batches import open_pools
from training.painting.pictures import paint_pool
from training.picturebook.plan import Plan
from training.picturebook.stages import Stage

STOPPED = 130
"""Exit code of a command after Ctrl-C."""


def paint_stages(plan: Plan) -> list[Stage]:
    """From the image world to the few-step generator, and the judge beside it."""
    runs, seed = plan.runs, plan.seed
    autoencoder, decoder = runs / "autoencoder.pt", runs / "decoder.pt"
    folders = tuple(runs / pool.name for pool in plan.pictures)

    def pictures() -> list[np.ndarray]:
        return [paint_pool(runs, pool).pictures for pool in plan.pictures]

    def pairs() -> torch.Tensor:
        return torch.from_numpy(np.load(runs / "pairs.npy"))

    def paint() -> None:
        pictures()

    def learn_latents() -> None:
        autoencoder_training.train(
            pictures(), autoencoder, seed=seed, **plan.trainer_options("autoencoder")
        )

    def encode() -> None:
        open_pools(runs, plan.pictures)

    def sharpen() -> None:
        decoder_refining.train(
            pictures(), autoencoder_training.load_autoencoder(autoencoder), decoder,
            seed=seed + 2, **plan.trainer_options("decoder"),
        )  # fmt: skip

    def remember() -> None:
        gather_into(runs, 1 if plan.quick else 2)

    def teach() -> None:
        generator_training.train(
            runs, pictures=plan.pictures, pairs=pairs(), seed=seed,
            **plan.trainer_options("teacher"),
        )

    def distil_it() -> None:
        distilling.train(
            runs, pictures=plan.pictures, pairs=pairs(), seed=seed + 1,
            **plan.trainer_options("student"),
        )

    def finish() -> None:
        finish_training.train(
            runs, pictures=plan.large_pictures, seed=seed + 3, **plan.trainer_options("finish")
        )

    def judge() -> None:
        given = [str(runs), "--minutes", str(plan.minutes("judge"))]
        given += ["--workers", str(os.cpu_count() or 1)]
        given += ["--steps", str(plan.steps)] if plan.steps else []
        if plan.judged:
            for option, count in zip(("--scenes", "--panels", "--held"), plan.judged, strict=True):
                given += [option, str(count)]
        try:
            train_judge.main(given)
        except SystemExit as end:
            if end.code == STOPPED:
                raise KeyboardInterrupt from None
            raise

    painted = {"pictures": [[pool.name, pool.first, pool.count] for pool in plan.pictures]}
    largely_painted = {
        "pictures": [[pool.name, pool.first, pool.count] for pool in plan.large_pictures]
    }
    return [
        Stage("pictures", "scenes and panels are painted", folders, paint, settings=painted),
        Stage(
            "autoencoder", "pictures to latents and back",
            (autoencoder, autoencoder.with_suffix(".final.pt")), learn_latents,
            ("pictures",), plan.settings("autoencoder"),
        ),
        Stage(
            "latents", "every picture as its latents",
            tuple(folder / "latents.npy" for folder in folders),
            encode, ("pictures", "autoencoder"),
        ),
        Stage(
            "decoder", "the way back gets crisp", (decoder,), sharpen,
            ("pictures", "autoencoder"), plan.settings("decoder"),
        ),
        Stage(
            "lands", "what lies behind the sources is remembered", (runs / "lands.pt",), remember,
            ("autoencoder",),
        ),
        Stage(
            "teacher", "noise to pictures, in many steps", (runs / "teacher.pt",), teach,
            ("latents", "pairs"), plan.settings("teacher"),
        ),
        Stage(
            "student", "the same in one or two", (runs / "student.pt",), distil_it,
            ("latents", "pairs", "teacher"), plan.settings("student"),
        ),
        Stage(
            "finish", "drawings and land at full size, crisp", (runs / "finish.pt",), finish,
            ("decoder", "student", "lands"), {**plan.settings("finish"), **largely_painted},
        ),
        Stage(
            "judge", "somebody else learns to tell what a picture shows",
            (runs / "judge.pt", runs / "judge.final.pt"), judge,
            settings={**plan.settings("judge"), "judged": plan.judged},
        ),
    ]  # fmt: skip


def bundle_stages(plan: Plan) -> list[Stage]:
    """The bundle, and what it reaches."""
    runs, found = plan.runs, plan.runs / "evaluation"

    def bundle() -> None:
        from export.bundle.picturebook import build

        build(runs, runs / "hearing", plan.out)

    def evaluate() -> None:
        from export.bundle.picturebook import add_figures
        from training.evaluate.__main__ import main as evaluate_bundle

        given = [str(plan.out), "--runs", str(runs), "-o", str(found)]
        given += ["--seed", str(plan.seed)]
        code = evaluate_bundle([*given, *(["--smoke"] if plan.quick else [])])
        if code == STOPPED:
            raise KeyboardInterrupt
        if code:
            raise RuntimeError("the bundle could not be evaluated")
        add_figures(plan.out, json.loads((found / "evaluation.json").read_text()))

    return [
        Stage(
            "bundle", "everything exported, compared and sealed", (plan.out / "bundle.json",),
            bundle, ("hear-export", "decoder", "student", "finish", "lands"),
            {"out": str(plan.out.resolve())},
        ),
        Stage(
            "evaluate", "the table, plots and sample sheets; figures into the card",
            (found / "evaluation.json",), evaluate, ("bundle", "judge", "sound-pool"),
        ),
    ]  # fmt: skip
