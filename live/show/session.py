"""The show: an input, the two threads that hear and paint, and what is asked of them.

A session needs no window. Whoever shows it calls `view()` as often as it draws.
"""

from __future__ import annotations

import math
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.atmosphere_choice import Choice
from engine.mailbox import Mailbox
from engine.packets import Hearing, Pictures
from engine.painting.atmosphere import Atmosphere
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.trace import span
from live.errors import UserError
from live.files.offline import open_hearer
from live.input.feeds import Feed, make_feed
from live.input.microphone_feed import MicrophoneFeed, microphones_now
from live.input.shared_ring import RING_HZ, SharedRing
from live.input.sound_feed import SoundFeed
from live.messages import Messages
from live.output.snapshot import save_snapshot
from live.output.writers import Outputs
from live.paths.write_whole import check_writable
from live.settings.changes import HEARS_ANEW, OPENS_MODELS, PAINTS_ON, changed
from live.show.engine_swap import EngineSwap
from live.show.governing import make_governor
from live.show.hearing_thread import HearingThread
from live.show.painting_thread import PaintingThread
from live.show.turns import Turns, hand_over_soon
from live.view.picture import USUAL_ASPECT, Status, View
from live.view.reactive import ReactiveView

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels
    from live.settings.model import Settings

SENSITIVITY_DB = (-40.0, 40.0)
STARTED_S = 8.0
TAKEN_S = 10.0


class Session:
    """A show from `start` to `stop`. Every method may be called from any thread."""

    def __init__(self, settings: Settings, bundle: Bundle) -> None:
        """Nothing is opened before `start`."""
        self.settings = settings
        self.bundle = bundle
        self.messages = Messages()
        self._sensitivity_db = settings.sensitivity_db
        self._lock = threading.RLock()
        """Held while the input, the recording or the running state is changed; never by view()."""
        self._shared: SharedRing | None = None
        self._feed: Feed | None = None
        self._engines: EngineSwap | None = None
        self._models: BundleModels | None = None
        self._outputs: Outputs | None = None
        self._first_sample = 0

    # --- running -------------------------------------------------------------------------------

    def start(self) -> None:
        """Open everything and begin.

        Raises:
            UserError: the input, the recording, the events or the frames cannot be opened, or the
                bundle lacks what the settings ask for. Nothing is left running or half-written.
            BundleError, RuntimeMissing: the models cannot be opened.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        hand_over_soon()
        settings = self.settings
        governor = make_governor(self.bundle, settings)
        if settings.record is not None:
            check_writable(settings.record)
        shared = self._shared = SharedRing.create()
        self._reactive = ReactiveView(shared.ring)
        self._outputs = Outputs(shared.ring, self.view, self.messages)
        self._feed = make_feed(
            shared, settings.input, settings.window_s, self.messages, waits=settings.waits
        )
        # Opening a microphone and loading the models each take most of a second: both at once.
        if isinstance(self._feed, MicrophoneFeed):
            self._feed.start()
        self._engines = self._open(settings)
        self._models = self._engines.models
        self._mailbox: Mailbox[Hearing] = Mailbox()
        turns = Turns()
        self._hearer = open_hearer(self.bundle, self._models, settings)
        self._hearing = HearingThread(
            shared.ring, self._hearer, turns, self._mailbox, self._heard, self.messages.happened
        )
        asked = Choice(settings.light, settings.season, settings.style)
        self._atmosphere = Atmosphere(settings.seed, datetime.now(), asked)
        conditioner = Conditioner(self.bundle, settings.seed, settings.panels, self._atmosphere)
        conditioner.paint_at(settings.size)
        self._painting = PaintingThread(
            self._mailbox,
            conditioner,
            Painter(self._models.generators),
            governor,
            turns,
            self._painted,
            self.messages.happened,
        )
        self._set_sensitivity(self._sensitivity_db)
        with span("wait for the first sound"):
            self._feed.wait_for_first(STARTED_S)
        self._outputs.open_files(settings)
        self._begin(self._feed)
        self._hearing.start()
        self._painting.start()
        if settings.record is not None:
            self._outputs.start_recording(settings.record)

    def _open(self, settings: Settings) -> EngineSwap:
        with span("open the models"):
            return EngineSwap(
                self.bundle,
                settings.runtime,
                self.messages.happened,
                settings.threads or None,
                settings.precision == "float32",
            )

    def _begin(self, feed: Feed) -> None:
        """Hear a feed: a sound from its first sample, a microphone from now on."""
        assert self._shared is not None
        if isinstance(feed, SoundFeed):
            feed.start()
            self._first_sample = feed.first_sample
        else:
            self._first_sample = self._shared.ring.written
        self._hearing.begin_at(self._first_sample, self._end_of(feed))

    def _end_of(self, feed: Feed):
        # Without a window nobody watches the silence after a file: the show ends there.
        if self.settings.headless:
            return lambda: getattr(feed, "end_sample", None)
        return lambda: None

    def stop(self) -> None:
        """End everything; recordings and files are whole afterwards.

        A picture under way is waited for, be it one of seconds: a model that is closed while it is
        used, or a process that ends then, takes the whole program down.
        """
        with self._lock:
            if self._outputs is not None:
                self._outputs.stop_recording()
            begun = (self.__dict__.get(each) for each in ("_hearing", "_painting"))
            threads = [thread for thread in begun if thread is not None]
            for thread in threads:
                thread.end()
            if self._feed is not None:
                self._feed.stop()
            for thread in threads:
                thread.stop()
            if self._outputs is not None:
                self._outputs.close()
            if self._engines is not None:
                self._engines.stop()
            if self._models is not None:
                self._models.close()
            if self._shared is not None:
                self._shared.close()
            self._feed = self._models = self._engines = None

    def close_outputs(self) -> None:
        """Finish whatever is being written; `stop` does it too. The show itself goes on."""
        with self._lock:
            if self._outputs is not None:
                self._outputs.close()

    @property
    def finished(self) -> bool:
        """Whether a file has been played, heard and painted to its end (without a window only)."""
        return self._hearing.finished and self._mailbox.peek() is None

    @property
    def steps(self) -> tuple[int, ...]:
        """Sampler steps that the bundle can paint in, ascending."""
        return self.bundle.manifest.pictures.steps

    # --- what is seen --------------------------------------------------------------------------

    def view(self) -> View:
        """Return the show at this moment; cheap, and waits for nothing."""
        shown = self._painting.shown
        return View(
            pictures=shown.pictures if shown else None,
            hearing=self._hearing.latest,
            reactive=self._reactive.now(),
            panels=shown.panels if shown else (),
            status=self._status(),
            message=self.messages.now(self._feed.message if self._feed else None),
            pictures_at_s=shown.at_s if shown else 0.0,
            aspect=self._painting.aspect or USUAL_ASPECT,
        )

    def _status(self) -> Status:
        feed, shared, outputs = self._feed, self._shared, self._outputs
        ages = self._painting.ages.percentiles()
        state = shared.ring.state() if shared is not None else None
        return Status(
            input_name=feed.name if feed else "",
            input_fault=getattr(feed, "fault", None),
            sound_to_picture_p50_ms=ages.p50 if ages.count else math.nan,
            sound_to_picture_p95_ms=ages.p95 if ages.count else math.nan,
            pictures_per_s=self._painting.pictures_per_s,
            dropped=self.dropped,
            lost_samples=(state.lost if state else 0) + self._hearing.overrun,
            runtime=self._models.runtime if self._models else "",
            building=self._engines.progress if self._engines else "",
            given_up=self._painting.given_up,
            recording=outputs is not None and outputs.recording,
            missing=outputs.missing if outputs is not None else "",
            frozen=self._painting.frozen,
            sensitivity_db=self._sensitivity_db,
            bundle=self.bundle.name,
            sound_s=(state.written - self._first_sample) / RING_HZ if state else 0.0,
            asked=self._atmosphere.choice,
            seen=self._atmosphere.names,
        )

    @property
    def dropped(self) -> int:
        """Hearings that were passed over because there was a newer one."""
        return self._hearing.skipped + self._mailbox.dropped

    @property
    def pictures_painted(self) -> int:
        """Pictures of the scene since the start."""
        return self._painting.count

    # --- what is asked for ---------------------------------------------------------------------

    def change(self, **given: Any) -> None:
        """Go on with other settings, by their `Settings` attributes; see `live.settings.changes`.

        Takes as long as it takes to open the models, where these change: the show goes on with
        the old ones until the new are there, and changes between two ticks.

        Raises:
            UserError: a value is not allowed, or cannot be changed in a running show.
            BundleError, RuntimeMissing: the models cannot be opened.
            In each case the show goes on as it was.
        """
        with self._lock:
            before = self.settings
            wanted = changed(before, given)
            governor = make_governor(self.bundle, wanted)
            if "sensitivity_db" in given:
                self._set_sensitivity(wanted.sensitivity_db)
            self._atmosphere.choose(*(given.get(each) for each in ("light", "season", "style")))
            old, new, engines = self._models, None, None
            if any(each in given for each in OPENS_MODELS):
                engines = self._open(wanted)
                new = engines.models
            taken = []
            if new is not None or any(each in given for each in HEARS_ANEW):
                assert old is not None
                self._hearer = open_hearer(self.bundle, new or old, wanted)
                self._hearer.sensitivity_db = self._sensitivity_db
                # A hop more than a window: the resampler holds back a little of it.
                again = round((wanted.window_s + wanted.hop_s) * RING_HZ)
                taken.append(self._hearing.use(self._hearer, again))
            if new is not None or any(each in given for each in PAINTS_ON):
                painter = Painter(new.generators) if new else None
                taken.append(self._painting.use(painter, governor, wanted.panels, wanted.size))
            self.settings = wanted
            if engines is not None and old is not None:
                assert self._engines is not None
                self._engines.stop()
                self._engines, self._models = engines, engines.models
                # Whoever may still be in the midst of a call has the old models for so long.
                if all(each.wait(TAKEN_S) for each in taken):
                    old.close()

    def freeze(self, frozen: bool) -> None:
        """Hold the pictures, or let them go on; hearing goes on in either case."""
        self._painting.frozen = frozen

    def paint_for(self, aspect: float) -> None:
        """Compose the scene for a window of this width over height from the next picture on."""
        self._painting.aspect = aspect

    def choose(
        self, light: str | None = None, season: str | None = None, style: str | None = None
    ) -> None:
        """Ask for other pictures; what is None stays. They cross over in a few seconds."""
        self._atmosphere.choose(light, season, style)

    def nudge_sensitivity(self, db: float) -> None:
        """Hear more (positive) or less."""
        low, high = SENSITIVITY_DB
        self._set_sensitivity(min(max(self._sensitivity_db + db, low), high))

    def _set_sensitivity(self, db: float) -> None:
        self._sensitivity_db = db
        self._hearer.sensitivity_db = self._reactive.meter.sensitivity_db = db

    def microphones(self) -> tuple[str, ...]:
        """Return the microphones there are now; takes some tenths of a second."""
        return microphones_now()

    def next_microphone(self) -> None:
        """Listen to the microphone after this one; to the first if none is listened to.

        Raises:
            UserError: it cannot be opened; the show stays with what it heard.
        """
        with self._lock:
            assert self._shared is not None
            after = self._feed.name if isinstance(self._feed, MicrophoneFeed) else ""
            self._change(MicrophoneFeed(self._shared, after=after, messages=self.messages))

    def use_input(self, name: str) -> None:
        """Listen to a microphone, a file or "demo" from now on.

        Raises:
            UserError: it cannot be opened; the show stays with what it heard.
        """
        with self._lock:
            assert self._shared is not None
            self._change(make_feed(self._shared, name, self.settings.window_s, self.messages))

    def _change(self, feed: Feed) -> None:
        before = self._feed
        assert before is not None
        before.stop()
        if isinstance(feed, MicrophoneFeed):
            feed.start()
            try:
                feed.wait_for_first(STARTED_S)
            except UserError:
                feed.stop()
                assert self._shared is not None
                again = before.wanted if isinstance(before, MicrophoneFeed) else before.name
                self._feed = make_feed(
                    self._shared, again, 0.0, self.messages, waits=self.settings.waits
                )
                if isinstance(self._feed, MicrophoneFeed):
                    self._feed.start()
                self._begin(self._feed)
                raise
        self._feed = feed
        self._begin(feed)

    def start_recording(self, path: Path) -> None:
        """Record picture and sound.

        Raises:
            UserError: the file cannot be written.
        """
        with self._lock:
            assert self._outputs is not None
            self._outputs.start_recording(path)

    def stop_recording(self) -> None:
        """Finish the recording, if there is one."""
        with self._lock:
            if self._outputs is not None:
                self._outputs.stop_recording()

    def snapshot(self, folder: Path) -> Path:
        """Save what is seen now as a PNG in a folder; return its path.

        Raises:
            UserError: it cannot be written.
        """
        return save_snapshot(self.view(), folder)

    # --- what the threads tell -----------------------------------------------------------------

    def _heard(self, hearing: Hearing) -> None:
        if self._outputs is not None:
            self._outputs.heard(hearing, self.dropped)

    def _painted(self, hearing: Hearing, age_ms: float, pictures: Pictures) -> None:
        if self._outputs is not None:
            self._outputs.painted(hearing, age_ms, pictures)
