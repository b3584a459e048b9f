"""Separating a stream piece by piece gives what separating it at once gives, in its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.separation import StreamingSeparator

Opened = tuple[Bundle, BundleModels]
SOUND = np.random.default_rng(5).standard_normal(12_000).astype(np.float32) * 0.1


def _separator(opened: Opened, keep: int = 16_000) -> StreamingSeparator:
    bundle, models = opened
    manifest = bundle.manifest
    return StreamingSeparator(models.separator, manifest.separator, manifest.sources, keep)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(0, 3000), max_size=10))
def test_pieces_do_not_matter(opened: Opened, sizes: list[int]) -> None:
    whole = _separator(opened)
    expected = whole.push(SOUND)
    assert expected.shape == (4, 12_000 - 12_000 % 128 - 384)
    separator = _separator(opened)
    got, at = [], 0
    for size in [*sizes, SOUND.size]:
        got.append(separator.push(SOUND[at : at + size]))
        at = min(SOUND.size, at + size)
        assert separator.end == sum(g.shape[1] for g in got)
    joined = np.concatenate(got, axis=1)
    assert np.abs(joined - expected).max() < 1e-6
    assert np.array_equal(separator.between(0, separator.end), joined)


def test_separated_sound_is_aligned_with_the_mixture(opened: Opened) -> None:
    separator = _separator(opened)
    sources = separator.push(SOUND)
    assert np.abs(sources.sum(0) - SOUND[: sources.shape[1]]).max() < 1e-5


def test_reset_forgets(opened: Opened) -> None:
    separator = _separator(opened)
    first = separator.push(SOUND)
    separator.reset()
    assert separator.end == 0
    assert np.array_equal(separator.push(SOUND), first)


def test_sound_that_is_no_number_is_survived(opened: Opened) -> None:
    separator = _separator(opened)
    broken = SOUND[:1280].copy()
    broken[1000] = np.nan
    assert np.isfinite(separator.push(broken)).all()
    after = separator.push(SOUND)
    assert np.isfinite(after).all()
    assert np.abs(after).max() > 0.01


def test_what_is_not_kept_is_refused(opened: Opened) -> None:
    separator = _separator(opened, keep=2000)
    separator.push(SOUND)
    assert separator.between(separator.end - 2000, separator.end).shape == (4, 2000)
    with pytest.raises(LookupError, match="not kept"):
        separator.between(0, 100)
