"""Two sounds in one track."""

from __future__ import annotations

import numpy as np
import pytest

from engine.hearing.mixture_residual import KIN, UNLIKE, choose_embedding, split_source
from engine.hearing.naming import Naming
from engine.packets import F32, HeardSource

TEMPERATURE = 0.1
WORDS = np.eye(6, 16, dtype=np.float32)


@pytest.fixture
def naming() -> Naming:
    """Six words at right angles."""
    return Naming(WORDS, ("bell", "train", "rain", "dog", "wind", "owl"), TEMPERATURE)


def source(naming: Naming, **shares: float) -> HeardSource:
    """A source that is heard with these label probabilities, the others sharing the rest."""
    rest = (1 - sum(shares.values())) / (len(naming.names) - len(shares))
    p = np.array([shares.get(name, rest) for name in naming.names])
    embedding = np.zeros(16)
    embedding[:6] = TEMPERATURE * np.log(p)
    embedding[:6] -= embedding[:6].mean()
    embedding[7] = np.sqrt(1 - (embedding**2).sum())
    return HeardSource(7, embedding.astype(np.float32), (), -20.0, 0.8)


def best(naming: Naming, embedding: F32) -> tuple[str, float]:
    return naming.labels(embedding, 1)[0]


def test_one_plain_sound_stays_as_it_is(naming: Naming) -> None:
    heard = source(naming, bell=0.9)
    assert split_source(heard, naming) == (heard, None)


def test_two_plain_names_become_two_sources(naming: Naming) -> None:
    heard = source(naming, bell=0.48, train=0.42)
    first, second = split_source(heard, naming)
    assert second is not None
    assert (first.track_id, second.track_id) == (7, -7)
    assert best(naming, first.embedding)[0] == "bell"
    assert best(naming, second.embedding)[0] == "train"
    assert best(naming, second.embedding)[1] > 0.7
    assert second.labels[0][0] == "train"
    assert 0.6 < second.significance <= first.significance == heard.significance
    for each in (first, second):
        assert np.linalg.norm(each.embedding) == pytest.approx(1.0)


def test_an_uncertain_ear_names_no_second_sound(naming: Naming) -> None:
    assert split_source(source(naming, bell=0.25, train=0.22), naming)[1] is None


@pytest.mark.parametrize("cosine", [0.0, 0.35, 0.8])
def test_sounds_that_are_taken_for_one_another_stay_one(cosine: float) -> None:
    """Rain and a waterfall: both names are plain, and there is but one sound."""
    words = WORDS.copy()
    words[1, :2] = cosine, np.sqrt(1 - cosine**2)
    kin = Naming(words, ("waterfall", "rain", "train", "dog", "wind", "owl"), TEMPERATURE)
    shown = min(1.0, max(0.0, (KIN - kin.similarity(0, 1)) / (KIN - UNLIKE)))
    assert shown == pytest.approx({0.0: 1.0, 0.35: 0.5, 0.8: 0.0}[cosine], abs=0.4)
    heard = np.zeros(16, np.float32)
    heard[:2] = np.linalg.lstsq(words[:2, :2], np.array([0.6, 0.6]), rcond=None)[0]
    heard[7] = np.sqrt(1 - (heard**2).sum())
    second = split_source(HeardSource(7, heard, (), -20.0, 0.8), kin)[1]
    assert (second.significance if second else 0.0) == pytest.approx(0.8 * shown, abs=0.02)


def test_a_second_sound_comes_in_without_a_jump(naming: Naming) -> None:
    levels = []
    for share in np.linspace(0.0, 0.45, 91):
        second = split_source(source(naming, bell=0.93 - share, train=0.02 + share), naming)[1]
        levels.append(second.significance if second else 0.0)
    assert levels[0] == 0.0
    assert levels[-1] > 0.6
    assert np.abs(np.diff(levels)).max() < 0.05


def test_the_embedding_that_shows_a_second_sound_tells_more(naming: Naming) -> None:
    bells = source(naming, bell=0.95, train=0.02).embedding
    both = source(naming, bell=0.6, train=0.3).embedding
    other = source(naming, dog=0.6, train=0.3).embedding
    unsure = source(naming, bell=0.25, train=0.22).embedding
    assert choose_embedding(bells, both, naming) is both
    assert choose_embedding(both, bells, naming) is both
    assert (
        choose_embedding(bells, other, naming) is bells
    )  # it does not hold what the blend is called
    assert choose_embedding(bells, unsure, naming) is bells
