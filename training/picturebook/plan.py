"""How much of everything goes into a bundle: the whole size, and one that is done in a minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.painting.pictures import PoolPlan, plans

SHARES: dict[str, float] = {
    "encoder": 0.08,
    "separator": 0.14,
    "joint": 0.03,
    "slots-encoder": 0.07,
    "everything": 0.03,
    "everything-separator": 0.02,
    "autoencoder": 0.10,
    "decoder": 0.09,
    "teacher": 0.25,
    "student": 0.14,
    "judge": 0.05,
}
"""Of the hours given, by stage. Rendering sounds, painting pictures, encoding and measuring take
what they take beside it."""
CPU_HOURS, GPU_HOURS = 10.0, 1.0
STAGES = (
    *("sound-pool", "encoder", "separator", "joint", "slots", "slots-encoder", "everything"),
    *("everything-separator", "hear-export", "pairs", "pictures", "autoencoder", "latents"),
    *("decoder", "teacher", "student", "judge", "bundle", "evaluate"),
)
"""All of them, in order."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of one run of the whole pipeline."""

    runs: Path
    """Folder for everything between nothing and the bundle."""
    out: Path
    """The bundle."""
    sounds: Path | None = None
    """Recordings with a manifest; None: synthesised sounds alone."""
    hours: float = CPU_HOURS
    """Of training, all stages together."""
    seed: int = 0
    steps: int | None = None
    """Of every trainer, instead of the hours."""
    clips: tuple[int, int, int] = (300, 280, 36)
    """Takes per label: of recordings, synthesised, of labels outside the vocabulary."""
    mixes: int = 4000
    """Mixtures that the separator takes apart for the encoder to learn from."""
    pictures: tuple[PoolPlan, ...] = field(default_factory=plans)
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Keywords per trainer, where its own sizes shall not be."""
    heard: int = 64
    """Sounds retrieved per label."""
    judged: tuple[int, int, int] | None = None
    """Scenes and panels that the judge learns from and scenes that test it, where they shall not
    be its own numbers."""
    quick: bool = False
    """Whether the evaluation runs at its smallest."""

    def minutes(self, stage: str) -> float:
        """Of training, for a stage."""
        return 60 * self.hours * SHARES[stage]

    def trainer_options(self, stage: str) -> dict[str, Any]:
        """A trainer's keywords: minutes, steps where they are counted, sizes of its own."""
        return {"minutes": self.minutes(stage), "steps": self.steps, **self.options.get(stage, {})}

    def settings(self, stage: str) -> dict[str, Any]:
        """What makes a trained stage another one, ready for JSON."""
        return {**self.trainer_options(stage), "seed": self.seed}


def smoke(runs: Path, out: Path, seed: int = 0) -> Plan:
    """Everything once, at the smallest size that is real: what it makes loads, hears and paints,
    badly."""
    return Plan(
        runs,
        out,
        seed=seed,
        steps=3,
        clips=(0, 1, 0),
        mixes=8,
        pictures=plans(scenes=16, panels=16),
        options={
            "encoder": {"batch": 8},
            "separator": {"batch": 2, "seconds": 1.0, "mixes": 8},
            "joint": {"batch": 2, "seconds": 1.0, "mixes": 8},
            "slots-encoder": {"batch": 8},
            "everything": {"batch": 8},
            "everything-separator": {"batch": 2, "seconds": 1.0, "mixes": 8},
            "autoencoder": {"batch": 2, "side": 64},
            "decoder": {"batch": 2, "side": 64},
            "teacher": {"batch": 2, "fine": 32, "coarse": 64, "deep": 1},
            "student": {"batch": 2},
        },
        heard=4,
        judged=(12, 8, 16),
        quick=True,
    )

