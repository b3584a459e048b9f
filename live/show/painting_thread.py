"""The painting thread: paints as often as the machine allows, and as hearing leaves room for.

A new hearing is shown at once, by a picture of the scene; panels come with the pictures after it,
while the sound of the next hearing is still being played, or one at a time where nothing comes
after it. The scene never waits for panels: it is shown before they are begun.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.mailbox import Mailbox
from engine.packets import Hearing, Pictures
from engine.painting.conditioning import Conditioner
from engine.painting.governor import Governor, Plan
from engine.painting.painter import Painter
from engine.timing import Timings
from engine.trace import note_interval, span
from live.show.painting_costs import PaintingCosts
from live.show.panel_pacing import most_panels
from live.show.state.calm import LOOK_S, PERIOD_S, Calm
from live.show.turns import Turns
from live.view.panels import PanelViews
from live.view.picture import PanelView

MOST_PER_S = 20.0
"""More pictures than that are not seen, the drawing being cross-faded."""
ROUSED_S = 1.0
"""What is changed by hand is painted often for so long, beside the time that it crosses over in."""
OVERLAP_S = 0.02
"""Painting may keep hearing waiting for so long."""
RATE_OVER_S = 5.0


@dataclass(frozen=True, slots=True)
class ShownPictures:
    """The newest pictures and what belongs to them."""

    pictures: Pictures
    """With the newest picture of every panel that stands, also of those not painted this time."""
    at_s: float
    """time.monotonic() at which the scene was handed over."""
    panels: tuple[PanelView, ...]


class PaintingThread:
    """Turns hearings into pictures until it is stopped."""

    def __init__(
        self,
        mailbox: Mailbox[Hearing],
        conditioner: Conditioner,
        painter: Painter,
        governor: Governor,
        turns: Turns,
        on_picture: Callable[[Hearing, float, Pictures], None],
        on_failure: Callable[[str], None],
    ) -> None:
        """on_picture gets each hearing with its sound-to-picture in ms and its first pictures."""
        self.shown: ShownPictures | None = None
        self.frozen = False
        self.asleep = False
        """Nothing is painted, because nobody is to see it."""
        self.aspect: float | None = None
        """Width over height of the window to paint for; None for the bundle's own shape."""
        self.count = 0
        """Pictures of the scene so far."""
        self.moved_at_s = time.monotonic()
        """When it last painted, or found that it need not."""
        self.ages = Timings(keep=300)
        """Sound-to-picture of the last minute's hearings, in ms."""
        self._mailbox, self._conditioner, self._painter = mailbox, conditioner, painter
        self._governor, self._turns = governor, turns
        self._on_picture, self._on_failure = on_picture, on_failure
        self._wanted: tuple[Painter, Governor, int | None, float | None]
        self._wanted = (painter, governor, None, None)
        self._switched = threading.Event()
        self._panel_views = PanelViews()
        self._hearing: Hearing | None = None
        self._costs = PaintingCosts()
        self._calm = Calm()
        self._begun_s = 0.0
        """When the newest picture was begun."""
        self._panels_at_s = 0.0
        """When panels were painted last."""
        self._scene_at_s = 0.0
        """When the newest scene was handed over."""
        self._times: deque[float] = deque(maxlen=round(MOST_PER_S * RATE_OVER_S))
        self._began_s = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="painting", daemon=True)

    def start(self) -> None:
        """Begin to paint; the first picture comes with the first hearing."""
        self._thread.start()

    def end(self) -> None:
        """Begin no other picture; returns at once."""
        self._stop.set()
        self._mailbox.close()

    def stop(self) -> None:
        """End, and wait for the picture under way: its model may be closed then."""
        self.end()
        if self._thread.is_alive():
            self._thread.join()

    def switch_to(
        self, painter: Painter | None, governor: Governor, panels: int, size: float
    ) -> threading.Event:
        """Paint with another painter (None for the same), governor, number of panels and size.

        From the next tick on; the event is set once the painter before is no longer in use.
        """
        self._switched = switched = threading.Event()
        self._wanted = (painter or self._wanted[0], governor, panels, size)
        return switched

    def _apply_switch(self) -> None:
        painter, governor, panels, size = self._wanted
        if governor is not self._governor:
            self._costs = PaintingCosts()
            self._painter, self._governor = painter, governor
            if panels is not None:
                self._conditioner.show_panels(panels)
            if size is not None:
                self._conditioner.paint_at(size)
            self.ages.clear()
            self.rouse()
            self._switched.set()

    @property
    def places(self) -> Mapping[int, tuple[int, float, float]]:
        """Where the sources stand in the newest scene; see `Conditioner.places`."""
        return self._conditioner.places

    @property
    def given_up(self) -> tuple[str, ...]:
        """What the governor gave up, in plain words."""
        return self._governor.given_up

    @property
    def pictures_per_s(self) -> float:
        """Pictures of the scene a second, over the last seconds."""
        since_s = time.monotonic() - RATE_OVER_S
        times = [at_s for at_s in list(self._times) if at_s >= since_s]
        if len(times) < 2:
            return 0.0
        return (len(times) - 1) / max(1e-3, time.monotonic() - times[0])

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._apply_switch()
                heard = self._mailbox.peek(self._waiting_time_s()) is not None
                if self._stop.is_set():
                    return
                if self._held or (heard and self._stays_calm()):
                    self._take_hearing()
                elif heard or (self._hearing is not None and not self._must_wait()):
                    self._paint()
                self.moved_at_s = time.monotonic()
            except Exception as error:
                self._on_failure(f"a picture could not be painted: {error}")
                self._stop.wait(1.0)

    @property
    def _held(self) -> bool:
        return self.frozen or self.asleep

    @property
    def _is_calm(self) -> bool:
        return self._calm.at(time.monotonic(), len(self._conditioner.panel_slots))

    @property
    def _next_s(self) -> float:
        """Before when no other picture of the same hearing is begun."""
        return self._begun_s + (PERIOD_S if self._is_calm else 1 / MOST_PER_S)

    def _stays_calm(self) -> bool:
        """Whether what was heard now is one more moment of silence."""
        heard = self._mailbox.peek()
        silent = heard is not None and not heard.sources
        return silent and self._is_calm and time.monotonic() < self._next_s

    def rouse(self, seconds: float = 0.0) -> None:
        """Paint at once, and for so long as often as while something sounds: what is seen was
        changed by hand."""
        self._calm.rouse(time.monotonic() + seconds + ROUSED_S)

    def _take_hearing(self) -> bool:
        """Take what was heard last; whether there was anything new."""
        fresh = self._mailbox.take(0.0)
        if fresh is None:
            return False
        self._hearing = fresh
        self._calm.hear(fresh, time.monotonic())
        with span("take in", window=fresh.stamp.window_id):
            self._conditioner.hear(fresh, self._now_s())
            self._panel_views.update(fresh)
        return True

    def _now_s(self) -> float:
        return time.monotonic() - self._began_s

    def _waiting_time_s(self) -> float:
        """How long to wait for a hearing before the next picture of the last one."""
        if self._hearing is None or self._held:
            return 0.2
        now_s = time.monotonic()
        wait_s = max(0.0, self._next_s - now_s)
        if self._is_calm:
            return min(wait_s, LOOK_S)
        if self._would_delay_hearing(now_s + wait_s):
            # Hearing comes first: it will put something into the mailbox soon.
            return max(wait_s, min(0.1, self._turns.hearing_due_s - now_s + 0.02))
        return wait_s

    def _must_wait(self) -> bool:
        now_s = time.monotonic()
        return now_s < self._next_s or self._would_delay_hearing(now_s)

    def _would_delay_hearing(self, at_s: float) -> bool:
        """Whether a picture begun then would be in hearing's way, and one begun later would not."""
        until_s = self._turns.hearing_due_s - at_s
        return -0.1 < until_s < self._costs.scene_s - OVERLAP_S

    def _most_panels(self, plan: Plan, fresh: bool, now_s: float) -> int:
        """How many panels at most come with a picture that is begun now."""
        standing = [slot.track_id for slot in self._conditioner.panel_slots]
        painted = self.shown.pictures.panels if self.shown is not None else {}
        room_s = self._turns.hearing_due_s + OVERLAP_S - now_s - self._costs.scene_s
        return most_panels(
            plan,
            fresh,
            len(standing),
            any(track not in painted for track in standing),
            now_s - self._panels_at_s,
            lambda count: self._costs.panels_s(count) <= room_s,
        )

    def _paint(self) -> None:
        """Paint what was heard last."""
        self._begun_s = time.monotonic()
        with self._turns.painting():
            # Not before: what was heard while this waited for the cores is newer.
            fresh, hearing = self._take_hearing(), self._hearing
            if hearing is None:
                return
            window = hearing.stamp.window_id
            with span("paint", window=window):
                pictures = self._paint_pictures(hearing, fresh)
        self._show(pictures)
        shown_s = self._scene_at_s  # before its panels, where it had some
        self._costs.add(pictures)
        if pictures.panels:
            self._panels_at_s = time.monotonic()
        self._governor.observe(pictures, shown_s, len(self._conditioner.panel_slots))
        if fresh:
            age_ms = (shown_s - hearing.stamp.captured_at_s) * 1e3
            note_interval("sound to picture", window, hearing.stamp.captured_at_s, shown_s)
            self.ages.add(age_ms)
            self._on_picture(hearing, age_ms, pictures)

    def _paint_pictures(self, hearing: Hearing, fresh: bool) -> Pictures:
        """Pictures of what was heard; fresh: the first of them."""
        if self.aspect is not None:
            self._conditioner.paint_for(self.aspect)
        plan, began_s = self._governor.plan, time.monotonic()
        most = self._most_panels(plan, fresh, began_s)
        with span("condition"):
            conditions = self._conditioner.conditions(
                self._now_s(),
                plan.steps,
                want_panels=most > 0,
                panels_every=plan.panels_every if most > 1 else 1,
                most_panels=most,
            )
        self._calm.paint(conditions.scene_weather)
        condition_ms = (time.monotonic() - began_s) * 1e3
        return self._painter.paint(
            conditions, {**hearing.timings_ms, "condition": condition_ms}, on_scene=self._show
        )

    def _show(self, pictures: Pictures) -> None:
        """Hand over pictures; those of a scene that is shown already bring its panels."""
        now_s, before = time.monotonic(), self.shown
        slots = self._conditioner.panel_slots
        standing = {slot.track_id for slot in slots}
        panels = before.pictures.panels if before is not None else {}
        kept = {track: panel for track, panel in panels.items() if track in standing}
        whole = replace(pictures, panels={**kept, **pictures.panels})
        again = before is not None and before.pictures.scene is pictures.scene
        at_s = before.at_s if before is not None and again else now_s
        self.shown = ShownPictures(whole, at_s, self._panel_views.views(slots))
        if not again:
            self.count += 1
            self._times.append(now_s)
            self._scene_at_s = now_s
