"""Hearing by detection: names, tracks, sounds, and what has no name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.hearer import Hearer
from engine.packets import UNKNOWN, Hearing
from engine.sound.loudness import FLOOR_LUFS
from tests.tiny_models import LATENCY, RATE, between, tone_of

Opened = tuple[Bundle, BundleModels]


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE), np.float32)


SCENE = np.concatenate(
    [silence(1.0), tone_of("dog", 3.0), tone_of("dog", 3.0) + tone_of("train", 3.0), silence(3.0),
     tone_of("dog", 2.0)]
)  # fmt: skip


def names(hearing: Hearing) -> set[str]:
    return {s.labels[0][0] for s in hearing.sources if s.loudness_lufs > FLOOR_LUFS}


def same(one: Sequence[Hearing], other: Sequence[Hearing]) -> bool:
    return len(one) == len(other) and all(
        a.stamp.window_id == b.stamp.window_id
        and a.loudness_lufs == b.loudness_lufs
        and [(s.track_id, s.labels, s.loudness_lufs, s.significance) for s in a.sources]
        == [(s.track_id, s.labels, s.loudness_lufs, s.significance) for s in b.sources]
        for a, b in zip(one, other, strict=True)
    )


def test_each_sound_is_named_while_it_lasts(opened: Opened) -> None:
    hearings = Hearer(*opened).push(SCENE, 0.0)
    heard = {round(h.stamp.end_s, 1): names(h) for h in hearings}
    assert heard[0.8] == set()
    assert heard[1.6] == {"dog"}  # within three hops
    assert heard[3.8] == {"dog"}
    assert heard[5.0] == {"dog", "train"}
    assert heard[9.6] == set()
    ids = {s.labels[0][0]: s.track_id for h in hearings for s in h.sources}
    assert ids == {"dog": 1, "train": 2}  # the dog that comes back is the same track


def test_however_it_is_cut_it_hears_the_same(opened: Opened) -> None:
    whole = Hearer(*opened).push(SCENE, 0.0)
    hearer, found, at = Hearer(*opened), [], 0
    rng = np.random.default_rng(0)
    while at < SCENE.size:
        step = int(rng.integers(1, 9000))
        found += hearer.push(SCENE[at : at + step], 0.0)
        at += step
    assert same(whole, found)
    hearer.reset()
    assert same(whole, hearer.push(SCENE, 0.0))


def test_a_tracks_sound_is_its_own_and_all_add_up(opened: Opened) -> None:
    hearer = Hearer(*opened)
    dog, train = tone_of("dog", 6.0), tone_of("train", 6.0)
    lost = between("church bells", 6.0)
    mixture = dog + train + lost
    hearings = hearer.push(mixture, 0.0)
    ids = {s.labels[0][0]: s.track_id for s in hearings[-1].sources}
    assert set(ids) == {"dog", "train", UNKNOWN}
    sounds = hearer.sounds_of(RATE)
    end = mixture.size - LATENCY
    for name, truth in (("dog", dog), ("train", train), (UNKNOWN, lost)):
        error = sounds[ids[name]] - truth[end - RATE : end]
        assert np.square(error).sum() < 0.03 * np.square(truth[end - RATE : end]).sum(), name
    left = mixture[end - RATE : end] - sum(sounds.values())
    assert np.square(left).sum() < 1e-3 * np.square(mixture[end - RATE : end]).sum()


def test_a_newcomers_sound_is_there_from_before_it_was_named(opened: Opened) -> None:
    hearer = Hearer(*opened)
    sound = np.concatenate([silence(2.0), tone_of("dog", 0.6)])
    hearings = hearer.push(sound, 0.0)
    (source,) = hearings[-1].sources
    heard = hearer.sounds_of(RATE)[source.track_id]
    late = heard.size - (int(0.6 * RATE) - LATENCY)  # where the sound begins
    assert np.square(heard[late:]).mean() > 0.8 * np.square(tone_of("dog", 0.6)).mean()


def test_a_sound_without_a_name_is_unknown_and_no_other(opened: Opened) -> None:
    hearings = Hearer(*opened).push(between("owl", 5.0), 0.0)
    assert names(hearings[-1]) == {UNKNOWN}
    (source,) = hearings[-1].sources
    assert source.is_unknown
    assert 0.0 <= source.brightness <= 1.0
    assert not any(names(h) - {UNKNOWN} for h in hearings)


def test_brightness_follows_pitch(opened: Opened) -> None:
    def brightness(label: str) -> float:
        return Hearer(*opened).push(between(label, 3.0), 0.0)[-1].sources[0].brightness

    assert brightness("thunder") < brightness("dog") < brightness("music")


def test_silence_and_what_is_too_soft_is_nothing(opened: Opened) -> None:
    soft = tone_of("dog", 3.0, level=0.002)
    assert not any(h.sources for h in Hearer(*opened).push(silence(3.0), 0.0))
    assert not any(h.sources for h in Hearer(*opened).push(soft, 0.0))
    listened = Hearer(*opened, sensitivity_db=20.0).push(soft, 0.0)
    assert names(listened[-1]) == {"dog"}


def test_numbers_that_are_none_are_silence(opened: Opened) -> None:
    sound = tone_of("dog", 3.0)
    sound[20_000:20_100] = np.nan
    hearings = Hearer(*opened).push(sound, 0.0)
    assert names(hearings[-1]) == {"dog"}
    assert np.isfinite(hearings[-1].loudness_lufs)


def test_there_are_no_more_tracks_than_there_is_room_for(opened: Opened) -> None:
    crowd = sum(tone_of(label, 3.0) for label in ("rain", "fire", "owl", "dog", "train", "music"))
    hearings = Hearer(*opened, max_sources=2).push(crowd, 0.0)
    assert all(len(h.sources) <= 2 for h in hearings)
    with pytest.raises(ValueError, match="at least one"):
        Hearer(*opened, max_sources=0)


def test_one_that_is_late_hears_the_newest_alone(opened: Opened) -> None:
    hearer = Hearer(*opened)
    (hearing,) = hearer.push(tone_of("dog", 2.0), 0.0, newest_only=True)
    assert hearing.stamp.end_sample == 2 * RATE
    assert names(hearer.push(tone_of("dog", 0.4), 0.0)[-1]) == {"dog"}
