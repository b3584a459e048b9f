"""From what is heard, five times a second, to what the generator is asked for at any moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from engine.atmosphere_choice import LIGHTS
from engine.hearing.naming import Naming
from engine.packets import (
    F32,
    Conditions,
    Hearing,
    PictureConditions,
    Stamp,
)
from engine.painting.atmosphere import Atmosphere
from engine.painting.composition import AIR, Homes, PlaceRules
from engine.painting.noise_trajectory import NoiseTrajectory
from engine.painting.panel_schedule import PanelSchedule
from engine.painting.smoothed_source import SmoothedSource
from engine.painting.sources import PanelSlot, Sources
from engine.painting.spots import Spots
from engine.painting.staging import Stage, Staged, breaths_of

if TYPE_CHECKING:
    from engine.bundle.load import Bundle

_SCENE, _PANEL = 1, 2
"""First words of the names of the noise trajectories."""
_SNOW = LIGHTS.index("snow")
"""Where the atmosphere says how much of its light is that of snow."""
_TRAJECTORIES = 32
"""Noise trajectories kept; one that is asked for again after more than these is made again."""


class Conditioner:
    """Moves the conditions of scene and panels smoothly from hearing to hearing.

    Steady sound gives steady conditions; only noise and light go on, and what is on its way.
    Everything is a function of the seed, the hearings, the atmosphere and the moments passed in.
    For one thread.
    """

    def __init__(
        self,
        bundle: Bundle,
        seed: int = 0,
        panels: int = 4,
        atmosphere: Atmosphere | None = None,
        motion: float = 0.0,
        blend: bool = False,
    ) -> None:
        """panels: most panels at a time, 0 or more. seed: of noise and homes, any whole number.

        atmosphere: None for one of the seed that is left to itself. motion, blend: see `move`.
        """
        self._manifest = manifest = bundle.manifest
        self._pictures = manifest.pictures
        self._size, self._aspect = 1.0, self._pictures.scene[1] / self._pictures.scene[0]
        self._atmosphere = atmosphere or Atmosphere(seed)
        self._naming = Naming(bundle.vocabulary, manifest.labels, manifest.label_temperature)
        self._sources = Sources(
            self._naming,
            PlaceRules(bundle.places),
            Homes(seed, self._pictures.looks, self._pictures.scene),
            Spots(self._pictures.scene),
            manifest.sources,
            panels,
            seed,
        )
        self._stage = Stage(self._naming, self._pictures.looks)
        self.move(motion, blend)
        self._schedule = PanelSchedule()
        self._trajectory = lru_cache(_TRAJECTORIES)(partial(NoiseTrajectory, seed))
        self.places: Mapping[int, tuple[int, float, float]] = {}
        """Track to its slot of the scene and its middle there, x and y over width and height, as of
        the last conditions; beyond [0, 1] while it is on its way out of sight. May be read from any
        thread."""
        self._stamp: Stamp | None = None
        self._now_s: float | None = None

    @property
    def panel_slots(self) -> tuple[PanelSlot, ...]:
        """Panels by slot, as of the last conditions. May be read from any thread."""
        return self._sources.panel_slots

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
        self._sources.resize_panels(panels)

    def move(self, motion: float, blend: bool) -> None:
        """Have sources move with their sounds so much, in [0, 1]; with none all stand still.

        blend: paint what is heard between two labels between them, instead of as one of them.
        From the next picture on, and from the next hearing on; any thread may ask for it.
        """
        self._sources.motion, self._sources.blend = motion, blend

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
                self._sources.forget()
        self._stamp = stamp
        self._advance(now_s)
        sounds = np.zeros(len(self._naming.names))
        for source in hearing.sources:
            if source.is_unknown:
                continue
            sounds += min(1.0, max(0.0, source.significance)) * self._naming.probabilities(
                source.embedding
            )
        self._sources.hear({source.track_id: source for source in hearing.sources})
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
        self._schedule.next_picture()
        shown = self._sources.panels
        track_ids: tuple[int, ...] = ()
        if want_panels:
            track_ids = self._schedule.choose(shown, panels_every, most_panels)
        atmosphere = self._atmosphere.at(now_s)
        scene, staged = self._fill_scene(atmosphere, now_s)
        motion = self._sources.motion
        snow = float(atmosphere[_SNOW]) if motion > 0.0 else 0.0
        stamp = self._stamp or Stamp(-1, 0, 0, 0, self._manifest.sample_rate_hz, now_s)
        asked = Conditions(
            stamp,
            steps,
            scene,
            scene_weather=self._stage.weather(staged, snow),
            moment_s=now_s,
            breaths=breaths_of(staged, motion),
        )
        if not track_ids:
            return asked
        sources = [shown[track_id] for track_id in track_ids]
        panels, alone = self._fill_panels(track_ids, sources, atmosphere, now_s)
        over = tuple(self._stage.weather(each, snow) for each in alone)
        return replace(asked, panels=panels, track_ids=track_ids, panels_weather=over)

    def _advance(self, now_s: float) -> None:
        """Let time pass up to a moment; it never goes back."""
        passed = max(0.0, now_s - self._now_s) if self._now_s is not None else 0.0
        self._now_s = now_s if self._now_s is None else max(now_s, self._now_s)
        self._sources.advance(passed)

    def _reshape(self) -> None:
        """Take over another size or shape."""
        own = self._manifest.pictures
        if self._manifest.any_shape:
            self._pictures = own.reshape(self._aspect, self._size)
        else:
            self._pictures = own.at(self._size)
        self._sources.frame(self._pictures.scene, self._aspect)

    def _fill_scene(self, atmosphere: F32, now_s: float) -> tuple[PictureConditions, list[Staged]]:
        """The scene's conditions, one row, and what is in it."""
        scene = self._blank(1, self._pictures.scene, atmosphere)
        staged = self._stage.scene(
            self._sources.in_scene(),
            self._manifest.sources,
            self._pictures.scene[0] / self._pictures.scene[1],
            self._sources.motion,
        )
        for slot, one in staged:
            _put(scene, 0, slot, one)
        scene.noise[0] = self._noise(self._pictures.scene, (_SCENE,), now_s)
        there = dict(staged)
        self.places = {
            track_id: (slot, *there[slot].place[:2])
            for track_id, slot in self._sources.slots.items()
        }
        return scene, [one for _, one in staged]

    def _fill_panels(
        self,
        track_ids: Sequence[int],
        sources: Sequence[SmoothedSource],
        atmosphere: F32,
        now_s: float,
    ) -> tuple[PictureConditions, list[list[Staged]]]:
        """The panels' conditions, a row for each of these tracks, and what is in each."""
        panels = self._blank(len(sources), self._pictures.panel, atmosphere)
        staged = [self._stage.panel(source, self._sources.motion) for source in sources]
        for row, (track_id, drawings) in enumerate(zip(track_ids, staged, strict=True)):
            for slot, one in enumerate(drawings[: self._manifest.sources]):
                _put(panels, row, slot, one)
            panels.noise[row] = self._noise(self._pictures.panel, (_PANEL, track_id), now_s)
        return panels, staged

    def _noise(self, size: tuple[int, int], name: tuple[int, ...], now_s: float) -> F32:
        """(c, h, w) noise of a picture of this size in pixels at a moment."""
        shape = (self._pictures.latent_channels, *self._pictures.latent(size))
        return self._trajectory(name, shape).at(now_s)

    def _blank(self, rows: int, size: tuple[int, int], atmosphere: F32) -> PictureConditions:
        """Pictures with nobody in them, to be filled in."""
        pictures, slots = self._pictures, self._manifest.sources
        looks = np.zeros((rows, slots, pictures.looks), np.float32)
        looks[..., 0] = 1.0
        return PictureConditions(
            tokens=np.zeros((rows, slots, self._manifest.embedding_dim), np.float32),
            weights=np.zeros((rows, slots), np.float32),
            places=np.tile(np.array(AIR, np.float32), (rows, slots, 1)),
            looks=looks,
            atmosphere=np.tile(atmosphere, (rows, 1)),
            noise=np.empty((rows, pictures.latent_channels, *pictures.latent(size)), np.float32),
        )


def _put(picture: PictureConditions, row: int, slot: int, one: Staged) -> None:
    """Ask for a drawing in a picture; nothing is asked of what has no name."""
    if not one.drawing.is_unknown:
        picture.tokens[row, slot] = one.drawing.token
        picture.weights[row, slot] = one.weight
        picture.places[row, slot] = one.place
        picture.looks[row, slot] = one.looks
