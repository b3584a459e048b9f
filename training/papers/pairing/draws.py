"""Which piece each thing in each picture gets, and how loud: drawn by the picture's own key.

So a picture is given the same sounds whatever else the pool of pictures holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.packets import F32
from training.papers.pairing.captions import captions_of, concepts, shows_signs
from training.papers.pairing.catalogue import Entry
from training.papers.pairing.voices import Pair, Piece, Voice
from training.retrieval.match import candidates, scores
from training.retrieval.mix import draw_loudness
from training.retrieval.setting import Setting

_AT_ONCE = 256


@dataclass(slots=True)
class Drawn:
    """Pairs, and the pictures that became none: their keys, and why."""

    pairs: list[Pair]
    left: list[tuple[str, str, str]]
    """Key, split, why."""


def draw_pairs(
    shown: Iterable[Entry], told: dict[str, tuple[str, ...]], texts: Callable[[list[str]], F32],
    pieces: Sequence[Piece], heard: F32, setting: Setting, seed: int,
) -> Drawn:  # fmt: skip
    """Give every picture its sounds.

    Args:
        shown: pictures; those without a caption in `told` are known by their own, or their labels.
        told: captions by key.
        texts: unit vectors (t, d) of texts, in the space of `heard`.
        pieces: of the pool.
        heard: (n, d) unit vectors of them.
        setting: how sounds are retrieved, and how loud they are.
        seed: of all draws.
    """
    drawn = Drawn([], [])
    named: list[tuple[Entry, tuple[str, ...], list[str]]] = []
    for entry in shown:
        said = captions_of(entry.key, told) or entry.captions or entry.labels
        things = concepts(said)
        why = _unfit(entry, said, things)
        if why:
            drawn.left.append((entry.key, entry.split, why))
        else:
            named.append((entry, said, things))
    fitting = _fitting(sorted({t for *_, things in named for t in things}), texts, heard, setting)
    for entry, said, things in named:
        rng = np.random.default_rng(_number(seed, entry.key))
        voices = []
        for thing in things:
            if fitting[thing].size:
                piece = pieces[int(rng.choice(fitting[thing]))]
                lufs = round(float(draw_loudness(rng, 1, setting)[0]), 2)
                voices.append(Voice(thing, piece, lufs))
        if voices:
            drawn.pairs.append(Pair(entry, said, tuple(voices)))
        else:
            drawn.left.append((entry.key, entry.split, "no sound fits what it shows"))
    return drawn


def _unfit(entry: Entry, said: Sequence[str], things: Sequence[str]) -> str:
    if not entry.pictures:
        return "it has no picture"
    if shows_signs(said):
        return "its caption speaks of a sign"
    return "" if things else "nothing is said of it"


def _fitting(
    things: list[str], texts: Callable[[list[str]], F32], heard: F32, setting: Setting
) -> dict[str, np.ndarray]:
    found = {}
    for first in range(0, len(things), _AT_ONCE):
        some = things[first : first + _AT_ONCE]
        for thing, row in zip(some, texts(some), strict=True):
            found[thing] = candidates(scores(row[None], heard)[0], setting.best)
    return found


def _number(seed: int, key: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:8], "little")
