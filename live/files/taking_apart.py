"""A sound file taken apart into one file per label and one for the rest, which add up to it.

First it is heard from end to end, then its slots are shared out: a source that is there from the
start is in its file from the start. Nothing of the sound is held in memory for longer than a block,
so that it may be of any length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.hearing.ear import Ear
from engine.hearing.high_band import at_rate, high_shares
from engine.hearing.parts import Part, decide, listen_through
from engine.hearing.unmixing import separate_through, shares_through, sound_through
from engine.packets import F32
from engine.sound.loudness import FLOOR_LUFS, LoudnessMeter
from engine.sound.resample import StreamResampler
from live.files.offline import resample_blocks
from live.files.spool import blocks_of, silent_spool, spool
from live.files.wav import write_wav
from live.paths.names import SOURCES
from live.paths.write_whole import unwritable
from live.progress import sound_progress
from live.settings.model import Settings
from live.sounds.file import SoundFile

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels

REST = "source-rest.wav"
OURS = re.compile(SOURCES)


@dataclass(frozen=True, slots=True)
class _Taken:
    """One label's sound."""

    label: int
    parts: tuple[Part, ...]
    low: F32
    """(n,) at the bundle's rate."""


def take_apart(
    sound: SoundFile, folder: Path, bundle: Bundle, models: BundleModels, settings: Settings
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Write source-<track>.wav for each label, and the rest; return what sources.json says of them.

    Raises:
        UserError: the sound cannot be read, or a file not be written.
    """
    try:
        with TemporaryDirectory(dir=folder, prefix=".separating-") as scratch:
            return _take_apart(sound, folder, Path(scratch), bundle, models, settings)
    except OSError as error:
        raise unwritable(folder, error) from error


def _take_apart(
    sound: SoundFile, folder: Path, scratch: Path, bundle: Bundle, models: BundleModels,
    settings: Settings,
) -> tuple[list[dict[str, Any]], dict[str, Any]]:  # fmt: skip
    rate = bundle.manifest.sample_rate_hz
    hop = round(settings.hop_s * rate)
    whole = spool(scratch / "whole", sound.blocks())
    low = spool(scratch / "low", resample_blocks(blocks_of(whole), sound.sample_rate_hz, rate))
    with sound_progress("listening", sound.seconds) as bar:
        ear = Ear(models.encoder, rate, len(bundle.manifest.labels))
        presences = listen_through(
            ear, low, rate, settings.window_s, hop, settings.sensitivity_db,
            lambda done: bar.update(done / rate - bar.n),
        )  # fmt: skip
    parts = decide(presences, settings.hop_s, bundle.manifest.sources)
    labels = list(dict.fromkeys(part.label for part in parts))
    taken = [
        _Taken(
            label,
            tuple(part for part in parts if part.label == label),
            silent_spool(scratch / f"label-{label}", low.size),
        )
        for label in labels
    ]
    slots = silent_spool(scratch / "slots", bundle.manifest.sources * low.size)
    slots = slots.reshape(bundle.manifest.sources, low.size)
    with sound_progress("separating", sound.seconds) as bar:
        separate_through(
            bundle, models, low, hop, slots, lambda done: bar.update(done / rate - bar.n)
        )
    with sound_progress("sharing out", sound.seconds) as bar:
        shared = shares_through(
            ear, slots, rate, parts, hop, lambda done: bar.update(done / rate - bar.n)
        )
    for each in taken:
        at = 0
        for piece in sound_through(slots, shared[each.label], hop):
            each.low[at : at + piece.size] = piece
            at += piece.size
    rest = spool(scratch / "rest", blocks_of(whole))
    shares = high_shares(low, [each.low for each in taken], rate)
    entries = []
    for track, each in enumerate(taken, 1):
        name = f"source-{track}.wav"
        blocks = _whole_band(each.low, low, whole, shares[track - 1], rate, sound.sample_rate_hz)
        write_wav(scratch / name, _taking_off(rest, blocks), whole.size, sound.sample_rate_hz)
        entries.append(_entry(bundle, each, track, name, hop, rate, sound.seconds))
    write_wav(scratch / REST, blocks_of(rest), whole.size, sound.sample_rate_hz)
    _put_in_place(scratch, folder, [*(entry["file"] for entry in entries), REST])
    left = resample_blocks(blocks_of(rest), sound.sample_rate_hz, rate)
    return entries, {"file": REST, "lufs": round(_lufs(left, rate, low.size), 2)}


def _put_in_place(scratch: Path, folder: Path, names: Sequence[str]) -> None:
    """Move finished files into the folder, all at once; those of an earlier recording go, which
    would be taken for parts of this one."""
    for old in folder.iterdir():
        if OURS.fullmatch(old.name) and old.name not in names:
            old.unlink()
    for name in names:
        (scratch / name).replace(folder / name)


def _whole_band(
    sound: F32, low: F32, whole: F32, shares: F32, rate: int, to_hz: int
) -> Iterator[F32]:
    """A label's sound at the file's rate, with its share of what the models do not hear.

    sound, low: (n,) its own and the whole at the models' rate. whole: (m,) at the file's rate.
    shares: (frames,) see `high_shares`. Together the blocks are (m,).
    """
    ups = [StreamResampler(rate, to_hz) for _ in range(2)]
    at = 0

    def joined(own: F32, mixed: F32) -> F32:
        nonlocal at
        there = whole[at : at + own.size]
        own, mixed = own[: there.size], mixed[: there.size]
        gain = at_rate(shares, at, at + there.size, to_hz)
        at += there.size
        return np.asarray(own + gain * (there - mixed), np.float32)

    for own, mixed in zip(blocks_of(sound), blocks_of(low), strict=True):
        yield joined(ups[0].process(own), ups[1].process(mixed))
    yield joined(ups[0].flush(), ups[1].flush())
    if at < whole.size:
        yield np.zeros(whole.size - at, np.float32)


def _taking_off(rest: F32, blocks: Iterator[F32]) -> Iterator[F32]:
    """The same blocks, each taken off what is left (n,) of the whole."""
    at = 0
    for block in blocks:
        rest[at : at + block.size] -= block
        at += block.size
        yield block


def _entry(
    bundle: Bundle, taken: _Taken, track: int, name: str, hop: int, rate: int, seconds: float
) -> dict[str, Any]:
    parts: Sequence[Part] = taken.parts
    hops = sum(part.end - part.first for part in parts)
    return {
        "track": track,
        "file": name,
        "label": bundle.manifest.labels[taken.label],
        "probability": round(sum(p.presence * (p.end - p.first) for p in parts) / hops, 4),
        "start_s": round(parts[0].first * hop / rate, 3),
        "end_s": round(min(parts[-1].end * hop / rate, seconds), 3),
        "lufs": round(_lufs(blocks_of(taken.low), rate, taken.low.size), 2),
    }


def _lufs(blocks: Iterator[F32], rate: int, samples: int) -> float:
    """Gated loudness of a whole sound, at least -70."""
    if not samples:
        return FLOOR_LUFS
    meter = LoudnessMeter(rate, samples / rate)
    for block in blocks:
        meter.push(np.asarray(block, np.float32)[None])
    return meter.loudness_lufs()
