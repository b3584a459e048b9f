"""From the ring to pictures: a bundle's models and the two threads that run them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container
from datetime import datetime
from typing import TYPE_CHECKING

from engine.atmosphere_choice import Choice
from engine.mailbox import Mailbox
from engine.packets import Hearing, Pictures
from engine.painting.atmosphere import Atmosphere
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.trace import span
from live.files.offline import open_hearer
from live.input.shared_ring import RING_HZ
from live.settings.changes import HEARS_ANEW, OPENS_MODELS, PAINTS_ON
from live.show.engine_swap import EngineSwap
from live.show.hearing_thread import HearingThread
from live.show.painting_thread import PaintingThread
from live.show.turns import Turns

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels
    from engine.painting.governor import Governor
    from engine.sound.ring import SampleRing
    from live.settings.model import Settings

RELEASED_S = 10.0
"""Threads have so long to leave models that others have replaced, before these stay open."""


class Pipeline:
    """Opens the models, runs hearing and painting with them, and replaces them while they run."""

    def __init__(
        self,
        bundle: Bundle,
        settings: Settings,
        governor: Governor,
        ring: SampleRing,
        on_hearing: Callable[[Hearing, int], None],
        on_picture: Callable[[Hearing, float, Pictures], None],
        on_event: Callable[[str], None],
    ) -> None:
        """Open the models; the threads wait for `start`.

        on_hearing: gets each hearing and how many were dropped so far, on the hearing thread.
        on_picture: as `PaintingThread` has it, on the painting thread.
        on_event: gets a line for people when something failed or the runtime changed.

        Raises:
            UserError: the bundle lacks what the settings ask for. Nothing is left open.
            BundleError, RuntimeMissing: the models cannot be opened.
        """
        self._bundle, self._on_hearing, self._on_event = bundle, on_hearing, on_event
        self._engines: EngineSwap | None = self._open(settings)
        try:
            self._make_threads(settings, governor, ring, on_picture, self._engines.models)
        except BaseException:
            self.close()
            raise

    def _open(self, settings: Settings) -> EngineSwap:
        with span("open the models"):
            return EngineSwap(
                self._bundle,
                settings.runtime,
                self._on_event,
                settings.threads or None,
                settings.precision == "float32",
            )

    def _make_threads(
        self,
        settings: Settings,
        governor: Governor,
        ring: SampleRing,
        on_picture: Callable[[Hearing, float, Pictures], None],
        models: BundleModels,
    ) -> None:
        turns = Turns()
        self.mailbox: Mailbox[Hearing] = Mailbox()
        """From hearing to painting."""
        self._sensitivity_db = settings.sensitivity_db
        self._hearer = open_hearer(self._bundle, models, settings)
        self._hearer.sensitivity_db = self._sensitivity_db
        self.hearing = HearingThread(
            ring, self._hearer, turns, self.mailbox, self._pass_on, self._on_event
        )
        choice = Choice(settings.light, settings.season, settings.style)
        self.atmosphere = Atmosphere(settings.seed, datetime.now(), choice)
        self.conditioner = conditioner = Conditioner(
            self._bundle,
            settings.seed,
            settings.panels,
            self.atmosphere,
            settings.motion,
            settings.blend,
        )
        conditioner.paint_at(settings.size)
        painter = Painter(models.generators)
        self.painting = PaintingThread(
            self.mailbox, conditioner, painter, governor, turns, on_picture, self._on_event
        )

    def _pass_on(self, hearing: Hearing) -> None:
        self._on_hearing(hearing, self.dropped)

    def start(self) -> None:
        """Run the threads; `hearing.begin_at` has said from which sample on."""
        self.hearing.start()
        self.painting.start()

    def switch_to(self, settings: Settings, governor: Governor, given: Container[str]) -> None:
        """Go on with other settings, of which those in `given` (by attribute) were changed.

        Takes as long as the models take to open, where these change: the threads go on with the
        old ones until then, and change over between two ticks.

        Raises:
            BundleError, RuntimeMissing: the models cannot be opened; the threads go on as before.
        """
        old, new = self._engines, None
        assert old is not None
        if any(each in given for each in OPENS_MODELS):
            new = self._open(settings)
        models = (new or old).models
        released: list[threading.Event] = []
        if new is not None or any(each in given for each in HEARS_ANEW):
            self._hearer = open_hearer(self._bundle, models, settings)
            self._hearer.sensitivity_db = self._sensitivity_db
            # A hop more than a window: the resampler holds back a little of it.
            again = round((settings.window_s + settings.hop_s) * RING_HZ)
            released.append(self.hearing.switch_to(self._hearer, again))
        if new is not None or any(each in given for each in PAINTS_ON):
            painter = Painter(models.generators) if new is not None else None
            released.append(
                self.painting.switch_to(painter, governor, settings.panels, settings.size)
            )
        if new is not None:
            old.stop()
            self._engines = new
            # A thread may be in the midst of a call of the old models.
            if all(each.wait(RELEASED_S) for each in released):
                old.models.close()

    @property
    def sensitivity_db(self) -> float:
        """What is added to the level of the sound before it is judged, in dB."""
        return self._sensitivity_db

    @sensitivity_db.setter
    def sensitivity_db(self, db: float) -> None:
        self._sensitivity_db = self._hearer.sensitivity_db = db

    def end(self) -> None:
        """Let the threads begin nothing more; returns at once."""
        self.hearing.end()
        self.painting.end()

    def stop(self) -> None:
        """End the threads and wait for them, be it for a picture of seconds.

        A model that is closed while it is used takes the whole program down.
        """
        self.hearing.stop()
        self.painting.stop()

    def close(self) -> None:
        """Close the models; the threads have stopped."""
        if self._engines is not None:
            self._engines.stop()
            self._engines.models.close()
            self._engines = None

    @property
    def models(self) -> BundleModels | None:
        """The models in use; None once closed."""
        return self._engines.models if self._engines is not None else None

    @property
    def runtime(self) -> str:
        """Name of the runtime in use; empty once closed."""
        return self._engines.models.runtime if self._engines is not None else ""

    @property
    def building(self) -> str:
        """Which engines are being built, and how far that is; empty when none are."""
        return self._engines.progress if self._engines is not None else ""

    @property
    def finished(self) -> bool:
        """Whether hearing has come to the end of the sound and painting has taken all of it."""
        return self.hearing.finished and self.mailbox.peek() is None

    @property
    def dropped(self) -> int:
        """Hearings that were passed over because there was a newer one."""
        return self.hearing.skipped + self.mailbox.dropped
