"""For every label the embeddings of sounds that its text retrieves: what the painter will be fed.

A painter trained on texts alone would meet sounds for the first time in front of an audience.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from engine.packets import F32
from training.hearing.encoder_training import load_encoder, presences
from training.hearing.pool import load, training_rows
from training.painting.generator import SHARPNESS
from training.retrieval.match import draw, scores
from training.retrieval.setting import OWN

MOST_CLIPS = 8000


def retrieved_embeddings(
    pool: Path, encoder: Path, words: F32, count: int = 64, seed: int = 0, best: int = OWN.best
) -> F32:
    """(labels, count, d) unit embeddings of sounds that each label's name retrieves.

    All takes that are learnt from are asked, whatever they are labelled: the joint space decides.

    Args:
        pool: folder of `training.taught_pool`.
        encoder: checkpoint of `training.train_presence`.
        words: (labels, d) unit vectors, where each label's name lies.
        count: sounds per label, repeated where fewer fit.
        seed: of the draws.
        best: see `match.candidates`.
    """
    clips = load(pool)
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(training_rows(clips, None))
    rows = np.sort(rng.permutation(rows)[:MOST_CLIPS])
    levels = torch.from_numpy(np.asarray(clips.levels[rows], dtype=np.float32))
    sounds = presences(load_encoder(encoder), levels)[1].numpy()
    bank = np.repeat(words[:, None], count, axis=1)  # where nothing fits, the name itself
    for label, row in enumerate(scores(words, sounds)):
        chosen = draw(rng, row, count, best)
        if chosen.size:
            bank[label] = sounds[chosen]
    return bank


def classify(bank: F32, words: F32, temperature: float) -> F32:
    """(labels, count, labels) what the generator makes of a bank's embeddings.

    words: (labels, d). temperature: of their labels. The rule is that of `generator.Concepts`.
    """
    return (SHARPNESS / temperature * torch.from_numpy(bank @ words.T)).softmax(-1).numpy()
