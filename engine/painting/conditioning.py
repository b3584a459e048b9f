"""From what is heard, five times a second, to what the generator is asked for at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from engine.hearing.mixture_residual import parted
from engine.hearing.naming import Naming
from engine.packets import F32, Conditions, HeardSource, Hearing, PictureConditions, Stamp
from engine.painting.arrangement import Subject
from engine.painting.atmosphere import Atmosphere
from engine.painting.composition import (
    AIR,
    Box,
    Home,
    Homes,
    PlaceRules,
    between,
    look_of,
    placed,
    placed_at,
)
from engine.painting.noise_trajectory import NoiseWalk
from engine.painting.rainfall import share_of_rain
from engine.painting.slot_allocation import Places
from engine.painting.smoothing import RELEASE_S, GlidingDirection, GlidingLevel, GlidingPoint
from engine.painting.spots import Spots

if TYPE_CHECKING:
    from engine.bundle.load import Bundle

_SCENE, _PANEL = 1, 2
"""First words of the names of the noise walks."""
_CHANGED = 8.0
"""A panel whose sound has become quite another one waits so many times less than the others."""
_HURRY_S = 0.1
"""Nine tenths of a fall take this long where another waits for the place."""
_ROOM_TO_GROW = 0.6
"""A source gets a home that has room for it at this weight, should it be quieter now."""


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
    stand: GlidingPoint
    """(9,): the stands in scene and panel and how much it is of the air, as `_flat` has them."""
    home: Home | None = None
    """None while it has always filled the picture."""
    weight: GlidingLevel = field(default_factory=GlidingLevel)
    presence: GlidingLevel = field(default_factory=GlidingLevel)
    walk: NoiseWalk | None = None
    painted: int = 0
    """Number of the picture in which the panel was painted last."""
    painted_as: F32 | None = None
    """Its token then; None while the panel has never been painted."""

    def waits(self, count: int) -> float:
        """How urgent its panel is in picture `count`: pictures since it was painted, more where it
        has become another sound meanwhile, above all where it has never been."""
        if self.painted_as is None:
            return float("inf")
        moved = 1.0 - float(self.token.value @ self.painted_as)
        return (count - self.painted) * (1.0 + _CHANGED * moved)

    @property
    def ends(self) -> F32:
        """(2, 2, 2): scene or panel, at weight 0 or 1, y or height."""
        return self.stand.value[:8].reshape(2, 2, 2)

    @property
    def air(self) -> float:
        """In [0, 1]: 1 fills the picture."""
        return float(self.stand.value[-1])

    @property
    def subject(self) -> Subject:
        """What is to be placed where sources are arranged; it must have a home."""
        assert self.home is not None
        scene, panel = self.stand.target[:8].reshape(2, 2, 2)
        y, height = between(scene, 1.0)
        return Subject(self.home.x, y, height, between(panel, 1.0)[1])

    def box(self, weight: float) -> Box:
        """What it takes of the scene at a weight."""
        y, height = between(self.ends[0], weight)
        return Box(self.home.x if self.home else AIR[0], y, height)


class Conditioner:
    """Moves the conditions of scene and panels smoothly from hearing to hearing.

    Steady sound gives steady conditions; only noise and light go on. Everything is a function of
    the seed, the hearings, the atmosphere and the moments passed in. For one thread.
    """

    def __init__(
        self, bundle: Bundle, seed: int = 0, panels: int = 4, atmosphere: Atmosphere | None = None
    ) -> None:
        """panels: most panels at a time, 0 or more. seed: of noise and homes, any whole number.

        atmosphere: None for one of the seed that is left to itself.
        """
        manifest = bundle.manifest
        self._pictures = self._own_pictures = manifest.pictures
        self._any_shape = manifest.any_shape
        self._size, self._aspect = 1.0, self._pictures.scene[1] / self._pictures.scene[0]
        self._sources = manifest.sources
        self._dim = manifest.embedding_dim
        self._rate = manifest.sample_rate_hz
        self._seed = seed
        self._atmosphere = atmosphere or Atmosphere(seed)
        self._naming = Naming(bundle.vocabulary, manifest.labels, manifest.label_temperature)
        self._rules = PlaceRules(bundle.places)
        self._homes = Homes(seed, self._pictures.looks, self._pictures.scene)
        self._spots = Spots(self._pictures.scene)
        self._scene_walk = self._walk(self._pictures.scene, _SCENE)
        self._panels = Places(panels)
        self._slots = Places(manifest.sources)
        self._tracks: dict[int, _Track] = {}
        self._stamp: Stamp | None = None
        self._now_s: float | None = None
        self._count = 0
        self._panels_owed = 0.0
        self._shown: tuple[PanelPlace, ...] = ()

    @property
    def places(self) -> tuple[PanelPlace, ...]:
        """Panels by place, as of the last conditions. May be read from any thread."""
        return self._shown

    @property
    def atmosphere(self) -> Atmosphere:
        """Light, season and style."""
        return self._atmosphere

    def paint_at(self, size: float) -> None:
        """Have pictures of this share of the bundle's own size, in (0, 1], from now on."""
        self._size = size
        self._reshape()

    def paint_for(self, aspect: float) -> None:
        """Have scenes for a window of this width over height from now on.

        They are painted in about its shape, if the generators can, and the sources stand in the
        part of them that the window shows.
        """
        if aspect != self._aspect:
            self._aspect = aspect
            self._reshape()

    def show_panels(self, panels: int) -> None:
        """Have another number of panels at most; those too many fade out from the next hearing."""
        self._panels.resize(panels)

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
        sounds = np.zeros(len(self._naming.names))
        heard: dict[int, HeardSource] = {}
        for source in hearing.sources:
            sounds += min(1.0, max(0.0, source.significance)) * self._naming.probabilities(
                source.embedding
            )
            painted, second = parted(source, self._naming)
            heard[painted.track_id] = painted
            if second is not None:
                heard[second.track_id] = second
        significances = {t: min(1.0, max(0.0, s.significance)) for t, s in heard.items()}
        # A second sound has no panel of its own: only a track has.
        self._panels.update({t: s for t, s in significances.items() if t >= 0})
        self._slots.update(significances)
        for source in heard.values():
            self._take_in(source)
        for track_id, track in self._tracks.items():
            _aim(track.weight, self._slots, track_id, significances.get(track_id, 0.0))
            _aim(track.presence, self._panels, track_id, 1.0)
        self._give_homes(significances)
        self._atmosphere.hear(dict(zip(self._naming.names, sounds.tolist(), strict=True)), now_s)

    def conditions(
        self,
        now_s: float,
        steps: int,
        want_panels: bool = True,
        panels_every: int = 1,
        most_panels: int | None = None,
    ) -> Conditions:
        """What to paint at a moment.

        steps: sampler steps. With want_panels, each panel is in every panels_every-th picture, a
        few at a time so that all pictures take alike, and a new one is in the next. most_panels:
        no more than that, new ones first, then those that waited longest or changed most; None for
        no bound. Before the first hearing this is silence.
        """
        self._advance(now_s)
        self._count += 1
        painted = self._painted_now(panels_every, most_panels) if want_panels else ()
        atmosphere = self._atmosphere.at(now_s)
        scene = self._blank(1, self._pictures.scene, atmosphere)
        for track_id, slot in self._slots.held.items():
            track = self._tracks[track_id]
            scene.tokens[0, slot] = track.token.value
            scene.weights[0, slot] = track.weight.value
            scene.places[0, slot] = self._place(track_id, 0, track.weight.value)
            scene.looks[0, slot] = self._look(track)
        scene.noise[0] = self._scene_walk.at(now_s)
        held = [self._tracks[track_id] for track_id in self._slots.held]
        rain = min(1.0, sum(track.weight.value * self._rain(track) for track in held))
        stamp = self._stamp or Stamp(-1, 0, 0, 0, self._rate, now_s)
        if not painted:
            return Conditions(stamp, steps, scene, scene_rain=rain, moment_s=now_s)
        panels, rains = self._blank(len(painted), self._pictures.panel, atmosphere), []
        for row, track_id in enumerate(painted):
            track = self._tracks[track_id]
            if track.walk is None:
                track.walk = self._walk(self._pictures.panel, _PANEL, track_id)
            panels.tokens[row, 0] = track.token.value
            panels.weights[row, 0] = track.presence.value
            panels.places[row, 0] = self._place(track_id, 1, track.presence.value)
            panels.looks[row, 0] = self._look(track)
            panels.noise[row] = track.walk.at(now_s)
            rains.append(track.presence.value * self._rain(track))
        return Conditions(stamp, steps, scene, panels, painted, rain, tuple(rains), now_s)

    def _reshape(self) -> None:
        """Take over another size or shape."""
        before, pictures = self._pictures, self._own_pictures.at(self._size)
        if self._any_shape:
            pictures = self._own_pictures.shaped(self._aspect, self._size)
        self._pictures = pictures
        if pictures.scene != before.scene:
            self._scene_walk = self._walk(pictures.scene, _SCENE)
        if pictures.panel != before.panel:
            for track in self._tracks.values():
                track.walk = None
        self._spots.frame(pictures.scene, self._aspect)
        self._arrange(self._slots.held)

    def _arrange(self, present: Iterable[int]) -> None:
        self._spots.arrange(
            {t: self._tracks[t].subject for t in present if self._tracks[t].home is not None}
        )

    def _take_in(self, source: HeardSource) -> None:
        """Aim a track at what it is now."""
        stand = self._rules.stand(self._naming.probabilities(source.embedding))
        flat = np.concatenate([stand.scene.ravel(), stand.panel.ravel(), [stand.air]])
        track = self._tracks.get(source.track_id)
        if track is None:
            track = _Track(GlidingDirection(source.embedding), GlidingPoint(flat))
            self._tracks[source.track_id] = track
        track.token.aim(source.embedding)
        track.stand.aim(flat)

    def _give_homes(self, significances: Mapping[int, float]) -> None:
        """Find a home for who stands somewhere in the scene and has none, the loudest first."""

        def box(track_id: int) -> Box:
            return self._tracks[track_id].box(max(_ROOM_TO_GROW, significances[track_id]))

        present = sorted(
            (t for t in self._slots.held if t in significances), key=lambda t: -significances[t]
        )
        for track_id in present:
            track = self._tracks[track_id]
            if track.home is not None or track.stand.target[-1] >= 1.0:
                continue
            others = [
                box(t) for t in present if t != track_id and self._tracks[t].home is not None
            ]
            mine = box(track_id)
            track.home = self._homes.find(track_id, mine.y, mine.height, others)
        self._arrange(present)

    def _place(self, track_id: int, picture: int, weight: float) -> tuple[float, ...]:
        """x, y, height and facing in the scene (0) or the panel (1) at a weight."""
        track = self._tracks[track_id]
        ends, home = track.ends[picture], track.home
        spot = self._spots.of(track_id) if picture == 0 else None
        if spot is not None and home is not None:
            return placed_at(spot, ends, track.air, home, weight)
        return placed(ends, track.air, home, weight, in_scene=picture == 0)

    def _look(self, track: _Track) -> F32:
        return look_of(self._pictures.looks, track.air, track.home)

    def _rain(self, track: _Track) -> float:
        return share_of_rain(self._naming, track.token.value)

    def _blank(self, rows: int, size: tuple[int, int], atmosphere: F32) -> PictureConditions:
        """Pictures with nobody in them, to be filled in."""
        pictures, slots = self._pictures, self._sources
        looks = np.zeros((rows, slots, pictures.looks), np.float32)
        looks[..., 0] = 1.0
        return PictureConditions(
            tokens=np.zeros((rows, slots, self._dim), np.float32),
            weights=np.zeros((rows, slots), np.float32),
            places=np.tile(np.array(AIR, np.float32), (rows, slots, 1)),
            looks=looks,
            atmosphere=np.tile(atmosphere, (rows, 1)),
            noise=np.empty((rows, pictures.latent_channels, *pictures.latent(size)), np.float32),
        )

    def _painted_now(self, every: int, most: int | None) -> tuple[int, ...]:
        """Tracks whose panels are in this picture, by place."""
        standing = [p.track_id for p in self._shown]
        self._panels_owed = min(self._panels_owed + len(standing) / max(1, every), len(standing))
        new = [t for t in standing if self._tracks[t].painted_as is None]
        due = sorted(standing, key=lambda t: -self._tracks[t].waits(self._count))
        count = max(len(new), int(self._panels_owed + 1e-6))
        count = count if most is None else min(count, most)
        chosen = set(due[:count])
        self._panels_owed = max(0.0, self._panels_owed - count)
        for track_id in chosen:
            track = self._tracks[track_id]
            track.painted, track.painted_as = self._count, track.token.value
        return tuple(t for t in standing if t in chosen)

    def _advance(self, now_s: float) -> None:
        """Let time pass up to a moment, and let go of what has faded out."""
        passed = max(0.0, now_s - self._now_s) if self._now_s is not None else 0.0
        self._now_s = now_s if self._now_s is None else max(now_s, self._now_s)
        self._spots.advance(passed)
        for track_id, track in list(self._tracks.items()):
            for gliding in (track.token, track.stand, track.weight, track.presence):
                gliding.advance(passed)
            if track.weight.is_gone:
                self._slots.give_back(track_id)
            if track.presence.is_gone:
                self._panels.give_back(track_id)
                track.painted_as = None
            if track.weight.is_gone and track.presence.is_gone:
                del self._tracks[track_id]
                self._spots.drop(track_id)
        self._shown = tuple(
            PanelPlace(track_id, place, self._tracks[track_id].presence.value)
            for track_id, place in sorted(self._panels.held.items(), key=lambda item: item[1])
        )

    def _forget(self) -> None:
        self._tracks.clear()
        self._panels.clear()
        self._slots.clear()
        self._homes.forget()
        self._spots.forget()

    def _walk(self, size: tuple[int, int], *name: int) -> NoiseWalk:
        shape = (self._pictures.latent_channels, *self._pictures.latent(size))
        return NoiseWalk(self._seed, name, shape)


def _aim(level: GlidingLevel, places: Places, track_id: int, target: float) -> None:
    """Go to a level if the track has a place to itself, else out of the way."""
    stays = track_id in places.held and not places.is_leaving(track_id)
    level.aim(target if stays else 0.0, _HURRY_S if places.waiting else RELEASE_S)
