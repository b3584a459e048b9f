"""Scores of the image world by its own judge: CRS-judge, R@2*-judge, FID-judge and AIS-judge.

They are never called CRS, R@2*, FID or AIS: those names belong to other networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from engine.bundle.load import Bundle
from training.judge.network import TrainedJudge, Verdicts, final_path
from training.papers.datasets.sample import Sample, hear, look
from training.papers.scores.alignment import alignments, cosines
from training.papers.scores.distances import fid
from training.papers.scores.labels import crs, rank_results
from training.papers.scores.networks.weights import Weights, hash_of
from training.papers.scores.result import Result
from training.vocabulary import LABELS

SIDE = 256
"""Pixels of the squares that the judge is shown, halved by itself."""


class Judged:
    """The judge, the sounds and where they lie in the space of a bundle's ear."""

    def __init__(
        self, judge: TrainedJudge, path: Path, ears: Bundle, samples: Sequence[Sample]
    ) -> None:
        """path: of the judge's checkpoint."""
        self.judge, self.ears = judge, ears
        self.by = Weights("the judge", hash_of(final_path(path)))
        self.heard_by = Weights(f"{ears.name}'s ear", ears.manifest.file("encoder").sha256)
        self.present = np.zeros((len(samples), len(LABELS)), bool)
        for row, sample in enumerate(samples):
            self.present[row, [LABELS.index(label) for label in sample.labels]] = True
        self.heard = self._hear(samples)
        self.words = np.stack(
            [ears.vocabulary[ears.manifest.labels.index(label)] for label in self.known]
        )

    @property
    def known(self) -> list[str]:
        """Labels that the ear has a word for."""
        return [label for label in LABELS if label in self.ears.manifest.labels]

    def _hear(self, samples: Sequence[Sample]) -> np.ndarray:
        """f32 (n, d): a sound's embedding, the mean over its windows."""
        manifest = self.ears.manifest
        length, found = round(manifest.window_s * manifest.sample_rate_hz), []
        models = self.ears.models("onnxruntime", steps=())
        try:
            for sample in samples:
                sound = hear(sample, manifest.sample_rate_hz)
                sound = np.pad(sound, (0, -len(sound) % length))
                windows = np.ascontiguousarray(sound.reshape(-1, length))
                found.append(models.encoder.run({"audio": windows})["embedding"].mean(0))
        finally:
            models.close()
        return np.stack(found)

    def look(self, pictures: Sequence[Image.Image]) -> Verdicts:
        """The judge's verdicts of pictures of any size."""
        squares = [
            np.asarray(p.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC))
            for p in pictures
        ]
        return self.judge.look(np.stack(squares))

    def seen(self, verdicts: Verdicts) -> np.ndarray:
        """(n, d) what was seen, in the ear's space: words by how sure the judge is of them."""
        columns = [LABELS.index(label) for label in self.known]
        return verdicts.scores[:, columns] @ self.words


def true_pictures(samples: Sequence[Sample]) -> list[Image.Image]:
    """The middle picture of every clip, which each of them must have."""
    return [Image.fromarray(look(s.pictures[len(s.pictures) // 2])) for s in samples]


def judged_results(
    ground: Judged, painted: Sequence[Image.Image], true: Sequence[Image.Image]
) -> list[Result]:
    """All four of painted pictures, with the true ones as ceiling."""
    found, best, by = ground.look(painted), ground.look(true), (ground.by,)
    threshold = ground.judge.threshold
    asked = "asked by the judge of the image world"
    results = [
        crs(found.scores, ground.present, threshold, by, asked, best.scores, "CRS-judge"),
        *(
            replace(each, name=f"{each.name}-judge")
            for each in rank_results(found.scores, ground.present, by, asked, best.scores, ())
            if each.name == "R@2*"
        ),
    ]
    if len(painted) > 1:
        results.append(fid(found.features, best.features, "FID-judge", asked, ground.by))
    table = cosines(ground.heard, ground.seen(found))
    ceiling = cosines(ground.heard, ground.seen(best))
    both = (ground.heard_by, ground.by)
    return results + alignments("AIS-judge", table, ceiling, both, "sound to what the judge saw")
