"""From samples to hearings: separate, encode, group, track, rank.

The whole of hearing is one causal function of the samples. It works hop by hop whatever pieces the
samples arrive in, so that a live show and a file give the same hearings.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from engine.hearing.audibility import Audibility
from engine.hearing.encoding import Encoder
from engine.hearing.observing import Observer
from engine.hearing.separation import StreamingSeparator
from engine.hearing.significance import Ranking, momentary_significances
from engine.hearing.slot_meters import SlotMeters
from engine.hearing.tracking import Track, Tracker
from engine.packets import F32, HeardSource, Hearing, Window
from engine.sound.windows import Windows
from engine.trace import note

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels


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
        self._meters = SlotMeters(rate, window_s, slots, self._latency)
        self._audibility = Audibility()
        self._observer = Observer(self._encoder, self._meters)
        self._tracker = Tracker(max_sources)
        self._ranking = Ranking()
        self._forget()

    def reset(self, epoch: int | None = None) -> None:
        """Begin again at sample 0 in an epoch, None for the next, with no track."""
        self._windows.reset(epoch)
        self._separator.reset()
        self._meters.reset()
        self._audibility.reset()
        self._observer.reset()
        self._tracker.reset()
        self._ranking.reset()
        self._forget()

    def _forget(self) -> None:
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

    def sounds_of(self, samples: int) -> dict[int, F32]:
        """track_id to the newest samples (n,) of each track that is heard now, which end
        `latency_samples` before the newest hearing does. Raises LookupError for what is not kept.
        """
        end = self.separated_end
        slots = self._separator.between(end - samples, end)
        return {track_id: slots[list(mine)].sum(0) for track_id, mine in self._slots_of.items()}

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
            self._separate(window)
            if not newest_only or window.stamp.end_sample + self.hop > last_end:
                hearings.append(self._hear(window))
        return hearings

    def _separate(self, window: Window) -> None:
        """Separate and measure the newest hop: both must see every sample."""
        fresh = window.samples[-self.hop :]
        began = time.perf_counter()
        sources = self._separator.push(fresh)
        separated = time.perf_counter()
        self._separate_ms += 1000 * (separated - began)
        self._meters.push(fresh, sources)
        measured = time.perf_counter()
        self._measure_ms += 1000 * (measured - separated)
        note("separate", began, separated)
        note("measure", separated, measured)

    def _hear(self, window: Window) -> Hearing:
        began = time.perf_counter()
        stamp = window.stamp
        slots, threshold = self._audibility.update(self._meters.levels_lufs, self.sensitivity_db)
        embeddings, encode_ms = self._encode(window, slots)
        encoded = time.perf_counter()
        tracks = self._tracker.update(self._observer.observe(slots, embeddings), stamp.end_s)
        self._slots_of = {t.track_id: t.slots for t in tracks if t.silent_s == 0}
        sources = self._rank(window, tracks, embeddings[0], threshold)
        separate_ms, self._separate_ms = self._separate_ms, 0.0
        measure_ms, self._measure_ms = self._measure_ms, 0.0
        loudness_lufs = self._meters.mixture_lufs
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

    def _rank(
        self, window: Window, tracks: tuple[Track, ...], mixture: F32, threshold_lufs: float
    ) -> tuple[HeardSource, ...]:
        """The living tracks as sources, most significant first. mixture: its embedding (d,)."""
        by_id = {t.track_id: t for t in tracks}
        levels = {t: self._meters.level_lufs(slots) for t, slots in self._slots_of.items()}
        identity = self._encoder.identity
        # Nothing is heard where there is no embedding of the mixture, so this is empty there.
        similarities = {t: float(identity(by_id[t].embedding) @ identity(mixture)) for t in levels}
        momentary = dict.fromkeys(by_id, 0.0)
        momentary |= momentary_significances(levels, similarities, threshold_lufs)
        end_sample = window.stamp.end_sample
        elapsed_s = (end_sample - self._heard_at) / self.sample_rate_hz
        self._heard_at = end_sample
        return tuple(
            HeardSource(
                track_id=track_id,
                embedding=by_id[track_id].embedding,
                labels=self._encoder.labels(by_id[track_id].embedding),
                loudness_lufs=self._meters.loudness_lufs(self.slots_of(track_id)),
                significance=value,
            )
            for track_id, value in self._ranking.update(momentary, elapsed_s).items()
        )

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
