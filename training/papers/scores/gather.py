"""Looks at every painted picture and at its true one, and listens to its sound, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from training.loop.plain_errors import InputError
from training.papers.datasets.sample import Sample, hear, look
from training.papers.scores.networks import clap, clip, wav2clip
from training.papers.scores.networks.detector import detection_scores
from training.papers.scores.networks.inception import inception_features
from training.papers.scores.networks.opened import Networks
from training.papers.scores.painted import open_picture

BATCH = 16


@dataclass(frozen=True, slots=True)
class Shown:
    """One painted picture with what it should show."""

    name: str
    """Of its file."""
    painted: Image.Image
    true: Image.Image | None
    labels: tuple[str, ...]
    sound: Sample


@dataclass
class Seen:
    """What the networks make of all of them, row by row; an entry is there where its network is."""

    labels: list[tuple[str, ...]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    has_true: list[bool] = field(default_factory=list)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    """painted-inception, painted-logits, painted-clip-0, true-clip-0, painted-owl, sound-wav2clip
    and so on. Rows of `true-*` are those that have a true picture, in their order."""
    unpainted: int = 0
    """Sounds without a picture."""

    def present(self, known: Iterable[str]) -> np.ndarray:
        """bool (n, labels): what each picture should show."""
        places = {label: i for i, label in enumerate(known)}
        shown = np.zeros((len(self.labels), len(places)), bool)
        for row, labels in enumerate(self.labels):
            shown[row, [places[label] for label in labels]] = True
        return shown


def pair_up(
    samples: Iterable[Sample], painted: Mapping[str, tuple[Path, ...]], seen: Seen
) -> Iterator[Shown]:
    """Every painted picture beside its sound; sounds without one are counted in `seen`."""
    for sample in samples:
        paths = painted.get(sample.key, ())
        seen.unpainted += not paths
        true = None
        if paths and sample.pictures:
            true = Image.fromarray(look(sample.pictures[len(sample.pictures) // 2]))
        for path in paths:
            yield Shown(path.name, open_picture(path), true, sample.labels, sample)


def gather(
    samples: Iterable[Sample],
    painted: Mapping[str, tuple[Path, ...]],
    networks: Networks,
    way: str = "clean",
) -> Seen:
    """Look at all pictures. way: how Inception's are resized. Raises InputError without any."""
    seen = Seen()
    kept: dict[str, list[np.ndarray]] = {}
    total = sum(len(paths) for paths in painted.values())
    pairs = iter(tqdm(pair_up(samples, painted, seen), "looking", total, disable=None))
    while batch := list(islice(pairs, BATCH)):
        seen.labels += [each.labels for each in batch]
        seen.names += [each.name for each in batch]
        seen.has_true += [each.true is not None for each in batch]
        for name, rows in _rows_of(batch, networks, way):
            kept.setdefault(name, []).append(rows)
    if not seen.labels:
        raise InputError(
            "none of the pictures is named by a key of this data set; name the split and the "
            "shards that they were painted from"
        )
    seen.arrays = {name: np.concatenate(rows) for name, rows in kept.items()}
    return seen


def _rows_of(
    batch: list[Shown], networks: Networks, way: str
) -> Iterator[tuple[str, np.ndarray]]:
    for who, pictures in (
        ("painted", [each.painted for each in batch]),
        ("true", [each.true for each in batch if each.true is not None]),
    ):
        if not pictures:
            continue
        if networks.inception is not None:
            features, logits = inception_features(networks.inception[0], pictures, way)
            yield f"{who}-inception", features.numpy()
            yield f"{who}-logits", logits.numpy()
        for number, each in enumerate(networks.clips):
            yield f"{who}-clip-{number}", clip.picture_embeddings(each, pictures)
        if networks.owl is not None:
            yield f"{who}-owl", detection_scores(networks.owl, pictures)
    if networks.wav2clip is not None:
        heard = [
            wav2clip.sound_embedding(networks.wav2clip, hear(each.sound, wav2clip.RATE))
            for each in batch
        ]
        yield "sound-wav2clip", np.stack(heard)
    if networks.clap is not None:
        heard = [
            clap.sound_embedding(networks.clap, hear(each.sound, clap.RATE)) for each in batch
        ]
        yield "sound-clap", np.stack(heard)
