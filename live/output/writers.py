"""What a show writes while it runs: events, frames and a recording.

None of them can end the show or hold it up: each has a thread of its own and drops what it cannot
write, what fails becomes a message and is tried again, and the rest goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.packets import Hearing, Pictures
from engine.sound.ring import SampleRing
from live.film.sharing import SharedEncoding
from live.keep.pruning import Family, Pruner, numbered
from live.keep.rotation import Rotation
from live.keep.sizes import read_size
from live.messages import Messages
from live.output.event_log import EventLog
from live.output.frame_files import FrameFiles
from live.output.line_file import line_file
from live.output.recorder import Recorder
from live.output.show_log import ShowLog
from live.settings.places import FRAMES, STEMS
from live.view.picture import View

if TYPE_CHECKING:
    from live.settings.model import Settings

PARTS = 20
"""A recording is cut into clips of one in so many of what is kept, so that old ones can go."""
EVENTS_BYTES, EVENTS_S = 64 * 10**6, 86400.0
"""Where what is kept is bounded, a file of events is put aside when it is as large or as old."""


class Outputs:
    """The files of one show."""

    def __init__(
        self,
        ring: SampleRing,
        encoding: SharedEncoding,
        view: Callable[[], View],
        messages: Messages,
    ) -> None:
        """Nothing is written yet."""
        self._ring, self._encoding, self._view, self._messages = ring, encoding, view, messages
        self._recorder: Recorder | None = None
        self._recorders: list[Recorder] = []
        self._frames: FrameFiles | None = None
        self._events: EventLog | None = None
        self._log: ShowLog | None = None
        self._pruner: Pruner | None = None
        self._closed = False

    def open_log(self, path: Path, figures: Callable[[], Mapping[str, Any]]) -> None:
        """Log all messages from now on; figures: as `ShowLog` has it.

        Raises:
            UserError: it cannot be written.
        """
        self._log = ShowLog(path, self._messages, figures)

    def open_files(self, settings: Settings) -> None:
        """Open the events and the frames that the settings ask for.

        Raises:
            UserError: they cannot be written.
        """
        rotation = None
        if settings.keep is not None:
            self._pruner = pruner = Pruner(read_size(settings.keep), self._stop_full)
            rotation = Rotation(min(self._part_bytes(pruner), EVENTS_BYTES), EVENTS_S, None)
            if settings.events is not None:
                pruner.add(numbered(settings.events))
            if settings.frames is not None:
                pruner.add(Family(settings.frames, re.compile(FRAMES)))
            if settings.stems is not None:
                pruner.add(Family(settings.stems, re.compile(STEMS)))
            pruner.start()
        if settings.events is not None:
            file = line_file(settings.events, rotation)
            self._events = EventLog(file, self._messages.report_event)
        if settings.frames is not None:
            self._frames = FrameFiles(settings.frames, self._messages.report_event)

    def _part_bytes(self, pruner: Pruner) -> int:
        return pruner.most_bytes // PARTS

    def _stop_full(self, why: str) -> None:
        stopped = "; the recording is stopped" if self.recording else ""
        self.stop_recording()
        self._messages.report_event(f"{why}{stopped}: give --keep more, or make room.")

    @property
    def recording(self) -> bool:
        """Whether a recording is being written."""
        recorder = self._recorder
        return recorder is not None and recorder.running

    def start_recording(self, path: Path) -> None:
        """Begin a recording, after finishing the one before.

        Raises:
            UserError: the file cannot be written.
        """
        self.stop_recording()
        clip_bytes = None
        if self._pruner is not None:
            clip_bytes = self._part_bytes(self._pruner)
            self._pruner.add(numbered(path))
        self._recorder = Recorder(
            path, self._ring, self._encoding, self._messages.report_event, clip_bytes
        )
        self._recorders.append(self._recorder)

    def stop_recording(self) -> None:
        """Finish the recording, if there is one."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.stop()

    @property
    def missing(self) -> str:
        """What should have been written and was not, such as "3 events"; empty when nothing."""
        events = self._events.missing if self._events else 0
        frames = self._frames.missing if self._frames else 0
        pictures = sum(each.left_out for each in self._recorders)
        seconds = sum(each.missing_s for each in self._recorders)
        said = (
            *((f"{events} events",) if events else ()),
            *((f"{frames} frames",) if frames else ()),
            *((f"{pictures} pictures of the recording",) if pictures else ()),
            *((f"{seconds:.1f} s of the recording",) if seconds else ()),
        )
        return ", ".join(said)

    def add_hearing(self, hearing: Hearing, dropped: int) -> None:
        """Add a hearing, and how many hearings were dropped so far."""
        if self._events is not None:
            self._events.add_hearing(hearing, dropped)

    def add_picture(self, hearing: Hearing, age_ms: float, pictures: Pictures) -> None:
        """Add the first pictures of a hearing, shown age_ms after its sound."""
        if self._events is not None:
            self._events.add_picture(hearing, age_ms, pictures.timings_ms)
        if self._frames is not None:
            self._frames.add(self._view())

    def close(self) -> None:
        """Finish the recording and the frame being written, and write the events that wait.

        Whoever reads, and the disks, are waited for no longer than some seconds.
        """
        if self._closed:
            return
        self._closed = True
        self.stop_recording()
        if self._frames is not None:
            self._frames.stop()
        if self._pruner is not None:
            self._pruner.stop()
        if self._events is not None:
            self._events.close()
        if self._log is not None:
            self._log.close()
