"""Looks of fire, buildings, people and instruments; each label has eight."""

from __future__ import annotations

from training.world.subjects.animals import one
from training.world.subjects.drawings import Look, Part

P = Part


def belfry(
    tower: str, bells: tuple[tuple[float, float, float], ...], bell: str = "no:bell"
) -> Look:
    """A tower with its bells in sight."""
    parts = (P(tower), *(P(bell, x, foot, height) for x, foot, height in bells))
    return Look(parts, -1, "ground", ((0.5, 0.84, 0.10),))


def talk(left: str, right: str, swap: bool = False) -> Look:
    """Two people who talk, one of them with a bubble."""
    x = 0.30 if swap else -0.30
    return Look(
        (
            P(left, -0.30, 0.0, 0.84),
            P(right, 0.30, 0.0, 0.84),
            P("own:bubble", 0.30 * x, 0.76, 0.30, not swap),
        ),
        1,
    )


def crowd(back: tuple[str, ...], front: tuple[str, ...]) -> Look:
    """A group of people in two rows."""
    parts = [P(who, 0.32 * (i - (len(back) - 1) / 2), 0.14, 0.86) for i, who in enumerate(back)]
    parts += [P(who, 0.33 * (i - (len(front) - 1) / 2), 0.0, 0.82) for i, who in enumerate(front)]
    return Look(tuple(parts))


def walk(who: str, flip: bool = False) -> Look:
    """Someone who walks and leaves footprints."""
    return Look((P("own:prints", 0.42, 0.0, 0.12), P(who, 0.0, 0.03, 0.97, flip)))


def fire(flame: str, height: float = 0.74, smoke: bool = True) -> Look:
    """A campfire on logs between stones."""
    parts = (P("own:smoke", 0.10, 0.60, 0.44),) if smoke else ()
    parts += (P("own:logs", 0.0, 0.0, 0.34), P(flame, 0.0, 0.16, height))
    return Look(parts, -1, "ground", (), True)


TAW, TMW, TWW = "tw:person-standing", "tw:man-standing", "tw:woman-standing"
NAW, NMW, NWW = "no:person-standing", "no:man-standing", "no:woman-standing"
FAW, FMW, FWW = "fl:person-standing", "fl:man-standing", "fl:woman-standing"

THINGS: dict[str, tuple[Look, ...]] = {
    "fire": (
        fire("no:fire"),
        fire("tw:fire"),
        fire("fl:fire"),
        fire("fx:fire"),
        fire("eo:fire"),
        fire("n1:fire", 0.84, False),
        fire("no:fire", 0.56),
        Look(
            (
                P("own:logs", 0.0, 0.0, 0.34),
                P("no:fire", -0.22, 0.18, 0.52),
                P("no:fire", 0.24, 0.18, 0.48, True),
                P("no:fire", 0.02, 0.14, 0.86),
            ),
            -1,
            "ground",
            (),
            True,
        ),
    ),
    "church bells": (
        belfry("own:tower-spire", ((0.0, 0.33, 0.22),)),
        belfry("own:tower-white", ((0.0, 0.43, 0.20),)),
        belfry("own:tower-brick", ((-0.083, 0.40, 0.17), (0.083, 0.40, 0.17))),
        belfry("own:bell-wall", ((0.0, 0.62, 0.22), (-0.205, 0.19, 0.21), (0.205, 0.19, 0.21))),
        belfry("own:bell-frame", ((0.0, 0.20, 0.48),)),
        Look(
            (
                P("no:church", 0.42, 0.0, 0.78),
                P("own:tower-spire", -0.26),
                P("no:bell", -0.26, 0.31, 0.22),
            )
        ),
        Look(
            (
                P("tw:church", 0.36, 0.0, 0.72),
                P("own:tower-white", -0.30),
                P("tw:bell", -0.30, 0.41, 0.20),
            )
        ),
        Look(
            (
                P("own:bell-small", 0.34, 0.0, 0.86, turn=14.0),
                P("own:bell-small", -0.34, 0.0, 0.86, turn=-14.0),
            )
        ),
    ),
    "clock": (
        one("tw:alarm-clock"),
        one("no:alarm-clock"),
        one("no:mantelpiece-clock"),
        one("own:grandfather"),
        one("own:clock-tower"),
        one("own:street-clock"),
        one("own:cuckoo-clock"),
        one("n1:alarm-clock"),
    ),
    "footsteps": (
        walk("tw:person-walking", True),
        walk("tw:woman-walking", True),
        walk("no:man-walking", True),
        walk("no:woman-walking", True),
        walk("fl:person-walking", True),
        walk("fl:woman-walking", True),
        walk("n1:woman-walking", True),
        Look(
            (
                P("own:prints", 0.5, 0.0, 0.12),
                P("no:man-walking", -0.24, 0.03, 0.97, True),
                P("no:woman-walking", 0.24, 0.03, 0.9, True),
            )
        ),
    ),
    "door": (
        one("tw:door"),
        one("no:door"),
        one("own:stone-arch", swap=(("#6a4526", "#3a7fb0"), ("#4c3019", "#235478"))),
        one("fx:door"),
        one("own:stone-arch"),
        one("own:door-ajar"),
        one("own:door-ajar", swap=(("#2f6f6a", "#b03a32"), ("#27605b", "#8c2a26"))),
        one("eo:door"),
    ),
    "speech": (
        talk(NMW, NWW),
        talk(TMW, TWW, True),
        talk(FAW, FWW),
        talk(NWW, NAW, True),
        Look((P(NAW, -0.22, 0.0, 0.74), P("own:bubble", 0.24, 0.62, 0.36)), 1),
        Look((P(TWW, -0.22, 0.0, 0.74), P("own:bubble", 0.24, 0.62, 0.36)), 1),
        talk(TAW, NMW),
        talk(FMW, TWW, True),
    ),
    "crowd": (
        crowd((NMW, NWW, NAW, NMW), (NWW, NAW, NMW)),
        crowd((TMW, TWW, TAW), (TWW, TMW)),
        crowd((FMW, FWW, FAW, FMW), (FWW, FAW, FMW)),
        crowd((NWW, TMW, FAW), (FMW, NAW, TWW, NMW)),
        crowd((TAW, NWW, TMW, NMW), (NAW, TWW, FWW)),
        crowd((), (NMW, TWW, NAW, FMW, NWW)),
        crowd((NAW, NMW, NWW), (TAW, TMW, TWW, NWW)),
        crowd((FAW, TWW, NMW, FWW, TMW), (NWW, FMW)),
    ),
    "music": (
        one("no:violin"),
        one("no:guitar"),
        one("fx:guitar"),
        one("no:saxophone"),
        one("no:drum"),
        Look((P("own:piano"), P("no:musical-notes", 0.0, 1.02, 0.26))),
        Look(
            (
                P(NWW, -0.52),
                P("no:violin", -0.46, 0.36, 0.40),
                P(NMW, 0.0),
                P("fx:guitar", 0.04, 0.28, 0.46),
                P(NAW, 0.52),
                P("no:drum", 0.50, 0.12, 0.36),
            )
        ),
        one("own:grand-piano"),
    ),
}
