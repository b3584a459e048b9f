"""Every setting of the show: the only home of its default, its help text and its range.

What is said about those that write and send is in `live.settings.outputs`, about screens
in `live.settings.wall`: this file is long.

Everything else about settings is generated from the fields of `Settings`: the command line's
options (`live.settings.options`), the settings file (`live.settings.file`), what a running show
can change (`live.settings.changes`), the rows of the settings panel (`live.window.controls.rows`),
the table for people and the JSON schema for programs (`live.settings.describe`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from engine.atmosphere_choice import AUTO, LIGHTS, SEASONS, STYLES
from engine.runtimes.names import RUNTIMES
from engine.system.outside import cut
from live.clock.hours import read_hours
from live.clock.sun import read_place
from live.errors import UserError
from live.keep.sizes import read_size
from live.settings.check import check_value
from live.settings.outputs import Events, Frames, Keep, Log, Out, Record, Stems
from live.settings.spec import Change, Keys, Panel, SettingSpec, about, specs_of
from live.settings.wall import (
    Clone,
    FullScreen,
    PanelWindow,
    PixelShift,
    Rotate,
    ScreenName,
    Span,
)
from live.suggest import did_you_mean

PRECISIONS = ("auto", "float32")


@dataclass(frozen=True, slots=True)
class Settings:
    """A checked set of settings; building one with a value out of range raises `UserError`."""

    input: Annotated[
        str,
        about(
            "what to listen to: mic (the default microphone), demo (a built-in soundscape), "
            "the name or number of a device, a sound file (a path with a slash is always one), "
            "or - for standard input",
            metavar="mic|DEVICE|FILE|demo|-",
        ),
    ] = "mic"
    bundle: Annotated[
        str, about("the models: a bundle's name or its folder", metavar="NAME|DIR")
    ] = "picturebook"
    window_s: Annotated[
        float,
        about(
            "seconds of sound understood at once",
            name="window",
            metavar="S",
            span=(1.0, 10.0),
            unit="s",
            change=Change.HEARS_ANEW,
            panel=Panel("Hearing", 2, stride=0.5),
        ),
    ] = 4.0
    hop_s: Annotated[
        float,
        about(
            "seconds from one hearing to the next",
            name="hop",
            metavar="S",
            span=(0.1, 2.0),
            unit="s",
            change=Change.HEARS_ANEW,
            panel=Panel("Hearing", 3, stride=0.05),
        ),
    ] = 0.2
    panels: Annotated[
        int,
        about(
            "most pictures of single sources beside the scene; 0 shows the scene alone",
            metavar="N",
            span=(0, 4),
            change=Change.NEXT_PICTURE,
            panel=Panel(
                "Pictures", 6, offers=(("none", 0), ("1", 1), ("2", 2), ("3", 3), ("4", 4))
            ),
        ),
    ] = 4
    panels_every: Annotated[
        int,
        about(
            "repaint each panel in every so many pictures; more leaves time for the scene",
            name="panels-every",
            metavar="N",
            span=(1, 8),
            change=Change.NEXT_PICTURE,
            panel=Panel(
                "Pictures",
                7,
                "panels in",
                offers=(
                    ("every picture", 1),
                    ("every 2nd picture", 2),
                    ("every 4th picture", 4),
                    ("every 8th picture", 8),
                ),
            ),
        ),
    ] = 1
    steps: Annotated[
        int,
        about(
            "sampler steps a picture; more is finer and slower; 0 leaves it to the program",
            metavar="N",
            span=(0, 8),
            change=Change.NEXT_PICTURE,
            panel=Panel("Pictures", 4, offers=(("left to the program", 0),)),
        ),
    ] = 0
    size: Annotated[
        float,
        about(
            "size of the pictures, as a share of the bundle's own; smaller is faster and coarser",
            metavar="SHARE",
            span=(0.5, 1.0),
            change=Change.NEXT_PICTURE,
            panel=Panel(
                "Pictures",
                5,
                "picture size",
                offers=(("the bundle's own", 1.0), ("three quarters", 0.75), ("half", 0.5)),
            ),
        ),
    ] = 1.0
    seed: Annotated[
        int,
        about(
            "the same seed and sound give the same pictures in render",
            metavar="N",
            span=(0, 1000000000),
        ),
    ] = 0
    light: Annotated[
        str,
        about(
            "the light of the pictures; auto drifts through the day, leaning to what is heard",
            choices=(AUTO, *LIGHTS),
            change=Change.AT_ONCE,
            panel=Panel("Pictures", 1),
            keys=Keys(("L",), "next light", row="pictures"),
        ),
    ] = "auto"
    season: Annotated[
        str,
        about(
            "the season of the pictures; auto follows the calendar",
            choices=(AUTO, *SEASONS),
            change=Change.AT_ONCE,
            panel=Panel("Pictures", 2),
            keys=Keys(("T",), "next season", row="pictures"),
        ),
    ] = "auto"
    style: Annotated[
        str,
        about(
            "how the pictures are made: as in a picture book, cut from paper, or in watercolour",
            choices=STYLES,
            change=Change.AT_ONCE,
            panel=Panel("Pictures", 3),
            keys=Keys(("Y",), "next style", row="pictures"),
        ),
    ] = "picturebook"
    motion: Annotated[
        float,
        about(
            "how much the pictures move with the sounds: animals hop, trains drive through, fire "
            "and waves breathe; 0 is still",
            metavar="SHARE",
            span=(0.0, 1.0),
            change=Change.AT_ONCE,
            panel=Panel("Pictures", 8, stride=0.1),
            keys=Keys(("G",), "more motion", back_meaning="less"),
        ),
    ] = 0.6
    blend: Annotated[
        bool,
        about(
            "paint a sound that lies between two names between them, instead of as one of them",
            change=Change.AT_ONCE,
            panel=Panel(
                "Pictures",
                9,
                "unsure sounds",
                offers=(("as one thing", False), ("between two", True)),
            ),
        ),
    ] = False
    fullscreen: FullScreen = False
    screen: ScreenName = "0"
    span: Span = None
    clone: Clone = False
    rotate: Rotate = "0"
    panel_window: PanelWindow = False
    pixel_shift: PixelShift = 4
    headless: Annotated[bool, about("open no window; use with frames, record or events")] = False
    wait: Annotated[
        bool | None,
        about(
            "wait for the microphone if it is not there at the start, instead of ending; "
            "left out, a show that is headless or in full screen waits"
        ),
    ] = None
    frames: Frames = None
    record: Record = None
    events: Events = None
    log: Log = None
    keep: Keep = None
    stems: Stems = None
    out: Out = ()
    trace: Annotated[
        Path | None,
        about(
            "write when every stage ran on every thread, for ui.perfetto.dev; written at the end",
            metavar="FILE.json",
            suffix=".json",
        ),
    ] = None
    duration_s: Annotated[
        float,
        about(
            "stop after so many seconds; 0 goes on until stopped, or to the end of a file",
            name="duration",
            metavar="S",
            span=(0.0, 604800.0),
            unit="s",
        ),
    ] = 0.0
    osc: Annotated[
        str | None,
        about(
            "take OSC at this address, and tell by OSCQuery at the same port what there is; "
            "needs the extra stage",
            metavar="HOST:PORT",
        ),
    ] = None
    osc_out: Annotated[
        str | None,
        about(
            "send what is heard and what is changed, as OSC, to this address; "
            "needs the extra stage",
            name="osc-out",
            metavar="HOST:PORT",
        ),
    ] = None
    midi: Annotated[
        bool, about("let MIDI knobs and pads play the show; needs the extra midi")
    ] = False
    link: Annotated[
        bool,
        about(
            "follow the tempo of Ableton Link, found on the local network; needs the extra link"
        ),
    ] = False
    web: Annotated[
        str | None,
        about(
            "show the show on a web page at this address, and let it be played there "
            "(127.0.0.1:8080 if none is given); needs the extra stage",
            metavar="HOST:PORT",
            implied="127.0.0.1:8080",
        ),
    ] = None
    cues: Annotated[
        Path | None,
        about(
            "cue list: presets in their order, some at a time of day",
            metavar="FILE.toml",
            suffix=".toml",
        ),
    ] = None
    hours: Annotated[
        str | None,
        about(
            "when the show is to be seen, by the local clock; outside it fades to black, paints "
            "nothing and lets the screen sleep",
            metavar='"Mo-Fr 08:00-21:00; Sa 10:00-18:00"',
        ),
    ] = None
    place: Annotated[
        str | None,
        about(
            "latitude and longitude in degrees, such as 52.5,13.4: light that is left to itself "
            "follows the sun there",
            metavar="LAT,LON",
        ),
    ] = None
    runtime: Annotated[
        str,
        about(
            "what runs the models; auto measures once and remembers",
            choices=("auto", *RUNTIMES),
            change=Change.OPENS_MODELS,
            panel=Panel("Speed", 2),
        ),
    ] = "auto"
    threads: Annotated[
        int,
        about(
            "processor cores that a model may keep busy; 0 is all of them",
            metavar="N",
            span=(0, 64),
            change=Change.OPENS_MODELS,
            panel=Panel("Speed", 3, "processor cores", offers=(("all", 0),)),
        ),
    ] = 0
    precision: Annotated[
        str,
        about(
            "numbers that pictures are computed in; auto is bfloat16 where the chip is "
            "faster in it, float32 is the same on every machine",
            choices=PRECISIONS,
            change=Change.OPENS_MODELS,
            panel=Panel("Speed", 4),
        ),
    ] = "auto"
    sensitivity_db: Annotated[
        float,
        about(
            "how much softer sounds may be and still count as sources, in decibels",
            name="sensitivity",
            metavar="DB",
            span=(-40.0, 40.0),
            unit="dB",
            change=Change.AT_ONCE,
            panel=Panel("Hearing", 1, stride=3.0),
            keys=Keys(("Up",), "more sensitive", back="Down", back_meaning="less sensitive"),
        ),
    ] = 0.0
    target_ms: Annotated[
        float,
        about(
            "milliseconds from sound to picture to stay under; pictures give way to it",
            name="target",
            metavar="MS",
            span=(50.0, 5000.0),
            unit="ms",
            change=Change.NEXT_PICTURE,
            panel=Panel("Speed", 1, "latency target", stride=10.0),
        ),
    ] = 250.0

    @property
    def waits(self) -> bool:
        """Whether the show waits for its microphone: nobody may be there to start it again."""
        alone = self.headless or self.fullscreen or self.span is not None
        return alone if self.wait is None else self.wait

    def __post_init__(self) -> None:
        for spec in SPECS.values():
            value = getattr(self, spec.attribute)
            value = check_value(spec, value, f"setting {spec.name}")
            object.__setattr__(self, spec.attribute, value)
        if self.hours is not None:
            read_hours(self.hours)
        if self.keep is not None:
            read_size(self.keep)
        if self.place is not None:
            read_place(self.place)
        if self.hop_s > self.window_s:
            raise UserError(
                f"setting hop is {self.hop_s:g}, longer than the window of {self.window_s:g} s: "
                "use a hop no longer than the window."
            )


SPECS: dict[str, SettingSpec] = specs_of(Settings)
"""Every setting by the name that people use, in the order of help."""


def unknown_setting(name: str, where: str) -> UserError:
    """Return the error line for a setting that nobody knows, with the nearest that exists."""
    hint = did_you_mean(name, SPECS) or f" Known are {', '.join(SPECS)}."
    return UserError(f"{where}: there is no setting {cut(repr(name))}.{hint}")
