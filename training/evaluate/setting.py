"""What every part of an evaluation works with: bundle, judge, real pictures, sounds, effort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.bundle.load import Bundle, BundleModels
from training.evaluate.bundle_painter import BundlePainter
from training.evaluate.hearing.windows import windows_of
from training.evaluate.report.table import Row
from training.hearing.pool import Pool
from training.judge.network import TrainedJudge
from training.judge.pictures import load_for_judge, load_or_paint_for_judge
from training.painting.painted_pictures import PaintedPictures


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured; every figure says its own count."""

    scenes: int = 300
    """Two-subject scenes per seed of the noise."""
    panels: int = 480
    seeds: int = 3
    distance: int = 600
    """Pictures per set for the distances between sets."""
    teacher: int = 384
    """Pictures of the teacher, which takes 50 steps for each."""
    mixes: int = 240
    newcomers: int = 32
    """Mixes in which a second source begins."""
    ticks: int = 50
    behaviour: int = 12
    """Labels or pairs that each behaviour is tried with."""
    sheet: int = 24
    """Pictures on a sheet."""


QUICK = Effort(
    scenes=4, panels=6, seeds=1, distance=8, teacher=2, mixes=2, newcomers=1, ticks=3,
    behaviour=2, sheet=4,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sounds:
    """Clips to measure hearing on."""

    pool: Pool
    chosen: NDArray[np.bool_]
    """(n,) which of its takes are measured by."""
    what: str
    """In plain words, for the table: which sounds these are."""
    unseen: bool
    """Whether training never met them."""
    recorded: bool
    """Real recordings, not synthesised."""
    folder: Path | None = None
    """Of the recordings, if it is at hand."""

    @property
    def caveat(self) -> str:
        """What a reader of a figure must know."""
        return self.what if self.unseen else f"{self.what}; training has met them"


@dataclass(frozen=True)
class Setting:
    """Everything that is measured and measured with."""

    bundle: Bundle
    models: BundleModels
    runs: Path
    """Folder of the training run, for the teacher and the real pictures."""
    out: Path
    effort: Effort
    seed: int
    judge: TrainedJudge | None
    scenes: PaintedPictures | None
    """Real scenes that nobody was trained on; None without a judge."""
    panels: PaintedPictures | None
    sounds: Sounds | None

    @property
    def painter(self) -> BundlePainter:
        """The bundle's generators."""
        return BundlePainter(self.bundle, self.models.generators)

    @property
    def finest(self) -> int:
        """The most sampler steps that the bundle offers."""
        return max(self.bundle.manifest.pictures.steps)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one part of an evaluation found."""

    rows: list[Row]
    details: Mapping[str, Any] = field(default_factory=dict)
    """Ready for JSON."""


class NotMeasuredError(Exception):
    """Says in one line why a part cannot be measured here."""


def real_pictures(runs: Path, kind: str, least: int) -> PaintedPictures:
    """Real held-out pictures: those that the judge was tested on, else painted here and now."""
    folder = runs / "judge" / f"test-{kind}"
    try:
        return load_for_judge(folder)
    except FileNotFoundError:
        return load_or_paint_for_judge(folder, "test", kind, least)


def select_windows(setting: Setting) -> tuple[Sounds, NDArray[np.int64]]:
    """The sounds, and the rows (n,) of their pool to measure with: see `windows.windows_of`.

    Raises NotMeasuredError where there are none, or the pool is of another vocabulary.
    """
    if setting.sounds is None:
        raise NotMeasuredError("no sounds")
    try:
        sounds, labels = setting.sounds, setting.bundle.manifest.labels
        return sounds, windows_of(sounds.pool, labels, sounds.chosen)
    except ValueError as error:
        raise NotMeasuredError(str(error)) from error


def require_judge(setting: Setting) -> tuple[TrainedJudge, PaintedPictures, PaintedPictures]:
    """Judge, real scenes and real panels. Raises NotMeasuredError where there are none."""
    if setting.judge is None or setting.scenes is None or setting.panels is None:
        raise NotMeasuredError("no judge: python -m training.train_judge RUNS, then --judge")
    return setting.judge, setting.scenes, setting.panels
