"""Looks of vehicles, buildings, people and instruments; each label has eight."""

from __future__ import annotations

from training.world.subjects_animals import one
from training.world.subjects_drawings import Look, Part

P = Part
SKY, WATER, RAILS, ROAD = "sky", "water", "rails", "road"
BLUE, GREEN, WINE = (0.62, 0.86, 1.35), (0.66, 1.12, 0.72), (1.15, 0.62, 0.62)

CAR_LAMPS = ((0.03, 0.62, 0.16),)
TRAIN_LAMPS = ((0.03, 0.55, 0.16),)


def train(engine: str, car: str, low: float = 0.0, lift: float = 0.0) -> Look:
    """An engine that draws a car, on rails."""
    return Look((P(car, 0.86, low, 0.76), P(engine, 0.0, lift, 1.0)), -1, RAILS, TRAIN_LAMPS)


def car(drawing: str, puff: bool = False, **how) -> Look:
    """A car on a road; one with its engine running breathes out behind."""
    parts = (P(drawing, 0.0, 0.0, 1.0, **how),)
    if puff:
        parts += (P("own:puff", 1.02, 0.04, 0.42),)
    return Look(parts, -1, ROAD, CAR_LAMPS)


def horn(drawing: str) -> Look:
    """A car seen from the front, sounding to both sides."""
    parts = (P("own:arcs", -0.72, 0.12, 0.76), P("own:arcs", 0.72, 0.12, 0.76, True))
    return Look((*parts, P(drawing)), -1, ROAD, ((0.38, 0.62, 0.14), (0.62, 0.62, 0.14)))


def belfry(tower: str, bells: tuple[tuple[float, float, float], ...], bell: str = "no:bell") -> Look:
    """A tower with its bells in sight."""
    parts = (P(tower), *(P(bell, x, foot, height) for x, foot, height in bells))
    return Look(parts, -1, "ground", ((0.5, 0.84, 0.10),))


def talk(left: str, right: str, swap: bool = False) -> Look:
    """Two people who talk, one of them with a bubble."""
    x = 0.30 if swap else -0.30
    return Look((P(left, -0.30, 0.0, 0.70), P(right, 0.30, 0.0, 0.70),
                 P("own:bubble", 0.04 + x, 0.70, 0.30, swap)), 1)  # fmt: skip


def crowd(back: tuple[str, ...], front: tuple[str, ...]) -> Look:
    """A group of people in two rows."""
    parts = [P(who, 0.32 * (i - (len(back) - 1) / 2), 0.14, 0.86) for i, who in enumerate(back)]
    parts += [P(who, 0.34 * (i - (len(front) - 1) / 2), 0.0, 0.82) for i, who in enumerate(front)]
    return Look(tuple(parts))


def walk(who: str, flip: bool = False) -> Look:
    """Someone who walks and leaves footprints."""
    return Look((P("own:prints", 0.42, 0.0, 0.07), P(who, 0.0, 0.03, 0.97, flip)))


def house(door: str, wall: str = "#f0dfc0", roof: str = "#a2402f") -> Look:
    """A small house whose door stands in the middle."""
    swap = (("#f0dfc0", wall), ("#a2402f", roof))
    return Look((P("own:house-front", swap=swap), P(door, 0.0, 0.03, 0.54)), -1, "ground",
                ((0.23, 0.66, 0.10), (0.77, 0.66, 0.10)))  # fmt: skip


def fire(flame: str, height: float = 0.74, smoke: bool = True) -> Look:
    """A campfire on logs between stones."""
    parts = (P("own:smoke", 0.10, 0.60, 0.44),) if smoke else ()
    parts += (P("own:logs", 0.0, 0.0, 0.34), P(flame, 0.0, 0.16, height))
    return Look(parts, -1, "ground", (), True)


def plays(who: str, drawing: str, x: float = 0.05, foot: float = 0.22, height: float = 0.5) -> Look:
    """A musician with an instrument."""
    return Look((P(who), P(drawing, x, foot, height)), 1)


TAW, TMW, TWW = "tw:person-standing", "tw:man-standing", "tw:woman-standing"
NAW, NMW, NWW = "no:person-standing", "no:man-standing", "no:woman-standing"
FAW, FMW, FWW = "fl:person-standing", "fl:man-standing", "fl:woman-standing"
RUNWAY = (0.0, 0.0, 1.0, 0.60)

THINGS: dict[str, tuple[Look, ...]] = {
    "fire": (
        fire("no:fire"), fire("tw:fire"), fire("fl:fire"), fire("fx:fire"), fire("eo:fire"),
        fire("n1:fire", 0.84, False), fire("no:fire", 0.56),
        Look((P("own:logs", 0.0, 0.0, 0.34), P("no:fire", -0.22, 0.18, 0.52),
              P("no:fire", 0.24, 0.18, 0.48, True), P("no:fire", 0.02, 0.14, 0.86)), -1, "ground", (), True),
    ),
    "train": (
        train("tw:locomotive", "tw:railway-car"), train("no:locomotive", "no:railway-car"),
        train("fx:steamlocomotive", "fx:railwaycar"), train("eo:locomotive", "eo:railway-car"),
        train("fl:locomotive", "fl:railway-car"), train("n1:locomotive", "no:railway-car"),
        Look((P("no:bullet-train", 0.90, 0.0, 1.0, True), P("no:bullet-train", 0.0, 0.0, 1.0)), -1, RAILS, TRAIN_LAMPS),
        Look((P("fx:highspeedtrainbulletnose", 0.98, 0.0, 1.0, True), P("fx:highspeedtrainbulletnose")), -1, RAILS, TRAIN_LAMPS),
    ),
    "aircraft": (
        one("tw:airplane-departure", 1, SKY, keep=RUNWAY), one("no:airplane-departure", 1, SKY, keep=(0.0, 0.0, 1.0, 0.66)),
        one("n1:airplane-departure", 1, SKY, keep=(0.0, 0.0, 1.0, 0.8)), one("eo:airplane-departure", 1, SKY, keep=(0.0, 0.0, 1.0, 0.86)),
        one("own:biplane", -1, SKY), one("no:small-airplane", 1, SKY), one("no:airplane", 1, SKY),
        one("eo:small-airplane", -1, SKY),
    ),
    "helicopter": (
        one("tw:helicopter", -1, SKY), one("fl:helicopter", -1, SKY), one("no:helicopter", -1, SKY),
        one("n1:helicopter", -1, SKY), one("fx:helicopter", -1, SKY), one("eo:helicopter", -1, SKY),
        one("no:helicopter", -1, SKY, tone=(0.62, 0.84, 0.62)), one("eo:helicopter", -1, SKY, tone=(1.3, 0.62, 0.56)),
    ),
    "car engine": (
        car("tw:automobile", True), car("fl:automobile", True), car("no:automobile", True),
        car("n1:automobile", True), car("fx:automobile", True), car("no:sport-utility-vehicle", True),
        car("no:pickup-truck", True), car("tw:racing-car", True),
    ),
    "traffic": (
        Look((P("tw:automobile", -0.55, 0.0, 0.50), P("no:taxi", 0.40, 0.0, 0.52), P("no:bus", 0.0, 0.40, 0.62)), -1, ROAD, CAR_LAMPS),
        Look((P("own:traffic-light", -0.95, 0.0, 1.0), P("no:automobile", -0.30, 0.0, 0.50), P("no:delivery-truck", 0.52, 0.0, 0.72)), -1, ROAD),
        Look((P("fl:bus", 0.25, 0.36, 0.64), P("fl:automobile", -0.48, 0.0, 0.50), P("fl:taxi", 0.42, 0.0, 0.54)), -1, ROAD, CAR_LAMPS),
        Look((P("fx:deliverytruck", 0.40, 0.30, 0.70), P("fx:automobile", -0.50, 0.0, 0.48), P("fx:taxi", 0.46, 0.0, 0.52)), -1, ROAD, CAR_LAMPS),
        Look((P("own:traffic-light", 0.95, 0.0, 1.0), P("tw:taxi", -0.52, 0.0, 0.52), P("tw:sport-utility-vehicle", 0.30, 0.0, 0.56)), -1, ROAD, CAR_LAMPS),
        Look((P("tw:delivery-truck", -0.2, 0.36, 0.64), P("tw:police-car", -0.50, 0.0, 0.50), P("tw:automobile", 0.50, 0.0, 0.48)), -1, ROAD, CAR_LAMPS),
        Look((P("no:oncoming-bus", -0.36, 0.16, 0.84), P("no:oncoming-automobile", 0.44, 0.10, 0.62), P("no:oncoming-taxi", 0.02, 0.0, 0.58)), -1, ROAD),
        Look((P("no:minibus", -0.42, 0.34, 0.56), P("no:sport-utility-vehicle", 0.46, 0.34, 0.52), P("no:police-car", -0.46, 0.0, 0.48), P("no:automobile", 0.46, 0.0, 0.46)), -1, ROAD, CAR_LAMPS),
    ),
    "car horn": (
        horn("tw:oncoming-automobile"), horn("no:oncoming-automobile"), horn("fx:oncomingautomobile"),
        horn("n1:oncoming-automobile"), horn("eo:oncoming-automobile"), horn("no:oncoming-taxi"),
        horn("tw:oncoming-taxi"),
        Look((P("own:arcs", -0.98, 0.10, 0.8), P("no:automobile", 0.12, 0.0, 0.86)), -1, ROAD, CAR_LAMPS),
    ),
    "boat": (
        one("no:sailboat", -1, WATER), one("tw:sailboat", -1, WATER, keep=(0.0, 0.0, 1.0, 0.84)),
        one("no:ferry", -1, WATER), one("no:ship", -1, WATER), one("no:motor-boat", -1, WATER),
        one("n1:sailboat", -1, WATER), one("no:speedboat", -1, WATER),
        one("no:person-rowing-boat", -1, WATER, keep=(0.0, 0.0, 1.0, 0.86)),
    ),
    "church bells": (
        belfry("own:tower-spire", ((0.0, 0.33, 0.22),)), belfry("own:tower-white", ((0.0, 0.43, 0.20),)),
        belfry("own:tower-brick", ((-0.083, 0.40, 0.17), (0.083, 0.40, 0.17))),
        belfry("own:bell-wall", ((0.0, 0.62, 0.22), (-0.205, 0.19, 0.21), (0.205, 0.19, 0.21))),
        belfry("own:bell-frame", ((0.0, 0.20, 0.48),)),
        Look((P("no:church", 0.42, 0.0, 0.78), P("own:tower-spire", -0.26), P("no:bell", -0.26, 0.31, 0.22))),
        Look((P("tw:church", 0.36, 0.0, 0.72), P("own:tower-white", -0.30), P("tw:bell", -0.30, 0.41, 0.20))),
        Look((P("own:bell-small", 0.34, 0.0, 0.86, turn=14.0), P("own:bell-small", -0.34, 0.0, 0.86, turn=-14.0))),
    ),
    "clock": (
        one("tw:alarm-clock"), one("no:alarm-clock"), one("no:mantelpiece-clock"), one("own:grandfather"),
        one("own:clock-tower"), one("own:street-clock"), one("own:cuckoo-clock"), one("n1:alarm-clock"),
    ),
    "footsteps": (
        walk("tw:person-walking", True), walk("tw:woman-walking", True), walk("no:man-walking", True),
        walk("no:woman-walking", True), walk("fl:person-walking", True), walk("fl:woman-walking", True),
        walk("n1:woman-walking", True),
        Look((P("own:prints", 0.5, 0.0, 0.07), P("no:man-walking", -0.24, 0.03, 0.97, True), P("no:woman-walking", 0.24, 0.03, 0.9, True))),
    ),
    "door": (
        house("tw:door"), house("no:door", "#cfe0d8", "#4b5d72"), house("fl:door", "#e8c9b0", "#6b4a3a"),
        house("fx:door", "#f4efe6", "#5f7a4a"), one("own:stone-arch"), one("own:door-ajar"),
        one("own:barn"), one("eo:door"),
    ),
    "speech": (
        talk(NMW, NWW), talk(TMW, TWW, True), talk(FAW, FWW), talk(NWW, NAW, True),
        Look((P(NAW, -0.22, 0.0, 0.74), P("own:bubble", 0.24, 0.62, 0.36)), 1),
        Look((P(TWW, -0.22, 0.0, 0.74), P("own:bubble", 0.24, 0.62, 0.36)), 1),
        talk(TAW, NMW), talk(FMW, TWW, True),
    ),
    "crowd": (
        crowd((NMW, NWW, NAW, NMW), (NWW, NAW, NMW)), crowd((TMW, TWW, TAW), (TWW, TMW)),
        crowd((FMW, FWW, FAW, FMW), (FWW, FAW, FMW)), crowd((NWW, TMW, FAW), (FMW, NAW, TWW, NMW)),
        crowd((TAW, NWW, TMW, NMW), (NAW, TWW, FWW)), crowd((), (NMW, TWW, NAW, FMW, NWW)),
        crowd((NAW, NMW, NWW), (TAW, TMW, TWW, NWW)), crowd((FAW, TWW, NMW, FWW, TMW), (NWW, FMW)),
    ),
    "music": (
        one("no:violin"), one("no:guitar"), one("fx:guitar"), one("no:saxophone"), one("no:drum"),
        Look((P("own:piano"), P("no:musical-notes", 0.0, 1.02, 0.26))),
        Look((P(NWW, -0.52), P("no:violin", -0.46, 0.36, 0.40), P(NMW, 0.0), P("fx:guitar", 0.04, 0.28, 0.46), P(NAW, 0.52), P("no:drum", 0.50, 0.12, 0.36))),
        one("own:grand-piano"),
    ),
}  # fmt: skip
