"""The show of a whole sound file, frame by frame, as fast as the machine can.

Time is the sound's own, so that the same file, bundle, runtime and seed give the same pictures
whatever the machine's speed, and no frame is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.atmosphere_choice import Choice
from engine.bundle.load import Bundle, BundleModels
from engine.packets import F32, U8, Hearing
from engine.painting.atmosphere import Atmosphere
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.sound.reactive import ReactiveMeter
from engine.sound.resample import StreamResampler
from engine.trace import span
from live.compose.frame import HEIGHT, WIDTH, Composer
from live.errors import UserError
from live.files.offline import open_hearer
from live.input.shared_ring import RING_HZ
from live.input.sound_feed import resample_to_ring
from live.settings.model import Settings
from live.sounds.file import SoundFile
from live.view.panels import PanelViews
from live.view.picture import Status, View

FPS = 25


@dataclass(frozen=True, slots=True)
class RenderedFrame:
    """One frame and the sound that goes with it."""

    picture: U8
    """(height, width, 3) sRGB."""
    sound: F32
    """(n,) mono at 48 kHz; the last frame's may be shorter."""
    at_s: float
    """Seconds from the beginning at which the frame is to be seen."""
    hearings: tuple[Hearing, ...]
    """The hearings completed by this frame's sound."""


def render(
    sound: SoundFile, bundle: Bundle, models: BundleModels, settings: Settings
) -> Iterator[RenderedFrame]:
    """Yield every frame of the show of a sound.

    Raises:
        UserError: the bundle cannot paint in the steps asked for, or the sound cannot be read on.
    """
    steps = steps_for(bundle, settings)
    hearer = open_hearer(bundle, models, settings)
    resampler = StreamResampler(RING_HZ, hearer.sample_rate_hz)
    reactive = ReactiveMeter(RING_HZ, settings.sensitivity_db)
    asked = Choice(settings.light, settings.season, settings.style)
    # Not the clock of the wall: a film of a sound is the same whenever it is made.
    atmosphere = Atmosphere(settings.seed, choice=asked)
    conditioner = Conditioner(
        bundle, settings.seed, settings.panels, atmosphere, settings.motion, settings.blend
    )
    conditioner.paint_at(settings.size)
    panels = PanelViews()
    painter = Painter(models.generators)
    composer = Composer(WIDTH, HEIGHT, max(1, settings.panels))
    status = _status(sound, bundle, models, settings)
    newest: Hearing | None = None
    taken = 0
    for number, block in enumerate(_frames_of_sound(sound)):
        now_s = (number + 1) / FPS
        fresh = resampler.process(block)
        taken += fresh.size
        with span("hear"):
            hearings = hearer.push(fresh, taken / hearer.sample_rate_hz)
        for hearing in hearings:
            conditioner.hear(hearing, now_s)
            panels.update(hearing)
            newest = hearing
        moment = reactive.push(block)
        with span("paint"):
            with span("condition"):
                wanted = conditioner.conditions(now_s, steps, want_panels=settings.panels > 0)
            painted = painter.paint(wanted)
        view = View(
            pictures=painted,
            hearing=newest,
            reactive=moment,
            panels=panels.views(conditioner.panel_slots),
            status=status,
            message=None,
            pictures_at_s=now_s,
        )
        with span("compose"):
            seen = composer.frame(view, now_s)
        yield RenderedFrame(seen, block, number / FPS, tuple(hearings))


def steps_for(bundle: Bundle, settings: Settings) -> int:
    """Return the sampler steps to render with: those asked for, else the finest there are.

    Raises:
        UserError: the bundle cannot paint in the steps asked for.
    """
    offered = bundle.manifest.pictures.steps
    if settings.steps and settings.steps not in offered:
        known = " or ".join(str(steps) for steps in offered)
        raise UserError(
            f"bundle {bundle.name} cannot paint in {settings.steps} steps: use {known}."
        )
    return settings.steps or max(offered)


def _frames_of_sound(sound: SoundFile) -> Iterator[F32]:
    """Yield the sound at 48 kHz in pieces of one frame; the last may be shorter."""
    length = RING_HZ // FPS
    waiting = np.zeros(0, np.float32)
    for block in resample_to_ring(sound):
        waiting = np.concatenate([waiting, block])
        whole = waiting.size - waiting.size % length
        yield from waiting[:whole].reshape(-1, length)
        waiting = waiting[whole:]
    if waiting.size:
        yield waiting


def _status(sound: SoundFile, bundle: Bundle, models: BundleModels, settings: Settings) -> Status:
    return Status(
        input_name=sound.name,
        sound_to_picture_p50_ms=math.nan,
        sound_to_picture_p95_ms=math.nan,
        pictures_per_s=float(FPS),
        dropped=0,
        lost_samples=0,
        runtime=models.runtime,
        given_up=(),
        recording=True,
        frozen=False,
        sensitivity_db=settings.sensitivity_db,
        bundle=bundle.name,
    )
