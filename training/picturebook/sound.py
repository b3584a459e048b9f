"""The stages that learn to hear."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.system.terminal import say
from training.hearing import joint_training
from training.hearing.encoder_training import train as train_encoder
from training.hearing.pool import PLAIN, build, load, plan_jobs
from training.hearing.separated_slots import build_separated, load_separated
from training.hearing.separator_training import load_separator
from training.hearing.separator_training import train as train_separator
from training.loop.checkpoints import load_checkpoint
from training.loop.whole_files import write_array
from training.picturebook.plan import Plan
from training.picturebook.stages import Stage
from training.retrieval.bank import classify, retrieved_embeddings
from training.sound_pool import main as render_pool

GO_ON_RATE = 1e-3
"""Highest learning rate of what goes on from trained weights."""
POINTS_PER_DB = 3.0
"""A decibel of separation is worth so many points of hearing accuracy."""


def sound_stages(plan: Plan) -> list[Stage]:
    """From recordings and synthesis to the exported ear."""
    runs = plan.runs
    pool, encoder, separator = runs / "pool", runs / "encoder.pt", runs / "separator.pt"
    joint, ear = runs / "joint.pt", (runs / "ear" / "encoder.pt", runs / "ear" / "separator.pt")
    together = runs / "ear" / "together.pt", runs / "ear" / "apart.pt"
    slots, slots_encoder = runs / "separated", runs / "ear" / "slots.pt"
    pairs, hearing = runs / "pairs.npy", runs / "hearing"
    real, synthetic, others = plan.clips

    def render() -> None:
        if plan.sounds:
            given = ["--sounds", str(plan.sounds), "--seed", str(plan.seed), "-o", str(pool)]
            given += ["--real", str(real), "--synthetic", str(synthetic), "--others", str(others)]
            render_pool([*given, "--workers", str(os.cpu_count() or 1)])
            return
        jobs = plan_jobs([], 0, synthetic, 0, plan.seed)
        # nobody's recordings to measure on: other takes of the synthesiser stand in
        tests = [replace(job, split=PLAIN, seed=10_000 + job.seed) for job in jobs[:: synthetic]]
        build([*jobs, *tests], pool, os.cpu_count() or 1)

    def hear() -> None:
        train_encoder(load(pool), encoder, seed=plan.seed, **plan.trainer_options("encoder"))

    def separate() -> None:
        train_separator(load(pool), separator, seed=plan.seed, **plan.trainer_options("separator"))

    def learn_together() -> None:
        joint_training.train(
            load(pool), separator, encoder, joint, seed=plan.seed, **plan.trainer_options("joint")
        )
        joint_training.split(joint, together[1], together[0])
        if not improves(*(facts_of(path) for path in (encoder, separator, joint))):
            say("joint: heard no better together; the two stay as they were")
            shutil.copyfile(encoder, together[0])
            shutil.copyfile(separator, together[1])

    def take_apart() -> None:
        build_separated(load(pool), load_separator(together[1]), plan.mixes, slots, plan.seed)

    def hear_slots() -> None:
        train_encoder(
            load(pool), slots_encoder, start=together[0], separated=load_separated(slots),
            rate=GO_ON_RATE, seed=plan.seed, **plan.trainer_options("slots-encoder"),
        )  # fmt: skip

    def hear_everything() -> None:
        train_encoder(
            load(pool), ear[0], start=slots_encoder, separated=load_separated(slots),
            everything=True, rate=GO_ON_RATE, seed=plan.seed, **plan.trainer_options("everything"),
        )  # fmt: skip

    def separate_everything() -> None:
        train_separator(
            load(pool), ear[1], start=together[1], everything=True, rate=GO_ON_RATE,
            seed=plan.seed, **plan.trainer_options("everything-separator"),
        )  # fmt: skip

    def export() -> None:
        from export.sound import main as export_sound

        given = ["--encoder", str(ear[0]), "--separator", str(ear[1]), "-o", str(hearing)]
        if plan.sounds:
            given += ["--sounds", str(plan.sounds)]
        export_sound(given)

    def pair() -> None:
        bank = retrieved_embeddings(pool, ear[0], plan.heard, plan.seed)
        write_array(pairs, classify(bank, hearing))

    return [
        Stage(
            "sound-pool", "thousands of augmented clips of every label", (pool,), render,
            settings={"clips": plan.clips, "sounds": str(plan.sounds or ""), "seed": plan.seed},
        ),
        Stage(
            "encoder", "sounds and texts learn one space", (encoder,), hear,
            ("sound-pool",), plan.settings("encoder"),
        ),
        Stage(
            "separator", "mixtures are taken apart", (separator,), separate,
            ("sound-pool",), plan.settings("separator"),
        ),
        Stage(
            "joint", "both together, from mixtures alone; kept if it pays",
            (joint, *together), learn_together, ("sound-pool", "encoder", "separator"),
            plan.settings("joint"),
        ),
        Stage(
            "slots", "what the separator makes of mixtures", (slots,), take_apart,
            ("sound-pool", "joint"), {"mixes": plan.mixes, "seed": plan.seed},
        ),
        Stage(
            "slots-encoder", "the encoder learns from separated sounds", (slots_encoder,),
            hear_slots, ("sound-pool", "joint", "slots"), plan.settings("slots-encoder"),
        ),
        Stage(
            "everything", "and, measured by now, from the held-out recordings too", (ear[0],),
            hear_everything, ("sound-pool", "slots", "slots-encoder"), plan.settings("everything"),
        ),
        Stage(
            "everything-separator", "the separator likewise", (ear[1],), separate_everything,
            ("sound-pool", "joint"), plan.settings("everything-separator"),
        ),
        Stage(
            "hear-export", "the ear as ONNX files, compared with torch", (hearing,), export,
            ("everything", "everything-separator"),
        ),
        Stage(
            "pairs", "each label retrieves sounds through the joint space", (pairs,), pair,
            ("sound-pool", "everything", "hear-export"), {"heard": plan.heard, "seed": plan.seed},
        ),
    ]  # fmt: skip


def facts_of(checkpoint: Path) -> dict[str, Any]:
    """What a trainer measured on held-out sounds."""
    saved = load_checkpoint(checkpoint)
    return dict(saved["facts"]) if saved else {}


def improves(
    encoder: Mapping[str, Any], separator: Mapping[str, Any], jointly: Mapping[str, Any]
) -> bool:
    """Whether training together made more than it cost: points of accuracy plus decibels."""
    points = 100 * (jointly.get("top1", 0.0) - encoder.get("top1", 0.0))
    decibels = jointly.get("two_sources_db", 0.0) - separator.get("two_sources_db", 0.0)
    return points + POINTS_PER_DB * decibels > 0
