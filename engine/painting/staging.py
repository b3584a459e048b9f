"""How the sources of a moment enter a picture: as which drawing, where, how much, in which pose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.hearing.naming import Naming
from engine.motion.breath import breath_of
from engine.motion.life import moves_on
from engine.motion.passing import Outline, visible_shares
from engine.packets import F32, Breath, Weather
from engine.painting.composition import sharpen
from engine.painting.smoothed_source import Drawing, SmoothedSource

RAIN = "rain"
"""Of the sound that falls. A bundle whose vocabulary lacks it stays dry."""

Place = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Staged:
    """One drawing in one picture."""

    drawing: Drawing
    weight: float
    """In [0, 1]."""
    place: Place
    """x, y, height and facing."""
    looks: F32
    """(looks,) shares of the drawings."""
    brightness: float
    """Of its source's sound, in [0, 1]."""
    wide: float
    """Width of its box over the picture's."""


class Stage:
    """Puts sources into pictures of one bundle."""

    def __init__(self, naming: Naming, looks: int) -> None:
        """looks: drawings there are of each subject."""
        self._naming, self._looks = naming, looks

    def scene(
        self,
        held: Sequence[tuple[int, SmoothedSource, F32 | None]],
        slots: int,
        tall: float,
        motion: float,
    ) -> list[tuple[int, Staged]]:
        """Slot and drawing of everything in a scene.

        held: as `Sources.in_scene` has it. slots: that the scene has. tall: its height over its
        width in pixels. motion: in [0, 1].
        """
        free = [slot for slot in range(slots) if slot not in {taken for taken, _, _ in held}]
        staged: list[tuple[int, Staged]] = []
        outlines: list[Outline] = []
        for slot, source, spot in held:
            for drawing, share in source.drawings(1 + bool(free)):
                # the newest first: it has the source's own slot, what it has been a free one
                at = slot if all(taken != slot for taken, _ in staged) else free.pop()
                weight = source.weight.value
                one = self._posed(
                    source, drawing, drawing.place_in_scene(weight, spot), motion, tall, True
                )
                staged.append((at, replace(one, weight=share * weight)))
                outlines.append(_outline(one, motion))
        if motion <= 0.0:
            return staged
        return [
            (slot, replace(one, weight=seen * one.weight))
            for (slot, one), seen in zip(staged, visible_shares(outlines), strict=True)
        ]

    def panel(self, source: SmoothedSource, motion: float) -> list[Staged]:
        """The drawings in a source's own picture."""
        presence = source.presence.value
        return [
            replace(
                self._posed(source, drawing, drawing.place_in_panel(presence), motion, 1.0, False),
                weight=share * presence,
            )
            for drawing, share in source.drawings()
        ]

    def weather(self, staged: Sequence[Staged], snow: float) -> Weather:
        """What these draw over their picture. snow: how thickly it falls, in [0, 1]."""
        rain = sum(
            one.weight * rain_share(self._naming, one.drawing.token)
            for one in staged
            if not one.drawing.is_unknown
        )
        lights = [one for one in staged if one.drawing.is_unknown]
        light = sum(one.weight for one in lights)
        brightness = sum(one.weight * one.brightness for one in lights)
        return Weather(
            min(1.0, rain), min(1.0, light), brightness / light if light else 0.5, snow
        )

    def _posed(
        self,
        source: SmoothedSource,
        drawing: Drawing,
        place: Place,
        motion: float,
        tall: float,
        in_scene: bool,
    ) -> Staged:
        """A drawing as its source's life moves it; of weight 1."""
        x, y, height, facing = place
        looks = drawing.look(self._looks)
        wide = drawing.wide * height * tall
        home = drawing.home
        if home is not None and drawing.air <= 0.0:
            if in_scene:
                x = source.life.x(x, facing, half_of(drawing, tall))
            pose = source.life.pose(drawing.label, home.look, motion)
            x += pose.right * height * tall
            y -= pose.up * height
            facing = -facing if pose.turned else facing
            if pose.other_look is not None and pose.other_look < self._looks:
                looks *= 1.0 - pose.other
                looks[pose.other_look] += pose.other
        return Staged(drawing, 1.0, (x, y, height, facing), looks, source.brightness.value, wide)


def breaths_of(staged: Sequence[Staged], motion: float) -> tuple[Breath, ...]:
    """The light over those that breathe with their level; motion in [0, 1]."""
    found = (
        breath_of(
            one.drawing.label,
            (one.place[0], one.place[1], one.wide, one.place[2]),
            motion * one.weight,
        )
        for one in staged
    )
    return tuple(breath for breath in found if breath is not None)


def half_of(drawing: Drawing, tall: float) -> float:
    """Half the width of a drawing's box at its loudest, over the width of a scene so tall."""
    return drawing.wide * drawing.tallest * tall / 2


def journey_half(source: SmoothedSource, tall: float) -> float | None:
    """The same of a source that goes on its way; None for one that stays in its place."""
    drawing, _ = source.drawings()[0]
    if drawing.home is None or not moves_on(drawing.label, drawing.home.look):
        return None
    return half_of(drawing, tall)


def rain_share(naming: Naming, embedding: F32) -> float:
    """In [0, 1]: how much of rain a sound (d,) is for the pictures."""
    if RAIN not in naming.names:
        return 0.0
    return float(sharpen(naming.probabilities(embedding))[naming.names.index(RAIN)])


def _outline(one: Staged, motion: float) -> Outline:
    x, y, height, _ = one.place
    home = one.drawing.home
    moves = motion > 0.0 and home is not None and moves_on(one.drawing.label, home.look)
    # What fills the picture is passed by nobody, nor is light.
    here = home is not None and one.drawing.air <= 0.0
    return Outline(x, y, one.wide if here else 0.0, height if here else 0.0,
                   one.drawing.wide * one.drawing.tallest**2, moves and here)  # fmt: skip
