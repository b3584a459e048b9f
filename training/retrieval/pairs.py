"""Pairs pictures with pieces of sound that fit what they show."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import soundfile
import torch
from tqdm import tqdm

from engine.packets import F32
from training.hearing.encoder import Encoder, EncoderShape
from training.hearing.text import TextTower
from training.loop.plain_errors import InputError
from training.retrieval.match import draw, scores
from training.retrieval.mix import draw_loudness, mix
from training.retrieval.setting import OWN, Setting
from training.sound.recordings import read_mono

RATE = EncoderShape().sample_rate_hz
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"})
SOUNDS = frozenset({".wav", ".flac", ".ogg", ".oga", ".mp3", ".aiff", ".aif"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some seconds of a sound file, or less at its end."""

    path: Path
    start_s: float
    seconds: float

    def samples(self) -> F32:
        """(n,) mono at 16 kHz, padded with silence."""
        count = round(self.seconds * RATE)
        whole = read_mono(self.path, RATE)[round(self.start_s * RATE) :][:count]
        return np.pad(whole, (0, count - whole.size))


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that a picture shows, and the sound found for it."""

    image: str
    text: str
    sound: str
    start_s: float
    lufs: float
    score: float


def things_of(text: str) -> list[str]:
    """What a caption or a file's stem names, one by one: "dog_and-bells (2)" is dog, bells."""
    words = re.sub(r"[^A-Za-z,;+& ]+", " ", text.replace("_", " ").replace("-", " "))
    things = (" ".join(thing.split()) for thing in re.split(r"[,;+&]|\band\b|\bwith\b", words))
    return list(dict.fromkeys(thing.lower() for thing in things if thing))


def captions(images: Path) -> dict[str, str]:
    """File to text for every picture of a folder. Raises InputError when it has none."""
    told: dict[str, str] = {}
    if (images / "captions.csv").is_file():
        with (images / "captions.csv").open(newline="", encoding="utf-8-sig") as file:
            told = {row["file"]: row["text"] for row in csv.DictReader(file)}
    files = sorted(p for p in images.rglob("*") if p.suffix.lower() in PICTURES)
    if not files:
        raise InputError(f"{images} holds no pictures ({', '.join(sorted(PICTURES))})")
    names = {path.relative_to(images).as_posix(): path.stem for path in files}
    return {name: told.get(name, stem) for name, stem in names.items()}


def starts_s(seconds: float, setting: Setting) -> list[float]:
    """Where the pieces of a sound of so many seconds begin; a rest under half a second is none."""
    starts = np.arange(0.0, max(seconds - 0.5, 0.1), setting.piece_s)
    if setting.most_pieces is not None and len(starts) > setting.most_pieces:
        starts = starts[np.linspace(0, len(starts) - 1, setting.most_pieces).astype(int)]
    return starts.tolist()


def pieces(sounds: Path, setting: Setting = OWN) -> list[Piece]:
    """The sounds of a folder in pieces. Raises InputError when it has none."""
    found: list[Piece] = []
    for path in sorted(p for p in sounds.rglob("*") if p.suffix.lower() in SOUNDS):
        seconds = soundfile.info(path).duration
        found += [Piece(path, start, setting.piece_s) for start in starts_s(seconds, setting)]
    if not found:
        raise InputError(f"{sounds} holds no sounds ({', '.join(sorted(SOUNDS))})")
    return found


@torch.no_grad()
def embed_pieces(encoder: Encoder, found: Iterable[Piece]) -> F32:
    """(n, d) unit embeddings of pieces."""
    rows = [
        encoder(torch.from_numpy(piece.samples())[None])[0].float().numpy()[0]
        for piece in tqdm(list(found), unit="piece", desc="hearing")
    ]
    return np.stack(rows)


@torch.no_grad()
def pair(
    shown: dict[str, str], found: list[Piece], encoder: Encoder, tower: TextTower,
    seed: int = 0, setting: Setting = OWN,
) -> list[tuple[Pair, Piece]]:  # fmt: skip
    """Draws a sound for each thing that each picture shows; a thing that nothing fits has none."""
    rng, embedded = np.random.default_rng(seed), embed_pieces(encoder, found)
    pairs = []
    for image, text in shown.items():
        things = things_of(text)
        if not things:
            continue
        for thing, row in zip(things, scores(tower(things).numpy(), embedded), strict=True):
            for chosen in draw(rng, row, 1, setting.best):
                piece, lufs = found[chosen], round(float(draw_loudness(rng, 1, setting)[0]), 1)
                score = round(float(row[chosen]), 4)
                name = str(piece.path)
                pairs.append((Pair(image, thing, name, piece.start_s, lufs, score), piece))
    return pairs


def write_pairs(path: Path, pairs: list[Pair]) -> None:
    """Writes the table whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(field.name for field in fields(Pair))
        rows.writerows(astuple(pair) for pair in pairs)
    os.replace(part, path)


def write_mixes(folder: Path, pairs: list[tuple[Pair, Piece]]) -> None:
    """One FLAC per picture: its sounds, each at its loudness, together."""
    for image in dict.fromkeys(pair.image for pair, _ in pairs):
        ours = [(pair, piece) for pair, piece in pairs if pair.image == image]
        sounds = [piece.samples() for _, piece in ours]
        target = folder / f"{image}.flac"
        target.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(target, mix(sounds, [pair.lufs for pair, _ in ours], RATE), RATE)
