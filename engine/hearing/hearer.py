"""From samples to hearings: what sounds is heard in the mixture, then the slots are shared out.

Tracks are named by construction: a track is a label that sounds, and its sound is what it gets of
the separator's slots. What nobody gets is the rest; a sound that has no name here is a track of the
name `unknown`. The whole of it is one causal function of the samples; it works hop by hop whatever
pieces they arrive in, so that a live show and a file give the same hearings.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from engine.hearing.decisions import Decisions
from engine.hearing.ear import Ear, Listened
from engine.hearing.lives import Life, Lives
from engine.hearing.sharing import SLOT_S, Sharing, shares_of
from engine.hearing.significance import Ranking, momentary_significances
from engine.packets import F32, UNKNOWN, HeardSource, Hearing, Window
from engine.sound.brightness import spectral_brightness
from engine.sound.loudness import FLOOR_LUFS
from engine.sound.onset import SURROUND_S, onset
from engine.sound.windows import Windows
from engine.trace import note

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels

SILENT_LUFS = -45.0
"""Under this nothing is heard."""
FAR_UNDER_LU = 25.0
"""So much under the mixture, a sound is nothing but what leaked."""
STICKY_LU = 4.0
"""What was heard goes on being heard down to this much less."""
RECENT_S = 0.8
"""What counts as now when a level is measured: longer than the pauses of most calls."""
SHARED_EVERY_S = 0.4
"""From one sharing out to the next while the names stay the same."""
NAMELESS_AFTER_S = 2.0
"""A sound that has had no name for so long is unknown, whatever the encoder makes of it."""
TOP = 5
"""Labels that a source comes with."""


class Hearer:
    """Hears a stream at the bundle's rate.

    Sources are measured over windows as long as the stamp's that end where the separated sound
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
        self._slot_samples = min(round(SLOT_S * rate), self._windows.window)
        self._ear = Ear(models.encoder, rate, len(manifest.labels))
        self._shared_every = max(1, round(SHARED_EVERY_S / hop_s))
        self._sharing = Sharing(
            models.separator, manifest.separator, manifest.sources,
            self._windows.window + self._windows.hop, rate, self._shared_every * hop_s,
        )  # fmt: skip
        self._decisions = Decisions(len(self._names), hop_s)
        self._lives = Lives(max_sources)
        self._ranking = Ranking()
        self._forget()

    def reset(self, epoch: int | None = None) -> None:
        """Begin again at sample 0 in an epoch, None for the next, with no track."""
        self._windows.reset(epoch)
        self._sharing.reset()
        self._decisions.reset()
        self._lives.reset()
        self._ranking.reset()
        self._forget()

    def _forget(self) -> None:
        self._heard_at = 0
        self._named_at = 0
        self._hearings = 0
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

    @property
    def sounds_end(self) -> int:
        """One past the newest sample that `sounds_of` gives, counted as in a stamp."""
        return self._sharing.end

    @property
    def sounds_kept(self) -> int:
        """Samples that `sounds_of` can give at most."""
        return self._windows.window

    def sounds_of(self, samples: int) -> dict[int, F32]:
        """track_id to the newest samples (n,) of each track that is heard now, which end
        `latency_samples` before the newest hearing does. Raises LookupError for more than a window.
        """
        return {
            life.track_id: self._sound(life.label, samples)
            for life in self._lives.living
            if life.label in self._heard
        }

    def _sound(self, label: int, samples: int) -> F32:
        end = self._sharing.end
        return self._sharing.share(label) @ self._sharing.between(end - samples, end)

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
        self._sharing.push(fresh)
        ended = time.perf_counter()
        self._separate_ms += 1000 * (ended - began)
        note("separate", began, ended)

    def _hear(self, window: Window) -> Hearing:
        stamp, began = window.stamp, time.perf_counter()
        everything = np.ones(self._sharing.slots, np.float32)
        level = self._sharing.peak_lufs(everything, RECENT_S)
        # Digital silence is at the floor, and no sensitivity makes a source of it.
        threshold = max(SILENT_LUFS - self.sensitivity_db, FLOOR_LUFS + STICKY_LU + 0.1)
        self._audible = level > threshold - (STICKY_LU if self._audible else 0.0)
        listened = self._ear.listen(window.samples, stamp.end_sample) if self._audible else None
        presence = self._decide(listened, stamp.end_sample)
        encoded = time.perf_counter()
        note("encode", began, encoded, window=stamp.window_id)
        least = max(threshold, level - FAR_UNDER_LU)
        self._heard = self._find_heard(presence, least)
        self._lives.update(self._heard, stamp.end_s)
        sources = self._rank(presence, least - STICKY_LU, stamp.end_sample)
        ended = time.perf_counter()
        note("track", encoded, ended, window=stamp.window_id, sources=len(sources))
        separate_ms, self._separate_ms = self._separate_ms, 0.0
        encode_ms, track_ms = 1000 * (encoded - began), 1000 * (ended - encoded)
        return Hearing(
            stamp=stamp,
            sources=sources,
            loudness_lufs=self._sharing.loudness_lufs(everything),
            timings_ms={
                "separate": separate_ms,
                "encode": encode_ms,
                "track": track_ms,
                "hear": separate_ms + encode_ms + track_ms,
            },
        )

    def _decide(self, listened: Listened | None, end_sample: int) -> F32:
        """Say what sounds, and share the slots out; (labels + 1,) how surely each is there."""
        nothing = np.zeros(len(self._names), np.float32)
        now, lately = (nothing, nothing) if listened is None else (listened.now, listened.lately)
        presence = np.asarray((now + lately) / 2, np.float32)
        sounding = [int(name) for name in np.flatnonzero(self._decisions.update(now, lately))]
        if listened is None:
            self._named_at = end_sample
            self._sharing.keep([life.label for life in self._lives.living])
            return presence
        self._mixture_lies = listened.embedding
        if any(name != self._unknown for name in sounding):
            self._named_at = end_sample
        elif (end_sample - self._named_at) / self.sample_rate_hz >= NAMELESS_AFTER_S:
            sounding = [self._unknown]
            presence[self._unknown] = max(
                presence[self._unknown], 1.0 - presence[: self._unknown].max()
            )
        # Who has a track keeps it; beside those the surest have room.
        sounding.sort(key=lambda name: (not self._lives.has(name), -presence[name]))
        names = sounding[: self._most]
        if set(names) != set(self._sharing.names) or self._hearings % self._shared_every == 0:
            self._share_out(names)
        self._hearings += 1
        return presence

    def _share_out(self, names: list[int]) -> None:
        """Share the slots out among these names; where nobody has one, all is the unknown's."""
        if not names or names == [self._unknown]:
            whole = np.ones(self._sharing.slots, np.float32)
            self._sharing.share_out(dict.fromkeys(names, whole))
            return
        end = self._sharing.end
        slots = self._sharing.between(end - self._slot_samples, end)
        shares = shares_of(self._ear, slots, names)
        self._sharing.share_out(dict(zip(names, shares, strict=True)))

    def _find_heard(self, presence: F32, least: float) -> dict[int, float]:
        """What sounds and can be heard in what it got, and how sure that is.

        least: LUFS from which a sound is heard.
        """
        if not self._audible:
            return {}
        heard: dict[int, float] = {}
        for name in self._sharing.names:
            loud = self._sharing.peak_lufs(self._sharing.share(name), RECENT_S)
            if loud > least - (STICKY_LU if name in self._heard else 0.0):
                heard[name] = float(presence[name])
        return heard

    def _rank(
        self, presence: F32, threshold_lufs: float, end_sample: int
    ) -> tuple[HeardSource, ...]:
        """The tracks as sources, most significant first."""
        lives = {life.track_id: life for life in self._lives.living}
        now = {t: life for t, life in lives.items() if life.label in self._heard}
        share = {t: self._sharing.share(life.label) for t, life in now.items()}
        levels = {t: self._sharing.peak_lufs(share[t], RECENT_S) for t in now}
        sure = {t: life.presence for t, life in now.items()}
        momentary = dict.fromkeys(lives, 0.0)
        momentary |= momentary_significances(levels, sure, threshold_lufs)
        elapsed_s = (end_sample - self._heard_at) / self.sample_rate_hz
        self._heard_at = end_sample
        return tuple(
            HeardSource(
                track_id=track_id,
                embedding=self._embedding(lives[track_id].label),
                labels=self._labels(lives[track_id], presence),
                loudness_lufs=(
                    self._sharing.loudness_lufs(share[track_id]) if track_id in now else FLOOR_LUFS
                ),
                significance=value,
                brightness=self._brightness(lives[track_id].label) if track_id in now else 0.5,
                onset=self._onset(lives[track_id].label) if track_id in now else 0.0,
            )
            for track_id, value in self._ranking.update(momentary, elapsed_s).items()
        )

    def _brightness(self, label: int) -> float:
        return spectral_brightness(self._sound(label, self.hop), self.sample_rate_hz)

    def _onset(self, label: int) -> float:
        before = round(SURROUND_S * self.sample_rate_hz)
        return onset(self._sound(label, before + self.hop), self.hop, self.sample_rate_hz)

    def _embedding(self, label: int) -> F32:
        """(d,) where the name lies among the words; of an unknown sound, where the mixture lies."""
        return self._words[label] if label < self._unknown else self._mixture_lies

    def _labels(self, life: Life, presence: F32) -> tuple[tuple[str, float], ...]:
        """A track's own name, then those that have no track, none surer than it."""
        found = [(self._names[life.label], life.presence)]
        for label in np.argsort(-presence, kind="stable"):
            if len(found) < TOP and int(label) not in self._heard and label != life.label:
                found.append((self._names[label], min(float(presence[label]), life.presence)))
        return tuple(found)
