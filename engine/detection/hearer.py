"""From samples to hearings: what sounds is heard in the mixture, then each is taken out of it.

Tracks are named by construction: a track is a label that sounds, and its sound is what the
separator gives when it is asked for that label. What nobody asked for is the rest, which is a track
as well while it holds a sound that has no name here. The whole of it is one causal function of the
samples; it works hop by hop whatever pieces they arrive in, so that a live show and a file give
the same hearings.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from engine.detection.decisions import Decisions
from engine.detection.ear import Ear, Listened
from engine.detection.extraction import Extraction
from engine.detection.lives import Life, Lives
from engine.hearing.significance import Ranking, momentary_significances
from engine.packets import F32, UNKNOWN, HeardSource, Hearing, Window
from engine.sound.brightness import spectral_brightness
from engine.sound.loudness import FLOOR_LUFS, LoudnessMeter
from engine.sound.windows import Windows
from engine.trace import note

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels

SILENT_LUFS = -45.0
"""Under this nothing is heard."""
FAR_UNDER_LU = 25.0
"""So much under the mixture, what is taken out is nothing but what leaked."""
STICKY_LU = 4.0
"""What was heard goes on being heard down to this much less."""
RECENT_S = 0.8
"""What counts as now when a level is measured: longer than the pauses of most calls."""
REST_UNDER_LU = 12.0
"""So much under the mixture, the rest is no sound of its own."""
NAMELESS_AFTER_S = 2.0
"""A sound that has had no name for so long is unknown, whatever the encoder makes of it."""
TOP = 5
"""Labels that a source comes with."""


class Hearer:
    """Hears a stream at the bundle's rate.

    Sources are measured over windows as long as the stamp's that end where the extracted sound
    does: `latency_samples` (24 ms) earlier. `sensitivity_db` (an attribute, free to change) lowers
    the level under which nothing is heard; the sound itself is not changed.
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
        rate = manifest.sample_rate_hz
        window_s = manifest.window_s if window_s is None else window_s
        hop_s = manifest.hop_s if hop_s is None else hop_s
        self.sensitivity_db = sensitivity_db
        self.sample_rate_hz = rate
        self._names = (*manifest.labels, UNKNOWN)
        self._unknown = len(manifest.labels)
        self._words = bundle.vocabulary
        self._most = max_sources
        self._windows = Windows(rate, window_s, hop_s)
        self._ear = Ear(models.encoder, rate)
        self._extraction = Extraction(
            models.separator, manifest.separator, len(manifest.labels), self._windows.window, rate
        )
        self._decisions = Decisions(len(self._names))
        self._lives = Lives(max_sources)
        self._ranking = Ranking()
        self._forget()

    def reset(self, epoch: int | None = None) -> None:
        """Begin again at sample 0 in an epoch, None for the next, with no track."""
        self._windows.reset(epoch)
        self._extraction.reset()
        self._decisions.reset()
        self._lives.reset()
        self._ranking.reset()
        self._forget()

    def _forget(self) -> None:
        self._heard_at = 0
        self._named_at = 0
        self._separate_ms = 0.0
        self._audible = False
        self._heard: dict[int, float] = {}
        self._mixture_lies = self._words[0]

    @property
    def epoch(self) -> int:
        """Raised by every reset; stands in every stamp."""
        return self._windows.epoch

    @property
    def hop(self) -> int:
        """Samples from one hearing to the next."""
        return self._windows.hop

    def sounds_of(self, samples: int) -> dict[int, F32]:
        """track_id to the newest samples (n,) of each track that is heard now, which end
        `latency_samples` before the newest hearing does. Raises LookupError for more than a window.
        """
        end = self._extraction.end
        return {
            life.track_id: self._sound(life.label, end - samples, end)
            for life in self._lives.living
            if life.label in self._heard
        }

    def _sound(self, label: int, first: int, end: int) -> F32:
        if label == self._unknown:
            return self._extraction.rest(first, end)
        return self._extraction.sound(label, first, end).copy()

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
            self._separate(window.samples[-self.hop :])
            if not newest_only or window.stamp.end_sample + self.hop > last_end:
                hearings.append(self._hear(window))
        return hearings

    def _separate(self, fresh: F32) -> None:
        began = time.perf_counter()
        self._extraction.push(fresh)
        ended = time.perf_counter()
        self._separate_ms += 1000 * (ended - began)
        note("separate", began, ended)

    def _hear(self, window: Window) -> Hearing:
        stamp, began = window.stamp, time.perf_counter()
        level = self._extraction.mixture_meter.peak_lufs(RECENT_S)
        # Digital silence is at the floor, and no sensitivity makes a source of it.
        threshold = max(SILENT_LUFS - self.sensitivity_db, FLOOR_LUFS + STICKY_LU + 0.1)
        self._audible = level > threshold - (STICKY_LU if self._audible else 0.0)
        listened = None
        if self._audible or self._lives.living:
            listened = self._ear.listen(window.samples, stamp.end_sample)
        encoded = time.perf_counter()
        note("encode", began, encoded, window=stamp.window_id)
        self._decide(listened if self._audible else None, stamp.end_sample)
        asked = time.perf_counter()
        least = max(threshold, level - FAR_UNDER_LU)
        self._heard = self._find_heard(listened, least, level, stamp.end_sample)
        self._lives.update(self._heard, stamp.end_s)
        self._let_go()
        sources = self._rank(listened, least - STICKY_LU, stamp.end_sample)
        ended = time.perf_counter()
        note("track", asked, ended, window=stamp.window_id, sources=len(sources))
        separate_ms = self._separate_ms + 1000 * (asked - encoded)
        self._separate_ms = 0.0
        encode_ms, track_ms = 1000 * (encoded - began), 1000 * (ended - asked)
        return Hearing(
            stamp=stamp,
            sources=sources,
            loudness_lufs=self._extraction.mixture_meter.loudness_lufs(),
            timings_ms={
                "separate": separate_ms,
                "encode": encode_ms,
                "track": track_ms,
                "hear": separate_ms + encode_ms + track_ms,
            },
        )

    def _decide(self, listened: Listened | None, end_sample: int) -> None:
        """Say what sounds, and ask for it."""
        nothing = np.zeros(len(self._names), np.float32)
        now, lately = (nothing, nothing) if listened is None else (listened.now, listened.lately)
        sounding = self._decisions.update(now, lately)
        known = [int(label) for label in np.flatnonzero(sounding[: self._unknown])]
        if known or listened is None:
            self._named_at = end_sample
        for label in sorted(known, key=lambda each: -float(now[each] + lately[each])):
            if len(self._extraction.asked) < self._most:
                self._extraction.ask(label)

    def _find_heard(
        self, listened: Listened | None, least: float, level: float, end_sample: int
    ) -> dict[int, float]:
        """What sounds and can be heard in what was taken out, and how sure that is.

        least: LUFS from which a sound is heard. level: of the mixture now.
        """
        if listened is None or not self._audible:
            return {}
        presence = (listened.now + listened.lately) / 2
        heard: dict[int, float] = {}
        for label in self._extraction.asked:
            loud = self._extraction.meter(label).peak_lufs(RECENT_S)
            sticky = STICKY_LU if label in self._heard else 0.0
            if self._decisions.sounding[label] and loud > least - sticky:
                heard[label] = float(presence[label])
        nameless_s = (end_sample - self._named_at) / self.sample_rate_hz
        loud = self._extraction.rest_meter.peak_lufs(RECENT_S)
        sticky = STICKY_LU if self._unknown in self._heard else 0.0
        if loud > max(least, level - REST_UNDER_LU) - sticky and (
            self._decisions.sounding[self._unknown] or nameless_s >= NAMELESS_AFTER_S
        ):
            named = float(presence[: self._unknown].max())
            heard[self._unknown] = max(float(presence[self._unknown]), 1.0 - named)
        return heard

    def _let_go(self) -> None:
        """Ask no longer for what neither sounds nor has a track."""
        for label in self._extraction.asked:
            if not self._lives.has(label) and not self._decisions.sounding[label]:
                self._extraction.drop(label)

    def _rank(
        self, listened: Listened | None, threshold_lufs: float, end_sample: int
    ) -> tuple[HeardSource, ...]:
        """The tracks as sources, most significant first."""
        lives = {life.track_id: life for life in self._lives.living}
        now = {t: life for t, life in lives.items() if life.label in self._heard}
        levels = {t: self._meter_of(life.label).peak_lufs(RECENT_S) for t, life in now.items()}
        sure = {t: life.presence for t, life in now.items()}
        momentary = dict.fromkeys(lives, 0.0)
        momentary |= momentary_significances(levels, sure, threshold_lufs)
        elapsed_s = (end_sample - self._heard_at) / self.sample_rate_hz
        self._heard_at = end_sample
        return tuple(
            HeardSource(
                track_id=track_id,
                embedding=self._embedding(lives[track_id].label, listened),
                labels=self._labels(lives[track_id], listened),
                loudness_lufs=(
                    self._meter_of(lives[track_id].label).loudness_lufs()
                    if track_id in now
                    else FLOOR_LUFS
                ),
                significance=value,
                brightness=self._brightness(lives[track_id].label) if track_id in now else 0.5,
            )
            for track_id, value in self._ranking.update(momentary, elapsed_s).items()
        )

    def _meter_of(self, label: int) -> LoudnessMeter:
        extraction = self._extraction
        return extraction.rest_meter if label == self._unknown else extraction.meter(label)

    def _brightness(self, label: int) -> float:
        end = self._extraction.end
        return spectral_brightness(
            self._sound(label, end - self._windows.hop, end), self.sample_rate_hz
        )

    def _embedding(self, label: int, listened: Listened | None) -> F32:
        """(d,) where the name lies among the words; of an unknown sound, where the mixture lies."""
        if listened is not None:
            self._mixture_lies = listened.embedding
        return self._words[label] if label < self._unknown else self._mixture_lies

    def _labels(self, life: Life, listened: Listened | None) -> tuple[tuple[str, float], ...]:
        """A track's own name, then those that have no track, none surer than it."""
        found = [(self._names[life.label], life.presence)]
        if listened is None:
            return tuple(found)
        presence = (listened.now + listened.lately) / 2
        for label in np.argsort(-presence, kind="stable"):
            if len(found) < TOP and int(label) not in self._heard and label != life.label:
                found.append((self._names[label], min(float(presence[label]), life.presence)))
        return tuple(found)
