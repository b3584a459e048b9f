"""From what is heard, five times a second, to what the generator is asked for at any moment."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.bundle_manifest import Manifest
from engine.glide import RELEASE_S, GlidingDirection, GlidingLevel
from engine.noise_walk import NoiseWalk
from engine.packets import Conditions, Hearing, Stamp
from engine.places import Places

_SCENE, _PANEL = 1, 2
"""First words of the names of the noise walks."""
_NEVER = -1
_HURRY_S = 0.1
"""Nine tenths of a fall take this long where another waits for the place."""


@dataclass(frozen=True, slots=True)
class PanelPlace:
    """Where a track's panel stands at a moment and how much of it is there."""

    track_id: int
    place: int
    """0 is the first; never changes while the track lives."""
    presence: float
    """In [0, 1]: fades in after birth and out after death."""


@dataclass
class _Track:
    token: GlidingDirection
    weight: GlidingLevel = field(default_factory=GlidingLevel)
    presence: GlidingLevel = field(default_factory=GlidingLevel)
    walk: NoiseWalk | None = None
    painted: int = _NEVER
    """Number of the picture in which the panel was painted last."""


class Conditioner:
    """Moves the conditions of scene and panels smoothly from hearing to hearing.

    Steady sound gives steady conditions; only the noise walks on. Everything is a function of the
    seed, the hearings and the moments passed in. For one thread, but `places` is for any.
    """

    def __init__(self, manifest: Manifest, seed: int = 0, panels: int = 4) -> None:
        """panels: most panels at a time, 0 or more. seed: of the noise, any whole number."""
        self._sources = manifest.sources
        self._dim = manifest.embedding_dim
        self._rate = manifest.sample_rate_hz
        self._seed = seed
        self._channels = manifest.pictures.latent_channels
        self._factor = manifest.pictures.latent_factor
        self._sizes = manifest.pictures.sizes
        self._scene_walk = self._walk(_SCENE)
        self._panels = Places(panels)
        self._slots = Places(manifest.sources)
        self._tracks: dict[int, _Track] = {}
        self._stamp: Stamp | None = None
        self._now_s: float | None = None
        self._pictures = 0
        self._panels_owed = 0.0
        self._shown: tuple[PanelPlace, ...] = ()

    @property
    def places(self) -> tuple[PanelPlace, ...]:
        """Panels by place, as of the last conditions."""
        return self._shown

    def hear(self, hearing: Hearing, now_s: float) -> None:
        """Aim at what was heard.

        now_s: moment in seconds, of the same clock as in `conditions`. A hearing that is older
        than the last is ignored; one of a new epoch starts from nothing.
        """
        stamp = hearing.stamp
        if self._stamp is not None:
            if (stamp.epoch, stamp.window_id) < (self._stamp.epoch, self._stamp.window_id):
                return
            if stamp.epoch > self._stamp.epoch:
                self._forget()
        self._stamp = stamp
        self._advance(now_s)
        heard = {source.track_id: source for source in hearing.sources}
        significances = {t: min(1.0, max(0.0, s.significance)) for t, s in heard.items()}
        self._panels.update(significances)
        self._slots.update(significances)
        for track_id, source in heard.items():
            track = self._tracks.get(track_id)
            if track is None:
                track = self._tracks[track_id] = _Track(GlidingDirection(source.embedding))
            track.token.aim(source.embedding)
        for track_id, track in self._tracks.items():
            _aim(track.weight, self._slots, track_id, significances.get(track_id, 0.0))
            _aim(track.presence, self._panels, track_id, 1.0)

    def conditions(
        self,
        now_s: float,
        steps: int,
        size: tuple[int, int],
        want_panels: bool = True,
        panels_every: int = 1,
    ) -> Conditions:
        """What to paint at a moment.

        steps: sampler steps. size: (height, width) of the pictures, one of the bundle's. With
        want_panels, each panel is in every panels_every-th picture, a few at a time so that all
        pictures take alike, and a new one is in the next. Before the first hearing this is silence.
        """
        if size not in self._sizes:
            raise ValueError(f"the bundle has no pictures of {size}, but of {self._sizes}")
        self._advance(now_s)
        self._pictures += 1
        painted = self._painted_now(panels_every) if want_panels else ()
        rows = 1 + len(painted)
        tokens = np.zeros((rows, self._sources, self._dim), np.float32)
        weights = np.zeros((rows, self._sources), np.float32)
        latent = (size[0] // self._factor, size[1] // self._factor)
        noise = np.empty((rows, self._channels, *latent), np.float32)
        for track_id, slot in self._slots.held.items():
            tokens[0, slot] = self._tracks[track_id].token.value
            weights[0, slot] = self._tracks[track_id].weight.value
        noise[0] = self._scene_walk.at(now_s, latent)
        for row, track_id in enumerate(painted, start=1):
            track = self._tracks[track_id]
            if track.walk is None:
                track.walk = self._walk(_PANEL, track_id)
            tokens[row, 0] = track.token.value
            weights[row, 0] = track.presence.value
            noise[row] = track.walk.at(now_s, latent)
        stamp = self._stamp or Stamp(-1, 0, 0, 0, self._rate, now_s)
        return Conditions(stamp, painted, tokens, weights, noise, steps)

    def _painted_now(self, every: int) -> tuple[int, ...]:
        """Tracks whose panels are in this picture, by place."""
        standing = [p.track_id for p in self._shown]
        self._panels_owed = min(self._panels_owed + len(standing) / max(1, every), len(standing))
        new = [t for t in standing if self._tracks[t].painted == _NEVER]
        due = sorted(standing, key=lambda t: self._tracks[t].painted)
        count = max(len(new), int(self._panels_owed + 1e-6))
        chosen = set(due[:count])
        self._panels_owed = max(0.0, self._panels_owed - count)
        for track_id in chosen:
            self._tracks[track_id].painted = self._pictures
        return tuple(t for t in standing if t in chosen)

    def _advance(self, now_s: float) -> None:
        """Let time pass up to a moment, and let go of what has faded out."""
        passed = max(0.0, now_s - self._now_s) if self._now_s is not None else 0.0
        self._now_s = now_s if self._now_s is None else max(now_s, self._now_s)
        for track_id, track in list(self._tracks.items()):
            track.token.advance(passed)
            track.weight.advance(passed)
            track.presence.advance(passed)
            if track.weight.is_gone:
                self._slots.give_back(track_id)
            if track.presence.is_gone:
                self._panels.give_back(track_id)
                track.painted = _NEVER
            if track.weight.is_gone and track.presence.is_gone:
                del self._tracks[track_id]
        self._shown = tuple(
            PanelPlace(track_id, place, self._tracks[track_id].presence.value)
            for track_id, place in sorted(self._panels.held.items(), key=lambda item: item[1])
        )

    def _forget(self) -> None:
        self._tracks.clear()
        self._panels.clear()
        self._slots.clear()

    def _walk(self, *name: int) -> NoiseWalk:
        latents = [(h // self._factor, w // self._factor) for h, w in self._sizes]
        return NoiseWalk(self._seed, name, self._channels, latents)


def _aim(level: GlidingLevel, places: Places, track_id: int, target: float) -> None:
    """Go to a level if the track has a place to itself, else out of the way."""
    stays = track_id in places.held and not places.is_leaving(track_id)
    level.aim(target if stays else 0.0, _HURRY_S if places.waiting else RELEASE_S)
