"""The networks that a person names, opened: no score is counted by one that was not named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.loop.plain_errors import InputError
from training.papers.scores.networks.clap import Clap, load_clap
from training.papers.scores.networks.clip import Clip, load_clip
from training.papers.scores.networks.detector import Detections, Detector, load_owl, read_detections
from training.papers.scores.networks.inception import Inception, load_inception
from training.papers.scores.networks.wav2clip import SoundNetwork, load_wav2clip
from training.papers.scores.networks.weights import Weights


@dataclass(frozen=True, slots=True)
class Named:
    """What a person named; nothing of it is there by itself."""

    inception: Path | None = None
    clip: tuple[Path, ...] = ()
    wav2clip: Path | None = None
    clap: Path | None = None
    owl: Path | None = None
    detections: Path | None = None


@dataclass(frozen=True, slots=True)
class Networks:
    """The same, opened."""

    inception: tuple[Inception, Weights] | None
    clips: tuple[Clip, ...]
    wav2clip: SoundNetwork | None
    clap: Clap | None
    owl: Detector | None
    detections: tuple[Path, Detections] | None


def open_networks(named: Named, labels: Sequence[str]) -> Networks:
    """Open every one of them. Raises InputError, one line, for the first that will not do."""
    if not any((named.inception, named.clip, named.wav2clip, named.clap, named.owl,
                named.detections)):  # fmt: skip
        raise InputError(
            "name the networks to score by: --inception, --clip, --wav2clip, --clap, --owl or "
            "--detections (see --help for which score needs which)"
        )
    clips = tuple(load_clip(path) for path in named.clip)
    wav2clip = None if named.wav2clip is None else load_wav2clip(named.wav2clip)
    if wav2clip is not None and not any(clip.dim == wav2clip.model.dim for clip in clips):
        raise InputError(
            f"--wav2clip hears in a space of {wav2clip.model.dim} numbers, that of CLIP ViT-B/32; "
            "name that one with --clip too"
        )
    return Networks(
        None if named.inception is None else load_inception(named.inception),
        clips,
        wav2clip,
        None if named.clap is None else load_clap(named.clap),
        None if named.owl is None else load_owl(named.owl, labels),
        None if named.detections is None
        else (named.detections, read_detections(named.detections)),
    )  # fmt: skip
