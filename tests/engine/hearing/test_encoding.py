"""Embeddings, labels and identities of a real encoder."""

from __future__ import annotations

import numpy as np
import pytest

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.encoding import Encoder
from tests.tiny_models import LABELS, tone_of


@pytest.fixture
def encoder(opened: tuple[Bundle, BundleModels]) -> Encoder:
    bundle, models = opened
    manifest = bundle.manifest
    return Encoder(models.encoder, bundle.vocabulary, manifest.labels, manifest.label_temperature)


def test_embeddings_have_unit_length_and_say_what_is_heard(encoder: Encoder) -> None:
    embeddings = encoder.embed(np.stack([tone_of(label) for label in LABELS]))
    assert np.allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
    for label, embedding in zip(LABELS, embeddings, strict=True):
        labels = encoder.labels(embedding)
        assert labels[0][0] == label
        assert len(labels) == 5
        values = [p for _, p in labels]
        assert values == sorted(values, reverse=True)
        assert 0 < sum(values) <= 1 + 1e-6
        assert encoder.names[int(encoder.identity(embedding).argmax())] == label


def test_probabilities_are_the_softmax_of_cosines(encoder: Encoder) -> None:
    embedding = encoder.embed(tone_of("owl")[None])[0]
    p = encoder.probabilities(embedding)
    assert p.sum() == pytest.approx(1, abs=1e-5)
    assert p.max() == p[LABELS.index("owl")]


def test_identities_of_unlike_sounds_have_nothing_in_common(encoder: Encoder) -> None:
    embeddings = encoder.embed(np.stack([tone_of(label) for label in LABELS]))
    # The space is a cone, as contrastive spaces are: cosines alone say little.
    cosines = embeddings @ embeddings.T
    assert np.median(cosines) > 0.8
    identities = encoder.identity(embeddings)
    assert np.allclose(np.linalg.norm(identities, axis=1), 1, atol=1e-5)
    alike = identities @ identities.T
    assert abs(np.median(alike[~np.eye(len(LABELS), dtype=bool)])) < 0.2
