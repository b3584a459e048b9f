"""The stage: the show as one moving picture, for whoever shows it elsewhere than in the window.

Composing a picture takes 10 ms of a core. So it is done once for all of them, as often as the most
eager one wants it, and not at all while nobody does:

    with stage.want(20.0) as seat:
        while (frame := seat.next(timeout_s=1.0)) is not None:
            show(frame.picture)

Whoever only looks now and then takes `stage.newest` while it holds a seat.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.packets import U8
from engine.system.priority import stand_behind
from engine.trace import span
from live.compose.frame import Composer, frame_size
from live.view.picture import View

PAUSE_S = 1.0
"""After a picture that could not be composed."""
LONG_AGO_S = 10.0
"""The first frame shows what there is as it is, and no fade that leads to it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A composed picture, shared by all who read it."""

    number: int
    """Counts the pictures of the stage, from 1."""
    picture: U8
    """(h, w, 3) sRGB, both even; not to be written to."""
    at_s: float
    """time.monotonic() of the moment that it shows."""
    view: View
    """What it shows, as data."""


class Seat:
    """A reader's place before the stage: used by one thread, from `Stage.want` to `leave`."""

    def __init__(self, stage: Stage, rate: float, size: tuple[int, int]) -> None:
        """Not called by readers: see `Stage.want`."""
        self.rate = rate
        self.size = size
        """Width and height of every frame, in pixels."""
        self._stage = stage
        self._taken = 0
        self._due_s = 0.0

    def next(self, timeout_s: float) -> Frame | None:
        """Wait for the next frame at this seat's rate, the newest there is; None if none comes.

        Frames that nobody took in the meantime are passed over. None at once when the stage has
        closed.
        """
        period_s = 1 / self.rate
        frame = self._stage.wait_for(self._taken, self._due_s - period_s / 2, timeout_s)
        if frame is not None:
            self._taken = frame.number
            # Kept to on average: of a stage of 30 a second a seat of 20 takes two of three.
            late = frame.at_s - self._due_s >= period_s / 2
            self._due_s = period_s + (frame.at_s if late else self._due_s)
        return frame

    def leave(self) -> None:
        """Want no more; may be called again, and by any thread."""
        self._stage.leave(self)

    def __enter__(self) -> Seat:
        return self

    def __exit__(self, *raised: object) -> None:
        self.leave()


class Stage:
    """Composes in a thread of its own while there are seats; any thread may call any method."""

    def __init__(self, view: Callable[[], View], say: Callable[[str], None]) -> None:
        """Nothing is composed yet. say is told in one line when a picture cannot be composed."""
        self._view, self._say = view, say
        self._changed = threading.Condition()
        self._seats: list[Seat] = []
        self._newest: Frame | None = None
        self._count = 0
        self._closed = False
        self._composer: Composer | None = None
        self._thread: threading.Thread | None = None

    def want(self, rate: float) -> Seat:
        """Take a seat: have pictures composed so many times a second, at least.

        Every frame has one size, that of the show's shape when the first seat was taken, until all
        are left: films and streams cannot change theirs.
        """
        with self._changed:
            size = self._seats[0].size if self._seats else frame_size(self._view().aspect)
            seat = Seat(self, rate, size)
            self._seats.append(seat)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="stage", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return seat

    @property
    def newest(self) -> Frame | None:
        """The newest frame; None before the first, and once nobody has a seat any more."""
        return self._newest

    def wait_for(self, taken: int, from_s: float, timeout_s: float) -> Frame | None:
        """Wait for a frame after number `taken` that shows a moment from `from_s` on; see `Seat`.

        None when none comes in time, or when the stage has closed.
        """

        def there() -> bool:
            frame = self._newest
            return frame is not None and frame.number > taken and frame.at_s >= from_s

        with self._changed:
            self._changed.wait_for(lambda: self._closed or there(), timeout_s)
            return self._newest if not self._closed and there() else None

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
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        stand_behind()
        failing, begun_s = False, 0.0
        while (size := self._wait_until_due(begun_s)) is not None:
            now_s, period_s = time.monotonic(), 1 / self._rate()
            due_s = begun_s + period_s
            # A machine that cannot keep up leaves pictures out, and does not run after them.
            begun_s = due_s if now_s - due_s < period_s / 2 else now_s
            try:
                picture, view = self._compose(size, now_s)
            except Exception as error:  # whoever shows pictures keeps the last one
                if not failing:
                    self._say(f"a picture could not be composed: {error}")
                failing, self._composer, begun_s = True, None, now_s + PAUSE_S
                continue
            failing = False
            self._publish(Frame(self._count + 1, picture, now_s, view), size)

    def _rate(self) -> float:
        return max((seat.rate for seat in self._seats), default=1.0)

    def _wait_until_due(self, begun_s: float) -> tuple[int, int] | None:
        """Wait until a frame is wanted; return its size, None when the stage has closed.

        begun_s: when the frame before was begun, or should have been.
        """
        with self._changed:
            while not self._closed:
                if not self._seats:
                    self._composer = None  # what it remembers grows old
                    self._changed.wait()
                    continue
                wait_s = begun_s + 1 / self._rate() - time.monotonic()
                if wait_s <= 0:
                    return self._seats[0].size
                self._changed.wait(wait_s)
        return None

    def _compose(self, size: tuple[int, int], now_s: float) -> tuple[U8, View]:
        view, composer = self._view(), self._composer
        with span("compose"):
            if composer is None or (composer.width, composer.height) != size:
                self._composer = composer = Composer(*size)
                composer.update(view, now_s - LONG_AGO_S)
            return composer.frame(view, now_s), view

    def _publish(self, frame: Frame, size: tuple[int, int]) -> None:
        with self._changed:
            self._count = frame.number
            if self._seats and self._seats[0].size == size:  # else nobody wants this one any more
                self._newest = frame
                self._changed.notify_all()
