"""The stages that learn to hear."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from training import train_jointly
from training.checkpoints import load_checkpoint
from training.picturebook_plan import Plan
from training.picturebook_stages import Stage
from training.retrieval_bank import as_heard, retrieved_embeddings
from training.sound_pool import PLAIN, build, load, plan_jobs
from training.sound_pool import main as render_pool
from training.train_encoder import train as train_encoder
from training.train_separator import train as train_separator

POINTS_PER_DB = 3.0
"""A decibel of separation is worth so many points of hearing accuracy."""


def sound_stages(plan: Plan) -> list[Stage]:
    """From recordings and synthesis to the exported ear."""
    runs = plan.runs
    pool, encoder, separator = runs / "pool", runs / "encoder.pt", runs / "separator.pt"
    joint, ear = runs / "joint.pt", (runs / "ear" / "encoder.pt", runs / "ear" / "separator.pt")
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
        train_encoder(load(pool), encoder, seed=plan.seed, **plan.told("encoder"))

    def separate() -> None:
        train_separator(load(pool), separator, seed=plan.seed, **plan.told("separator"))

    def learn_together() -> None:
        train_jointly.train(
            load(pool), separator, encoder, joint, seed=plan.seed, **plan.told("joint")
        )
        train_jointly.split(joint, ear[1], ear[0])
        if not paid(*(facts_of(path) for path in (encoder, separator, joint))):
            print("joint: heard no better together; the two stay as they were")
            shutil.copyfile(encoder, ear[0])
            shutil.copyfile(separator, ear[1])

    def export() -> None:
        from export.sound import main as export_sound

        given = ["--encoder", str(ear[0]), "--separator", str(ear[1]), "-o", str(hearing)]
        if plan.sounds:
            given += ["--sounds", str(plan.sounds)]
        export_sound(given)

    def pair() -> None:
        bank = retrieved_embeddings(pool, ear[0], plan.heard, plan.seed)
        write_array(pairs, as_heard(bank, hearing))

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
            "joint", "both together, from mixtures alone; kept if it pays", (joint, *ear),
            learn_together, ("sound-pool", "encoder", "separator"), plan.settings("joint"),
        ),
        Stage(
            "hear-export", "the ear as ONNX files, compared with torch", (hearing,), export,
            ("joint",),
        ),
        Stage(
            "pairs", "each label retrieves sounds through the joint space", (pairs,), pair,
            ("sound-pool", "joint", "hear-export"), {"heard": plan.heard, "seed": plan.seed},
        ),
    ]  # fmt: skip


def facts_of(checkpoint: Path) -> dict[str, Any]:
    """What a trainer measured on held-out sounds."""
    saved = load_checkpoint(checkpoint)
    return dict(saved["facts"]) if saved else {}


def paid(
    encoder: Mapping[str, Any], separator: Mapping[str, Any], jointly: Mapping[str, Any]
) -> bool:
    """Whether training together made more than it cost: points of accuracy plus decibels."""
    points = 100 * (jointly.get("top1", 0.0) - encoder.get("top1", 0.0))
    decibels = jointly.get("two_sources_db", 0.0) - separator.get("two_sources_db", 0.0)
    return points + POINTS_PER_DB * decibels > 0


def write_array(path: Path, array: np.ndarray) -> None:
    """Writes a .npy file whole or not at all."""
    part = path.with_suffix(".part.npy")
    np.save(part, array)
    os.replace(part, path)
