"""From samples to hearings: separate, encode, group, track, rank.

The whole of hearing is one causal function of the samples. It works hop by hop whatever pieces the
samples arrive in, so that a live show and a file give the same hearings.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.hearing.encoding import Encoder
from engine.hearing.grouping import SlotGroups, blend, clarity
from engine.hearing.mixture_residual import fuller
from engine.hearing.separation import StreamingSeparator
from engine.hearing.significance import Ranking, significance
from engine.hearing.spectral_profile import ProfileMeter
from engine.hearing.tracking import Observation, Track, Tracker
from engine.packets import F32, HeardSource, Hearing, Window
from engine.sound.loudness import FLOOR_LUFS, LoudnessMeter
from engine.sound.windows import Windows
from engine.trace import note

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels

SILENT_LUFS = -45.0
"""Under this a slot holds nothing."""
FAR_UNDER_LU = 25.0
"""So much under the loudest slot, it holds nothing but leakage."""
STICKY_LU = 4.0
"""A slot that held something goes on doing so down to this much less."""
RECENT_S = 0.8
"""What counts as now when a slot's level is asked: longer than the pauses of most calls."""
WHOLE = 0.85
"""With this share of the mixture's power a source is the mixture."""


class Hearer:
    """Hears a stream at the bundle's rate.

    Mixture and slots are heard over windows as long as the stamp's that end where the separated
    sound does: `latency_samples` (24 ms) earlier. `sensitivity_db` (an attribute, free to change)
    lowers the level under which a slot counts as silent; the sound itself is not changed.
    """

    def __init__(
        self,
        bundle: Bundle,
        models: BundleModels,
        window_s: float | None = None,
        hop_s: float | None = None,
        max_sources: int = 4,
        sensitivity_db: float = 0.0,
    ) -> None:
        """window_s, hop_s: None for the bundle's. max_sources: tracks at a time, 1 or more.

        Raises ValueError for a hop or window that makes no sense.
        """
        manifest = bundle.manifest
        rate, slots = manifest.sample_rate_hz, manifest.sources
        window_s = manifest.window_s if window_s is None else window_s
        hop_s = manifest.hop_s if hop_s is None else hop_s
        self.sensitivity_db = sensitivity_db
        self.sample_rate_hz = rate
        self._windows = Windows(rate, window_s, hop_s)
        self._separator = StreamingSeparator(
            models.separator,
            manifest.separator,
            slots,
            keep=self._windows.window + self._windows.hop,
        )
        self._latency = manifest.separator.latency_samples
        self._encoder = Encoder(
            models.encoder, bundle.vocabulary, manifest.labels, manifest.label_temperature
        )
        self._mixture_meter = LoudnessMeter(rate, window_s)
        self._slot_meter = LoudnessMeter(rate, window_s, slots)
        self._profiles = ProfileMeter(rate, slots)
        self._groups = SlotGroups()
        self._tracker = Tracker(max_sources)
        self._ranking = Ranking()
        self._forget()

    def reset(self, epoch: int | None = None) -> None:
        """Begin again at sample 0 in an epoch, None for the next, with no track."""
        self._windows.reset(epoch)
        self._separator.reset()
        for meter in (self._mixture_meter, self._slot_meter, self._profiles):
            meter.reset()
        self._groups.reset()
        self._tracker.reset()
        self._ranking.reset()
        self._forget()

    def _forget(self) -> None:
        # The slots' steps of loudness then end where the hop does, not 24 ms off.
        self._slot_meter.push(np.zeros((self._separator.slots, self._latency), np.float32))
        self._active: frozenset[int] = frozenset()
        self._heard_at = 0
        self._separate_ms = 0.0
        self._measure_ms = 0.0
        self._slots_of: dict[int, tuple[int, ...]] = {}

    @property
    def epoch(self) -> int:
        """Raised by every reset; stands in every stamp."""
        return self._windows.epoch

    @property
    def hop(self) -> int:
        """Samples from one hearing to the next."""
        return self._windows.hop

    @property
    def separated_end(self) -> int:
        """One past the newest separated sample, `latency_samples` behind the newest hearing."""
        return self._separator.end

    def separated(self, first: int, end: int) -> F32:
        """(slots, end - first) separated sound, aligned with the input sample for sample.

        A copy. The last window is kept, and one hop more. Raises LookupError for what is not.
        """
        return self._separator.between(first, end).copy()

    def slots_of(self, track_id: int) -> tuple[int, ...]:
        """The slots whose sum is a track's sound since the last hop; () when it is silent."""
        return self._slots_of.get(track_id, ())

    def push(self, samples: F32, captured_at_s: float, newest_only: bool = False) -> list[Hearing]:
        """Take samples (n,) in [-1, 1], the last in the air at captured_at_s (monotonic).

        Gives a hearing for each hop that they complete, or with `newest_only` at most one, for the
        last of these hops: a listener that is late catches up, and the separator still hears every
        sample. Samples that are no numbers are taken as silence.
        """
        samples = np.asarray(samples, np.float32)
        if not np.isfinite(samples.sum()):
            samples = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
        last_end = self._windows.end + samples.size
        hearings = []
        for window in self._windows.push(samples, captured_at_s):
            self._take_in(window)
            if not newest_only or window.stamp.end_sample + self.hop > last_end:
                hearings.append(self._hear(window))
        return hearings

    def _take_in(self, window: Window) -> None:
        """Everything that must see every sample."""
        fresh = window.samples[-self.hop :]
        began = time.perf_counter()
        sources = self._separator.push(fresh)
        separated = time.perf_counter()
        self._separate_ms += 1000 * (separated - began)
        self._mixture_meter.push(fresh[None])
        self._slot_meter.push(sources)
        self._profiles.push(sources)
        measured = time.perf_counter()
        self._measure_ms += 1000 * (measured - separated)
        note("separate", began, separated)
        note("measure", separated, measured)

    def _hear(self, window: Window) -> Hearing:
        began = time.perf_counter()
        stamp = window.stamp
        slots, threshold = self._audible()
        embeddings, encode_ms = self._encode(window, slots)
        encoded = time.perf_counter()
        observations = self._observe(slots, embeddings)
        tracks = self._tracker.update(observations, stamp.end_s)
        self._slots_of = {t.track_id: t.slots for t in tracks if t.silent_s == 0}

        wanted = self._wanted(tracks, embeddings[0], threshold)
        elapsed_s = (stamp.end_sample - self._heard_at) / stamp.sample_rate_hz
        self._heard_at = stamp.end_sample
        by_id = {t.track_id: t for t in tracks}
        sources = tuple(
            HeardSource(
                track_id=track_id,
                slot=self._loudest(by_id[track_id].slots),
                embedding=by_id[track_id].embedding,
                labels=self._encoder.labels(by_id[track_id].embedding),
                loudness_lufs=self._loudness(track_id),
                significance=value,
            )
            for track_id, value in self._ranking.update(wanted, elapsed_s).items()
        )
        separate_ms, self._separate_ms = self._separate_ms, 0.0
        measure_ms, self._measure_ms = self._measure_ms, 0.0
        loudness_lufs = self._mixture_meter.loudness_lufs()
        ended = time.perf_counter()
        track_ms = measure_ms + 1000 * (ended - began) - encode_ms
        note("track", encoded, ended, window=stamp.window_id, sources=len(sources))
        return Hearing(
            stamp=stamp,
            sources=sources,
            loudness_lufs=loudness_lufs,
            timings_ms={
                "separate": separate_ms,
                "encode": encode_ms,
                "track": track_ms,
                "hear": separate_ms + encode_ms + track_ms,
            },
        )

    def _wanted(self, tracks: Sequence[Track], mixture: F32, threshold: float) -> dict[int, float]:
        """Significance of each living track at this moment, before smoothing; silent ones 0."""
        wanted = dict.fromkeys((t.track_id for t in tracks), 0.0)
        levels = {t: self._slot_meter.peak_lufs(RECENT_S, s) for t, s in self._slots_of.items()}
        powers = {t: 10 ** (level / 10) for t, level in levels.items()}
        for track in tracks:
            if track.track_id in levels:
                near = self._encoder.identity(track.embedding) @ self._encoder.identity(mixture)
                wanted[track.track_id] = significance(
                    powers[track.track_id] / sum(powers.values()),
                    float(near),
                    levels[track.track_id] - threshold,
                )
        return wanted

    def _audible(self) -> tuple[list[int], float]:
        """Slots that hold something, ascending, and the level from which they do."""
        levels = [
            self._slot_meter.peak_lufs(RECENT_S, (slot,)) for slot in range(self._separator.slots)
        ]
        threshold = max(SILENT_LUFS - self.sensitivity_db, max(levels) - FAR_UNDER_LU)
        # Digital silence is at the floor, and no sensitivity makes a source of it.
        threshold = max(threshold, FLOOR_LUFS + STICKY_LU + 0.1)
        audible = [
            slot
            for slot, level in enumerate(levels)
            if level > threshold - (STICKY_LU if slot in self._active else 0.0)
        ]
        self._active = frozenset(audible)
        return audible, threshold - STICKY_LU

    def _encode(self, window: Window, slots: list[int]) -> tuple[F32, float]:
        """(1 + slots, d) embeddings of the mixture and those slots, and what the model took."""
        if not slots:
            return np.zeros((1, 0), np.float32), 0.0
        end = self._separator.end
        batch = np.zeros((1 + len(slots), window.samples.size), np.float32)
        # As late as the slots, so that they are parts of it sample for sample.
        batch[0, self._latency :] = window.samples[: window.samples.size - self._latency]
        # Straight into the batch: four seconds of each slot are moved once.
        np.take(
            self._separator.between(end - window.samples.size, end), slots, axis=0, out=batch[1:]
        )
        began = time.perf_counter()
        embeddings = self._encoder.embed(batch, batch[0])
        ended = time.perf_counter()
        note("encode", began, ended, window=window.stamp.window_id, pieces=len(batch))
        return embeddings, 1000 * (ended - began)

    def _observe(self, slots: list[int], embeddings: F32) -> list[Observation]:
        """What sounds now, slots that hold the same source taken together."""
        if not slots:
            return []
        of_slots = embeddings[1:]
        best = self._encoder.probabilities(embeddings).max(1)
        powers = [self._slot_power((slot,)) for slot in slots]
        loudest = int(np.argmax(powers))
        clarities = [
            clarity(float(p), float(best[0]), 10 * math.log10(powers[loudest] / power))
            for p, power in zip(best[1:], powers, strict=True)
        ]
        groups = self._groups.group(slots, self._encoder.identity(of_slots), loudest, clarities)
        mixture = float(self._mixture_meter.step_powers().sum())
        observations = []
        for positions in groups:
            members = tuple(slots[p] for p in positions)
            if loudest not in positions:
                embedding = blend(of_slots[list(positions)], [powers[p] for p in positions])
            elif len(groups) == 1 and self._slot_power(members) > WHOLE * mixture:
                # Nothing else is in the window: the mixture is the source, without artefacts.
                embedding = embeddings[0]
            else:
                # The mixture tells most about the loudest source: trust whichever is clearer.
                both = embeddings[[0, 1 + loudest]]
                embedding = blend(both, (best[0] ** 2, best[1 + loudest] ** 2))
            if loudest in positions:
                embedding = fuller(embedding, of_slots[loudest], self._encoder)
            observations.append(
                Observation(
                    slots=members,
                    embedding=embedding,
                    identity=self._encoder.identity(embedding),
                    profile=self._profiles.profile(members),
                    level_lufs=self._slot_meter.peak_lufs(RECENT_S, members),
                )
            )
        return observations

    def _slot_power(self, slots: tuple[int, ...]) -> float:
        return float(self._slot_meter.step_powers(slots).sum())

    def _loudest(self, slots: Sequence[int]) -> int:
        return max(slots, key=lambda slot: self._slot_meter.peak_lufs(RECENT_S, (slot,)))

    def _loudness(self, track_id: int) -> float:
        slots = self.slots_of(track_id)
        return self._slot_meter.loudness_lufs(slots) if slots else FLOOR_LUFS
