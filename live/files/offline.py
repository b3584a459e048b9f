"""Hearing a whole sound file as fast as the machine can, exactly as a live show would hear it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.hearer import Hearer
from engine.packets import F32, Hearing
from engine.sound.resample import StreamResampler
from live.input.shared_ring import RING_HZ
from live.settings.model import Settings
from live.sounds.file import SoundFile


def hear_sound(sound: SoundFile, hearer: Hearer) -> Iterator[Hearing]:
    """Yield one hearing per whole hop of the sound; `captured_at_s` counts seconds of sound."""
    taken = 0
    for block in resample_to_bundle(sound, hearer.sample_rate_hz):
        taken += block.size
        yield from hearer.push(block, taken / hearer.sample_rate_hz)


def open_hearer(bundle: Bundle, models: BundleModels, settings: Settings) -> Hearer:
    """Return a fresh hearer as the settings want it."""
    return Hearer(
        bundle,
        models,
        settings.window_s,
        settings.hop_s,
        bundle.manifest.sources,
        sensitivity_db=settings.sensitivity_db,
    )


def resample_to_bundle(sound: SoundFile, rate_hz: int) -> Iterator[F32]:
    """Yield the sound at a rate, by way of the ring's rate as in a live show; sample 0 stays 0."""
    yield from resample_blocks(sound.blocks(), sound.sample_rate_hz, rate_hz)


def resample_blocks(blocks: Iterable[F32], from_hz: int, rate_hz: int) -> Iterator[F32]:
    """Yield mono blocks at a rate, as `resample_to_bundle` does a sound."""
    first, second = StreamResampler(from_hz, RING_HZ), StreamResampler(RING_HZ, rate_hz)
    for block in blocks:
        yield second.process(first.process(block))
    yield second.process(first.flush())
    yield second.flush()
