"""Looks of what drives, flies and floats; each label has eight."""

from __future__ import annotations

from training.world.subjects.animals import one
from training.world.subjects.drawings import Look, Part

P = Part
SKY, WATER, RAILS, ROAD, STREET = "sky", "water", "rails", "road", "street"
CAR_LAMPS = ((0.03, 0.62, 0.16),)
TRAIN_LAMPS = ((0.03, 0.55, 0.16),)
RUNWAY = (0.0, 0.0, 1.0, 0.60)


def train(engine: str, car: str, low: float = 0.0, lift: float = 0.0) -> Look:
    """An engine that draws a car, on rails."""
    return Look((P(car, 0.82, low, 0.74), P(engine, 0.0, lift, 1.0)), -1, RAILS, TRAIN_LAMPS)


def car(drawing: str, puff: bool = False, **how) -> Look:
    """A car on a road; one with its engine running breathes out behind."""
    parts = (P("own:puff", 0.78, 0.02, 0.40),) if puff else ()
    parts += (P(drawing, 0.0, 0.0, 1.0, **how),)
    return Look(parts, -1, ROAD, CAR_LAMPS)


def queue(back: tuple[str, ...], front: tuple[str, ...], signal: bool = False) -> Look:
    """Cars in two lanes, behind a traffic light or without."""
    middle = 0.16 if signal else 0.0
    parts = [
        P(what, middle + 0.84 * (i - (len(back) - 1) / 2) + 0.06, 0.22, 0.66)
        for i, what in enumerate(back)
    ]
    parts += [
        P(what, middle + 0.80 * (i - (len(front) - 1) / 2), 0.0, 0.44)
        for i, what in enumerate(front)
    ]
    if signal:
        parts.append(P("own:traffic-light", middle - 0.86, 0.04, 0.96))
    return Look(tuple(parts), -1, STREET)


def horn(drawing: str) -> Look:
    """A car seen from the front, sounding to both sides."""
    parts = (P("own:arcs", -0.70, 0.14, 0.74), P("own:arcs", 0.70, 0.14, 0.74, True))
    return Look((*parts, P(drawing)), -1, ROAD, ((0.38, 0.62, 0.14), (0.62, 0.62, 0.14)))


VEHICLES: dict[str, tuple[Look, ...]] = {
    "train": (
        train("tw:locomotive", "tw:railway-car"),
        train("no:locomotive", "no:railway-car"),
        train("fx:steamlocomotive", "fx:railwaycar"),
        train("eo:locomotive", "eo:railway-car"),
        train("fl:locomotive", "fl:railway-car"),
        train("n1:locomotive", "no:railway-car"),
        Look((P("own:coach", 0.96, 0.0, 0.86), P("no:bullet-train")), -1, RAILS, TRAIN_LAMPS),
        Look(
            (
                P(
                    "own:coach",
                    0.90,
                    0.0,
                    0.82,
                    swap=(("#0277bd", "#2f6a3a"), ("#2f4f74", "#3a5a40")),
                ),
                P("tw:bullet-train"),
            ),
            -1,
            RAILS,
            TRAIN_LAMPS,
        ),
    ),
    "aircraft": (
        one("tw:airplane-departure", 1, SKY, keep=RUNWAY, turn=-10.0),
        one("no:airplane-departure", 1, SKY, keep=(0.0, 0.0, 1.0, 0.66), turn=-22.0),
        one("n1:airplane-departure", 1, SKY, keep=(0.0, 0.0, 1.0, 0.8)),
        one("eo:airplane-departure", 1, SKY, keep=(0.0, 0.0, 1.0, 0.86)),
        one("own:biplane", -1, SKY),
        one("no:small-airplane", 1, SKY),
        one("no:airplane", 1, SKY),
        one("eo:small-airplane", -1, SKY),
    ),
    "helicopter": (
        one("tw:helicopter", -1, SKY),
        one("fl:helicopter", -1, SKY),
        one("no:helicopter", -1, SKY),
        one("n1:helicopter", -1, SKY),
        one("fx:helicopter", -1, SKY),
        one("eo:helicopter", -1, SKY),
        one("no:helicopter", -1, SKY, tone=(0.62, 0.84, 0.62)),
        one("eo:helicopter", -1, SKY, tone=(1.3, 0.62, 0.56)),
    ),
    "car engine": (
        car("tw:automobile", True),
        car("fl:automobile", True),
        car("no:automobile", True),
        car("n1:automobile", True),
        car("fx:automobile", True),
        car("no:sport-utility-vehicle", True),
        car("no:pickup-truck", True),
        car("tw:racing-car", True),
    ),
    "traffic": (
        queue(("no:bus", "no:automobile"), ("tw:automobile", "no:taxi")),
        queue(("no:delivery-truck",), ("no:automobile", "no:sport-utility-vehicle"), True),
        queue(("fl:automobile", "fl:bus"), ("fl:sport-utility-vehicle", "fl:taxi")),
        queue(("fx:deliverytruck", "fx:minibus"), ("fx:automobile", "fx:taxi")),
        queue(("tw:delivery-truck",), ("tw:taxi", "tw:sport-utility-vehicle"), True),
        queue(("tw:minibus", "tw:delivery-truck"), ("tw:police-car", "tw:automobile")),
        Look(
            (
                P("no:oncoming-bus", -0.40, 0.10, 0.90),
                P("no:oncoming-automobile", 0.44, 0.08, 0.66),
                P("no:oncoming-taxi", 0.02, 0.0, 0.60),
            ),
            -1,
            STREET,
        ),
        queue(("no:minibus", "no:bus"), ("no:police-car", "no:pickup-truck")),
    ),
    "car horn": (
        horn("tw:oncoming-automobile"),
        horn("no:oncoming-automobile"),
        horn("fx:oncomingautomobile"),
        horn("n1:oncoming-automobile"),
        horn("eo:oncoming-automobile"),
        horn("no:oncoming-taxi"),
        horn("tw:oncoming-taxi"),
        Look(
            (P("own:arcs", -0.68, 0.16, 0.66), P("no:automobile", 0.12, 0.0, 0.84)),
            -1,
            ROAD,
            CAR_LAMPS,
        ),
    ),
    "boat": (
        one("no:sailboat", -1, WATER),
        one("tw:sailboat", -1, WATER, keep=(0.0, 0.0, 1.0, 0.84)),
        one("no:ferry", -1, WATER),
        one("no:ship", -1, WATER),
        one("no:motor-boat", -1, WATER),
        one("n1:sailboat", -1, WATER),
        one("eo:sailboat", -1, WATER, keep=(0.0, 0.0, 1.0, 0.77)),
        one("no:person-rowing-boat", -1, WATER, keep=(0.0, 0.0, 1.0, 0.86)),
    ),
}
