"""What is said about the settings of screens and walls; `live.settings.model` has them."""

from __future__ import annotations

from typing import Annotated

from live.settings.spec import Change, Panel, about

TURNS = ("0", "90", "180", "270")

FullScreen = Annotated[bool, about("open the window in full screen")]
ScreenName = Annotated[
    str,
    about(
        "the screen to open on: its number from 1, or its name, model or serial number, of "
        "which a part is enough; 0 is the screen that a show filled last, if it is there",
        metavar="N|NAME",
    ),
]
Span = Annotated[
    str | None,
    about(
        "fill several screens, as one wall: all, or some joined by + (1+2, left+right)",
        metavar="all|1+2",
    ),
]
Clone = Annotated[
    bool,
    about(
        "every screen of span shows the whole picture, instead of its part",
        change=Change.AT_ONCE,
        panel=Panel("Screens", 1, "each shows", offers=(("its part", False), ("all", True))),
    ),
]
Rotate = Annotated[
    str,
    about(
        "degrees, clockwise, by which the picture is turned on the screen",
        choices=TURNS,
        change=Change.AT_ONCE,
        panel=Panel("Screens", 2, "turned by"),
    ),
]
PanelWindow = Annotated[
    bool,
    about(
        "show the panels in a window of their own; in full screen on a screen that is free, if any",
        name="panel-window",
        change=Change.AT_ONCE,
        panel=Panel(
            "Screens", 3, "panels", offers=(("over the scene", False), ("in a window", True))
        ),
    ),
]
PixelShift = Annotated[
    int,
    about(
        "most pixels by which panels and text wander in full screen, one in half a minute, so "
        "that nothing burns into the screen; 0 keeps them in their place",
        name="pixel-shift",
        metavar="N",
        span=(0, 16),
        change=Change.AT_ONCE,
        panel=Panel(
            "Screens",
            4,
            "pixel shift",
            offers=(("none", 0), ("2", 2), ("4", 4), ("8", 8), ("16", 16)),
        ),
    ),
]
