"""What a show writes while it runs: events, frames and a recording.

None of them can end the show or hold it up: each has a thread of its own and drops what it cannot
write, what fails becomes a message and is tried again, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.packets import Hearing, Pictures
from engine.sound.ring import SampleRing
from live.messages import Messages
from live.output.event_log import EventLog
from live.output.frame_files import FrameFiles
from live.output.line_file import line_file
from live.output.recorder import Recorder
from live.output.stage import Stage
from live.view.picture import View

if TYPE_CHECKING:
    from live.settings.model import Settings


class Outputs:
    """The files of one show."""

    def __init__(
        self, ring: SampleRing, stage: Stage, view: Callable[[], View], messages: Messages
    ) -> None:
        """Nothing is written yet."""
        self._ring, self._stage, self._view, self._messages = ring, stage, view, messages
        self._recorder: Recorder | None = None
        self._recorders: list[Recorder] = []
        self._frames: FrameFiles | None = None
        self._events: EventLog | None = None
        self._closed = False

    def open_files(self, settings: Settings) -> None:
        """Open the events and the frames that the settings ask for.

        Raises:
            UserError: they cannot be written.
        """
        if settings.events is not None:
            self._events = EventLog(line_file(settings.events), self._messages.report_event)
        if settings.frames is not None:
            self._frames = FrameFiles(settings.frames, self._messages.report_event)

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
        self._recorder = Recorder(path, self._ring, self._stage, self._messages.report_event)
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
        if self._events is not None:
            self._events.close()
