"""The stages that learn to hear."""

from __future__ import annotations

import os
from collections.abc import Mapping

from torch import Tensor

from training.hearing import encoder_training, separator_training
from training.hearing.pool import load
from training.loop.checkpoints import load_checkpoint
from training.loop.whole_files import write_array
from training.picturebook.plan import Plan
from training.picturebook.stages import Stage
from training.retrieval.bank import classify, retrieved_embeddings
from training.taught_pool import render_pool

GO_ON_RATE = 1e-3
"""Highest learning rate of what goes on from trained weights."""
FOLD = 0
"""Whose collections are kept away while it is measured how well strange sounds are heard."""


def sound_stages(plan: Plan) -> list[Stage]:
    """From recordings and synthesis to the exported ear."""
    runs = plan.runs
    pool, encoder, separator = runs / "pool", runs / "encoder.pt", runs / "separator.pt"
    ear = runs / "ear" / "encoder.pt", runs / "ear" / "separator.pt"
    pairs, hearing = runs / "pairs.npy", runs / "hearing"

    def render() -> None:
        workers = os.cpu_count() or 1
        render_pool(plan.sounds, pool, plan.teacher, plan.share, plan.seed, workers)

    def separate() -> None:
        separator_training.train(
            load(pool), separator, fold=FOLD, seed=plan.seed, **plan.trainer_options("separator")
        )

    def hear() -> None:
        encoder_training.train(
            load(pool), encoder, None, fold=FOLD, seed=plan.seed, **plan.trainer_options("encoder")
        )

    def separate_everything() -> None:
        separator_training.train(
            load(pool), ear[1], fold=None, start=separator, rate=GO_ON_RATE, seed=plan.seed,
            **plan.trainer_options("everything-separator"),
        )  # fmt: skip

    def hear_everything() -> None:
        saved = load_checkpoint(encoder)
        assert saved is not None

        def start() -> Mapping[str, Tensor]:
            return saved["average"]

        encoder_training.train(
            load(pool), ear[0], None, fold=None, start=start, before=saved["facts"],
            rate=GO_ON_RATE, seed=plan.seed, **plan.trainer_options("everything"),
        )  # fmt: skip

    def export() -> None:
        from export.sound import main as export_sound

        given = ["--encoder", str(ear[0]), "--separator", str(ear[1]), "-o", str(hearing)]
        if plan.sounds:
            given += ["--sounds", str(plan.sounds)]
        export_sound(given)

    def pair() -> None:
        words = encoder_training.words_of(ear[0]).numpy()
        saved = load_checkpoint(ear[0])
        assert saved is not None
        bank = retrieved_embeddings(pool, ear[0], words, plan.heard, plan.seed)
        write_array(pairs, classify(bank, words, saved["facts"]["temperature"]))

    return [
        Stage(
            "sound-pool", "takes of every label, heard by the teacher where there is one", (pool,),
            render, settings={
                "share": plan.share, "sounds": str(plan.sounds or ""),
                "teacher": str(plan.teacher or ""), "seed": plan.seed,
            },
        ),
        Stage(
            "separator", "mixtures are taken apart", (separator,), separate,
            ("sound-pool",), plan.settings("separator"),
        ),
        Stage(
            "encoder", "which labels sound, and where they lie among texts", (encoder,), hear,
            ("sound-pool",), plan.settings("encoder"),
        ),
        Stage(
            "everything-separator", "and, measured by now, from the held-out recordings too",
            (ear[1],), separate_everything, ("sound-pool", "separator"),
            plan.settings("everything-separator"),
        ),
        Stage(
            "everything", "the encoder likewise", (ear[0],), hear_everything,
            ("sound-pool", "encoder"), plan.settings("everything"),
        ),
        Stage(
            "hear-export", "the ear as ONNX files, compared with torch", (hearing,), export,
            ("everything", "everything-separator"),
        ),
        Stage(
            "pairs", "each label retrieves sounds through the joint space", (pairs,), pair,
            ("sound-pool", "everything"), {"heard": plan.heard, "seed": plan.seed},
        ),
    ]  # fmt: skip
