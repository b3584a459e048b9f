"""For every label the embeddings of sounds that its text retrieves: what the painter will be fed.

A painter trained on texts alone would meet sounds for the first time in front of an audience.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from engine.packets import F32
from training.hearing.encoder_training import embeddings_of, load_encoder, text_directions
from training.hearing.pool import TRAIN, load
from training.painting.generator import SHARPNESS
from training.retrieval.match import BEST, draw, scores

MOST_CLIPS = 8000


def retrieved_embeddings(
    pool: Path, encoder: Path, count: int = 64, seed: int = 0, best: int = BEST
) -> F32:
    """(labels, count, d) unit embeddings of sounds that each label's texts retrieve.

    Only training clips are asked, whatever they are labelled: the joint space decides.

    Args:
        pool: folder of `training.sound_pool`.
        encoder: checkpoint of `training.train_encoder`.
        count: sounds per label, repeated where fewer fit.
        seed: of the draws.
        best: see `match.candidates`.
    """
    clips = load(pool)
    hearing, tower = load_encoder(encoder)
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(clips.split == TRAIN)
    rows = np.sort(rng.permutation(rows)[:MOST_CLIPS])
    sounds = embeddings_of(hearing, clips, rows).numpy()
    texts = text_directions(tower).numpy()
    bank = np.repeat(texts[:, None], count, axis=1)  # where nothing fits, the text itself
    for label, row in enumerate(scores(texts, sounds)):
        chosen = draw(rng, row, count, best)
        if chosen.size:
            bank[label] = sounds[chosen]
    return bank


def classify(bank: F32, hearing: Path) -> F32:
    """(labels, count, labels) what the exported ear makes of a bank's embeddings.

    hearing: folder of `export.sound`. The rule is that of `generator.Concepts`.
    """
    facts = json.loads((hearing / "sound.json").read_text(encoding="utf-8"))
    cosines = torch.from_numpy(bank @ np.load(hearing / "vocabulary.npy").T)
    return (SHARPNESS / facts["label_temperature"] * cosines).softmax(-1).numpy()
