"""Leaks of other sounds in a slot are filled in; what is the slot's own stays."""

from __future__ import annotations

import torch

from training.hearing.bleed import OWN_DB, suppress_bleed

FRAMES, BANDS = 100, 8
RAIN, BIRD = -2.0, 0.0
"""log10 power in a band."""


def rain_with_a_bird() -> tuple[torch.Tensor, torch.Tensor]:
    """(1, frames, bands) a slot of steady rain with a bird 15 dB down in it, and the mixture."""
    mixture = torch.full((1, FRAMES, BANDS), RAIN)
    mixture[:, 20:40, 3] = BIRD
    slot = torch.full((1, FRAMES, BANDS), RAIN)
    slot[:, 20:40, 3] = BIRD - 1.5
    return slot, mixture


def test_a_bird_in_the_rains_slot_becomes_rain() -> None:
    slot, mixture = rain_with_a_bird()
    assert torch.allclose(suppress_bleed(slot, mixture), torch.full_like(slot, RAIN), atol=1e-5)


def test_what_is_the_slots_own_is_not_touched() -> None:
    _, mixture = rain_with_a_bird()
    assert torch.equal(suppress_bleed(mixture, mixture), mixture)
    own = mixture - 0.99 * OWN_DB / 10
    assert torch.equal(suppress_bleed(own, mixture), own)


def test_what_a_restless_sound_does_behind_another_is_not_guessed() -> None:
    barks = torch.where(torch.arange(FRAMES) % 10 < 5, RAIN, RAIN - 2.0)
    slot = barks[None, :, None].repeat(1, 1, BANDS)
    mixture = slot.clone()
    slot[:, 20:40, 3], mixture[:, 20:40, 3] = BIRD - 1.5, BIRD
    assert torch.equal(suppress_bleed(slot, mixture), slot)


def test_silence_for_a_mixture_changes_nothing() -> None:
    slot, _ = rain_with_a_bird()
    assert torch.equal(suppress_bleed(slot, torch.full((1, FRAMES, BANDS), -9.0)), slot)


def test_a_band_of_which_next_to_nothing_is_known_stays_as_it_is() -> None:
    slot, mixture = rain_with_a_bird()
    mixture[:, 10:, 5] = BIRD
    found = suppress_bleed(slot, mixture)
    assert torch.equal(found[:, :, 5], slot[:, :, 5])
    assert torch.allclose(found[:, :, 3], torch.tensor(RAIN), atol=1e-5)


def test_every_slot_is_compared_with_the_one_mixture() -> None:
    slot, mixture = rain_with_a_bird()
    found = suppress_bleed(torch.cat([slot, mixture]), mixture)
    assert torch.allclose(found[0], torch.full_like(slot[0], RAIN), atol=1e-5)
    assert torch.equal(found[1], mixture[0])
