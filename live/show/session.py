"""The show as a whole: started and stopped in the right order, looked at, and told what to do.

A session needs no window. Whoever shows it calls `view()` as often as it draws.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.trace import span
from live.clock.sun import read_place, sunlight
from live.film.sharing import SharedEncoding
from live.film.stage import Stage
from live.input.microphone_feed import list_microphone_names
from live.messages import Messages
from live.output.snapshot import save_snapshot
from live.output.writers import Outputs
from live.paths.write_whole import check_writable
from live.settings.changes import AT_ONCE, apply_changes
from live.show.governing import make_governor
from live.show.input_selector import InputSelector
from live.show.pipeline import Pipeline
from live.show.progress import STALLED_S, stages_at_rest, stalled_line
from live.show.state.figures import figures_of
from live.show.state.rest import Rest
from live.show.status import view_of
from live.show.turns import shorten_switch_interval
from live.sinks.address import read_outs
from live.sinks.together import Sinks
from live.stems.writer import StemWriter
from live.view.picture import View
from live.view.reactive import ReactiveView

if TYPE_CHECKING:
    from engine.bundle.load import Bundle
    from engine.packets import Hearing
    from engine.sound.reactive import Reactive
    from live.settings.model import Settings


class Session:
    """A show from `start` to `stop`. Every method may be called from any thread.

    Until `start` has begun, only `stop` may be called.
    """

    _inputs: InputSelector
    _pipeline: Pipeline
    _outputs: Outputs
    _stems: StemWriter
    stage: Stage
    """The show as a moving picture, for whoever shows it elsewhere than in the window."""
    sinks: Sinks
    """Where the show is sent; they can be changed while it runs."""
    _reactive: ReactiveView

    def __init__(self, settings: Settings, bundle: Bundle) -> None:
        """Nothing is opened before `start`."""
        self.settings = settings
        self.bundle = bundle
        self.messages = Messages()
        self._lock = threading.RLock()
        """Held while the input, the recording or the running state is changed; never by view()."""
        self._settings_lock = threading.Lock()
        """Held for a moment, while settings are replaced by others."""
        self._drawn_at_s: float | None = None
        self._rest = Rest()

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
        shorten_switch_interval()
        settings, tell = self.settings, self.messages.report_event
        governor = make_governor(self.bundle, settings)
        read_outs(settings.out)
        if settings.record is not None:
            check_writable(settings.record)
        # Opening a microphone and loading the models each take most of a second: both at once.
        self._inputs = InputSelector(
            settings.input,
            settings.window_s,
            self.messages,
            waits=settings.waits,
            ends=settings.headless,
        )
        ring = self._inputs.ring
        self._reactive = ReactiveView(ring)
        self.stage = Stage(self.view, tell)
        encoding = SharedEncoding(self.stage)
        self._outputs = outputs = Outputs(ring, encoding, self.view, self.messages)
        if settings.log is not None:
            outputs.open_log(settings.log, self.figures)
        self._pipeline = Pipeline(
            self.bundle, settings, governor, ring, outputs.add_hearing, outputs.add_picture, tell
        )
        self._reactive.meter.sensitivity_db = settings.sensitivity_db
        if settings.place is not None:
            place = read_place(settings.place)
            self._pipeline.atmosphere.daylight = lambda: sunlight(place, datetime.now(UTC))
        with span("wait for the first sound"):
            self._inputs.wait_for_first()
        outputs.open_files(settings)
        if settings.stems is not None:
            self._stems = StemWriter(settings.stems, tell)
            self._pipeline.hearing.on_separated = self._stems.hear
        self._inputs.start(self._pipeline.hearing.begin_at)
        self._pipeline.start()
        if settings.record is not None:
            outputs.start_recording(settings.record)
        ring_fd = self._inputs.ring_fd
        self.sinks = Sinks(self.stage, encoding, self.view, settings.panels, ring_fd, tell)
        self.sinks.send_to(settings.out)

    def stop(self) -> None:
        """End everything; recordings and files are whole afterwards.

        A picture under way is waited for, be it one of seconds: a process that ends meanwhile
        breaks down.
        """
        with self._lock:
            # A start that failed has made only some of them.
            inputs: InputSelector | None = getattr(self, "_inputs", None)
            pipeline: Pipeline | None = getattr(self, "_pipeline", None)
            outputs: Outputs | None = getattr(self, "_outputs", None)
            stage: Stage | None = getattr(self, "stage", None)
            sinks: Sinks | None = getattr(self, "sinks", None)
            stems: StemWriter | None = getattr(self, "_stems", None)
            if outputs is not None:
                outputs.stop_recording()
            if sinks is not None:
                sinks.stop()
            if stage is not None:
                stage.close()
            if pipeline is not None:
                pipeline.end()
            if inputs is not None:
                inputs.stop()
            if pipeline is not None:
                pipeline.stop()
            if stems is not None:
                stems.stop()
            if outputs is not None:
                outputs.close()
            if pipeline is not None:
                pipeline.close()
            if inputs is not None:
                inputs.close()

    def close_outputs(self) -> None:
        """Finish whatever is being written; `stop` does it too. The show itself goes on."""
        with self._lock:
            self._outputs.close()

    @property
    def finished(self) -> bool:
        """Whether a file has been played, heard and painted to its end (without a window only)."""
        return self._pipeline.finished

    # --- whether it goes on ----------------------------------------------------------------------

    def note_drawn(self) -> None:
        """Say that a window goes on drawing; from the first time on it is missed when it stops."""
        self._drawn_at_s = time.monotonic()

    def at_rest(self) -> dict[str, float]:
        """Return for how many seconds capture, hearing, painting and, with a window, drawing have
        not moved."""
        moved_at_s = {
            "capture": self._inputs.moved_at_s,
            "hearing": self._pipeline.hearing.moved_at_s,
            "painting": self._pipeline.painting.moved_at_s,
        }
        if self._drawn_at_s is not None:
            moved_at_s["drawing"] = self._drawn_at_s
        return stages_at_rest(moved_at_s, time.monotonic())

    def figures(self) -> dict[str, Any]:
        """Return how the show goes, in figures that are ready for JSON; none before it has begun,
        or where it could not begin."""
        if getattr(self, "_pipeline", None) is None:
            return {}
        return figures_of(self.view().status, self.pictures_painted)

    def fault(self, longest_s: float = STALLED_S) -> str | None:
        """Return in one line why nobody would call this a running show; None if all is well.

        A stage has not moved for `longest_s`, or the microphone that it needs gives nothing.
        """
        return stalled_line(self.at_rest(), longest_s) or self._inputs.unheard

    # --- what is seen --------------------------------------------------------------------------

    def view(self) -> View:
        """Return the show at this moment; cheap, and waits for nothing."""
        return view_of(
            self._inputs,
            self._pipeline,
            self._outputs,
            self._reactive,
            self.messages,
            self.bundle.name,
            self._rest.dark,
        )

    @property
    def reactive(self) -> Reactive:
        """Loudness, onset and brightness of the newest samples, each in [0, 1]."""
        return self._reactive.now()

    @property
    def hearing(self) -> Hearing | None:
        """The newest hearing; None before the first."""
        return self._pipeline.hearing.latest

    @property
    def places(self) -> Mapping[int, tuple[int, float, float]]:
        """Track to slot, x and y in the newest scene, in [0, 1] from the upper left; beyond while
        it is on its way out of sight."""
        return self._pipeline.painting.places

    @property
    def frozen(self) -> bool:
        """Whether the pictures are held."""
        return self._pipeline.painting.frozen

    @property
    def recording(self) -> bool:
        """Whether a recording is being written."""
        return self._outputs.recording

    @property
    def dropped(self) -> int:
        """Hearings that were passed over because there was a newer one."""
        return self._pipeline.dropped

    @property
    def pictures_painted(self) -> int:
        """Pictures of the scene since the start."""
        return self._pipeline.painting.count

    @property
    def steps(self) -> tuple[int, ...]:
        """Sampler steps that the bundle can paint in, ascending."""
        return self.bundle.manifest.pictures.steps

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
        if all(each in AT_ONCE for each in given):
            self._take_at_once(given)  # also while models are opened for another change
            return
        with self._lock:
            wanted = apply_changes(self.settings, given)
            governor = make_governor(self.bundle, wanted)
            self._pipeline.switch_to(wanted, governor, given)
            self._take_at_once(given)

    def _take_at_once(self, given: Mapping[str, Any]) -> None:
        """Keep settings, and take up those that need neither lock nor time."""
        with self._settings_lock:
            self.settings = wanted = apply_changes(self.settings, given)
            if "sensitivity_db" in given:
                db = wanted.sensitivity_db
                self._pipeline.sensitivity_db = self._reactive.meter.sensitivity_db = db
            chosen = (given.get(each) for each in ("light", "season", "style"))
            self._pipeline.atmosphere.choose(*chosen)
            self._pipeline.painting.rouse(self._pipeline.atmosphere.crossfade_s)
            if "motion" in given or "blend" in given:
                self._pipeline.conditioner.move(wanted.motion, wanted.blend)

    def freeze(self, frozen: bool) -> None:
        """Hold the pictures, or let them go on; hearing goes on in either case."""
        self._pipeline.painting.frozen = frozen

    @property
    def asleep(self) -> bool:
        """Whether the show rests: its picture is black or fades to black, and none is painted."""
        return self._rest.on

    def sleep(self, asleep: bool) -> None:
        """Go to rest, or wake; hearing goes on in either case."""
        self._rest.turn(asleep)
        self._pipeline.painting.asleep = asleep
        self._pipeline.painting.rouse()

    def paint_for(self, aspect: float) -> None:
        """Compose the scene for a window of this width over height from the next picture on."""
        if aspect != self._pipeline.painting.aspect:
            self._pipeline.painting.rouse()
        self._pipeline.painting.aspect = aspect

    def cross_in(self, seconds: float) -> None:
        """Let light, season and style that are asked for from now on cross over in this time."""
        self._pipeline.atmosphere.crossfade_s = seconds

    def drift_at(self, rate: float) -> None:
        """Let light that is left to itself drift so many times as fast as usual."""
        self._pipeline.atmosphere.drift_rate = rate

    def pulse_with(self, pulse: Callable[[], float] | None) -> None:
        """Let the reactive layer show a beat, of which `pulse` tells how much, in [0, 1]."""
        self._reactive.pulse = pulse

    def microphones(self) -> tuple[str, ...]:
        """Return the microphones there are now; takes some tenths of a second."""
        return list_microphone_names()

    def next_microphone(self) -> None:
        """Listen to the microphone after this one; to the first if none is listened to.

        Raises:
            UserError: it cannot be opened; the show stays with what it heard.
        """
        with self._lock:
            self._inputs.select_next_microphone()

    def use_input(self, name: str) -> None:
        """Listen to a microphone, a file or "demo" from now on.

        Raises:
            UserError: it cannot be opened; the show stays with what it heard.
        """
        with self._lock:
            self._inputs.select(name, self.settings.window_s)

    def start_recording(self, path: Path) -> None:
        """Record picture and sound.

        Raises:
            UserError: the file cannot be written.
        """
        with self._lock:
            self._outputs.start_recording(path)

    def stop_recording(self) -> None:
        """Finish the recording, if there is one."""
        with self._lock:
            self._outputs.stop_recording()

    def snapshot(self, folder: Path) -> Path:
        """Save what is seen now as a PNG in a folder; return its path.

        Raises:
            UserError: it cannot be written.
        """
        return save_snapshot(self.view(), folder)
