"""How much of everything goes into a bundle: the whole size, and one that is done in a minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.painting.pictures import PoolPlan, large_plans, plans

SHARES: dict[str, float] = {
    "separator": 0.12,
    "encoder": 0.17,
    "everything-separator": 0.03,
    "everything": 0.05,
    "autoencoder": 0.10,
    "decoder": 0.09,
    "teacher": 0.25,
    "student": 0.09,
    "finish": 0.05,
    "judge": 0.05,
}
"""Of the hours given, by stage. Rendering sounds, painting pictures, encoding and measuring take
what they take beside it."""
CPU_HOURS, GPU_HOURS = 10.0, 1.0
STAGES = (
    *("sound-pool", "separator", "encoder", "everything-separator", "everything", "hear-export"),
    *("pairs", "pictures", "autoencoder", "latents", "decoder", "lands", "teacher", "student"),
    *("finish", "judge", "bundle", "evaluate"),
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
    teacher: Path | None = None
    """Folder of the public tagger that the encoder learns from; None: from labels alone."""
    hours: float = CPU_HOURS
    """Of training, all stages together."""
    seed: int = 0
    steps: int | None = None
    """Of every trainer, instead of the hours."""
    share: float = 1.0
    """Of all takes of a pool of sounds."""
    pictures: tuple[PoolPlan, ...] = field(default_factory=plans)
    large_pictures: tuple[PoolPlan, ...] = field(default_factory=large_plans)
    """At the size that is shown."""
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
        share=0.001,
        pictures=plans(scenes=16, panels=16),
        large_pictures=large_plans(scenes=4, panels=4),
        options={
            "separator": {"batch": 2, "seconds": 1.0, "mixes": 8},
            "encoder": {"batch": 8, "mixes": 8},
            "everything-separator": {"batch": 2, "seconds": 1.0, "mixes": 8},
            "everything": {"batch": 8, "mixes": 8},
            "autoencoder": {"batch": 2, "side": 64},
            "decoder": {"batch": 2, "side": 64},
            "teacher": {"batch": 2, "fine": 32, "coarse": 64, "deep": 1},
            "student": {"batch": 2},
            "finish": {"batch": 2, "side": 16},
        },
        heard=4,
        judged=(12, 8, 16),
        quick=True,
    )

