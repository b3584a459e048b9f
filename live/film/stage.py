"""The stage: the show as one moving picture, for whoever shows it elsewhere than in the window.

Composing and encoding a picture takes 20 ms of a core. So it is done once for all of them, as often
as the most eager one wants it, and not at all while nobody does; and in a process of its own, which
stands behind the show:

    with stage.want(20.0, Form.JPEG) as seat:
        while (frame := seat.next(timeout_s=1.0)) is not None:
            show(frame.jpeg)

Who takes another form than JPEG reads it from `packets` or `frames` while it holds a seat.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.trace import span
from live.compose.frame import frame_size
from live.film.forms import Form
from live.film.packets import SharedPackets
from live.film.shared_frames import SharedFrames
from live.film.studio import Studio, StudioError
from live.view.picture import View

PAUSE_S = 1.0
"""After a picture that could not be composed."""
MOST = 1920, 512
"""Width and height of more pixels than a frame of any shape has."""
IDLE_S = 60.0
"""The process that composes is kept for so long while nobody wants anything."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A composed picture, shared by all who read it."""

    number: int
    """Counts the pictures of the stage, from 1."""
    at_s: float
    """time.monotonic() of the moment that it shows: when it began to be composed."""
    jpeg: bytes
    """Empty where no reader wanted this one as a JPEG."""


class Seat:
    """A reader's place before the stage, from `Stage.want` to `leave`."""

    def __init__(self, stage: Stage, rate: float, form: Form, size: tuple[int, int]) -> None:
        """Not called by readers: see `Stage.want`."""
        self.rate, self.form = rate, form
        self.size = size
        """Width and height of every frame, in pixels."""
        self.ready = True
        """Whether a frame would be taken now; free to be changed. Nothing is made for nobody."""
        self.newest: Frame | None = None
        """What was made for this seat and is not taken yet; the stage sets it."""
        self._stage = stage
        self._due_s = 0.0

    def takes(self, at_s: float) -> bool:
        """Whether a frame of this moment is for this seat; asked once for each, by the stage."""
        period_s = 1 / self.rate
        if not self.ready or at_s < self._due_s - period_s / 2:
            return False
        # Kept to on average: of a stage of 30 a second a seat of 20 takes two of three.
        late = at_s - self._due_s >= period_s / 2
        self._due_s = period_s + (at_s if late else self._due_s)
        return True

    def next(self, timeout_s: float) -> Frame | None:
        """Wait for the next frame at this seat's rate, the newest there is; None if none comes.

        Frames that nobody took in the meantime are passed over. None at once when the stage has
        closed.
        """
        return self._stage.wait_for(self, timeout_s)

    def leave(self) -> None:
        """Want no more; may be called again, and by any thread."""
        self._stage.leave(self)

    def __enter__(self) -> Seat:
        return self

    def __exit__(self, *raised: object) -> None:
        self.leave()


class Stage:
    """Has pictures composed while there are seats; any thread may call any method."""

    def __init__(self, view: Callable[[], View], say: Callable[[str], None]) -> None:
        """Nothing is composed yet. say is told in one line when a picture cannot be composed."""
        # Now, and large enough for every shape: later there may be no room for it.
        self.packets = SharedPackets.create()
        """What has been encoded."""
        self.frames = SharedFrames.create(*MOST)
        """The newest pictures, pixel by pixel; of the size of a seat that somebody has."""
        self._view, self._say = view, say
        self._changed = threading.Condition()
        self._seats: list[Seat] = []
        self._count = 0
        self._newest: Frame | None = None
        self._key = threading.Event()
        self._closed = False
        self._studio: Studio | None = None
        self._thread: threading.Thread | None = None

    def want(self, rate: float, form: Form) -> Seat:
        """Take a seat: have pictures composed so many times a second, at least.

        Every frame has one size, that of the show's shape when the first seat was taken, until all
        are left: films and streams cannot change theirs.
        """
        with self._changed:
            size = self._seats[0].size if self._seats else frame_size(self._view().aspect)
            seat = Seat(self, rate, form, size)
            if not self._closed:
                self._seats.append(seat)
                if size != (self.frames.width, self.frames.height):
                    self.frames = self.frames.of_size(*size)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="stage", daemon=True)
                    self._thread.start()
            self._changed.notify_all()
        return seat

    @property
    def newest(self) -> Frame | None:
        """The newest frame; None before the first, and once nobody has a seat any more."""
        return self._newest

    def ask_for_key(self) -> None:
        """Let the next picture that is encoded be a key picture."""
        self._key.set()

    def wait_for(self, seat: Seat, timeout_s: float) -> Frame | None:
        """Wait for a frame that was made for a seat, and take it; see `Seat.next`."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or seat.newest is not None, timeout_s)
            frame, seat.newest = seat.newest, None
            return None if self._closed else frame

    def leave(self, seat: Seat) -> None:
        """Give up a seat; see `Seat.leave`."""
        with self._changed:
            if seat in self._seats:
                self._seats.remove(seat)
            if not self._seats:
                self._newest = None
            self._changed.notify_all()

    def close(self) -> None:
        """Compose no more, and let go whoever waits."""
        with self._changed:
            self._closed = True
            studio = self._studio
            self._changed.notify_all()
        if studio is not None:
            studio.kill()  # it may stand still
        if self._thread is not None:
            self._thread.join()
        self.packets.close()
        self.frames.close()

    def _run(self) -> None:
        failing, begun_s = False, 0.0
        while self._wait_until_due(begun_s):
            now_s, period_s = time.monotonic(), 1 / self._rate()
            due_s = begun_s + period_s
            # A machine that cannot keep up leaves pictures out, and does not run after them.
            begun_s = due_s if now_s - due_s < period_s / 2 else now_s
            try:
                self._make_frame(self._have_studio())
            except Exception as error:  # whoever shows pictures keeps the last one
                if not failing and not self._closed:
                    self._say(f"a picture could not be composed: {error}")
                failing, begun_s = True, time.monotonic() + PAUSE_S
                if isinstance(error, StudioError):
                    self._drop_studio()
                continue
            failing = False
        self._drop_studio()

    def _rate(self) -> float:
        return max((seat.rate for seat in self._seats), default=1.0)

    def _wait_until_due(self, begun_s: float) -> bool:
        """Wait until a frame is wanted; False when the stage has closed.

        begun_s: when the frame before was begun, or should have been.
        """
        while not self._closed:
            with self._changed:
                if self._seats:
                    wait_s = begun_s + 1 / self._rate() - time.monotonic()
                    if wait_s <= 0:
                        return True
                    self._changed.wait(wait_s)
                    continue
            self._rest()
        return False

    def _rest(self) -> None:
        """Wait while nobody wants anything; the process that composes is given up after a while."""
        try:
            if self._studio is not None:
                self._studio.rest()
        except StudioError:
            self._drop_studio()
        with self._changed:
            idle_s = IDLE_S if self._studio is not None else None
            if not self._changed.wait_for(lambda: self._closed or bool(self._seats), idle_s):
                self._drop_studio()

    def _have_studio(self) -> Studio:
        with self._changed:
            frames, studio = self.frames, self._studio
            if self._closed:
                raise StudioError("the show ends")
            if studio is not None and studio.size != (frames.width, frames.height):
                self._drop_studio()
            if self._studio is None:
                self._studio = Studio(self.packets, frames)
            studio = self._studio
        studio.wait()
        return studio

    def _drop_studio(self) -> None:
        studio, self._studio = self._studio, None
        if studio is not None:
            studio.close()

    def _make_frame(self, studio: Studio) -> None:
        at_s, seats = time.monotonic(), list(self._seats)
        takers = [seat for seat in seats if seat.takes(at_s)]
        if not takers:
            return
        forms = {seat.form for seat in takers}
        key = Form.ENCODED in forms and self._key.is_set()
        if key:
            self._key.clear()
        encoded = any(seat.form is Form.ENCODED for seat in seats)
        with span("compose"):
            made = studio.compose(self._view(), at_s, forms, encoded, key)
        with self._changed:
            self._count += 1
            frame = Frame(self._count, at_s, made)
            if self._seats:  # else nobody wants it any more
                self._newest = frame
            for seat in takers:
                seat.newest = frame
            self._changed.notify_all()
