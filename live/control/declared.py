"""What a control is: something of the running show that a hand can set, or have done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from live.settings.spec import Change, Keys

if TYPE_CHECKING:
    from live.show.session import Session

Value = float | int | bool | str


class Kind(Enum):
    """What values a control has."""

    NUMBER = "a number"
    WHOLE = "a whole number"
    WORD = "one of some words"
    SWITCH = "on or off"
    ACTION = "done on 1"
    TEXT = "done with a name"


class Grid(Protocol):
    """The test grid, by which the picture is fitted to the screens of a wall.

    Only the window's own thread calls the methods; what is may be read from any.
    """

    shown: bool
    """Whether it is shown."""

    @property
    def screen(self) -> int:
        """Number of the screen that it is about, from 1."""
        ...

    @property
    def handle(self) -> str:
        """The corner or soft edge of that screen that is moved."""
        ...

    @property
    def place(self) -> tuple[float, float]:
        """Where that is, in shares of the screen; of a soft edge how wide it is."""
        ...

    def show(self, on: bool) -> str:
        """Show or hide it; return what there is to say."""
        ...

    def choose_screen(self, number: int) -> str:
        """Be about another screen; return what there is to say."""
        ...

    def choose(self, handle: str) -> None:
        """Take another corner or soft edge."""

    def move(self, x: float | None = None, y: float | None = None) -> str:
        """Move it; return what there is to say."""
        ...

    def reset(self) -> None:
        """Let the picture fill the screen as it was before."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where the web page is for those who may do so much."""

    url: str
    squares: tuple[tuple[bool, ...], ...]
    """Its QR code, row by row: True is dark. The quiet zone around it is not in it."""


class Window(Protocol):
    """What the show's window does for hands. Only its own thread calls the methods."""

    full: bool
    """Whether it fills its screen; may be read from any thread, as what is shown may be."""

    @property
    def grid(self) -> Grid:
        """The test grid."""
        ...

    @property
    def strip_shown(self) -> bool:
        """Whether the panels are shown."""
        ...

    @property
    def hud_shown(self) -> bool:
        """Whether the head-up display is shown."""
        ...

    @property
    def keys_shown(self) -> bool:
        """Whether all keys are shown."""
        ...

    @property
    def settings_shown(self) -> bool:
        """Whether the settings panel is open."""
        ...

    @property
    def link_shown(self) -> str:
        """Whose link to the web page is shown; "none" for nobody's."""
        ...

    def fill_screen(self, on: bool) -> None:
        """Fill the screen, or be a window again."""

    def next_screen(self) -> str:
        """Move to the next screen; return what there is to say."""
        ...

    def show_strip(self, on: bool) -> str:
        """Show or hide the panels; return what there is to say."""
        ...

    def show_hud(self, on: bool) -> None:
        """Show or hide the head-up display."""

    def show_keys(self, on: bool) -> None:
        """Show or hide what all keys do."""

    def show_settings(self, on: bool) -> None:
        """Open or close the settings panel."""

    def show_link(self, whose: str) -> str:
        """Show somebody's link to the web page; return what there is to say."""
        ...

    def open_menu(self) -> None:
        """Offer what to listen to."""


class Hands(Protocol):
    """What a control reads and writes: the show, its window, and what is kept beside them."""

    session: Session
    window: Window | None
    """None while there is none."""
    preset: str
    """The preset that was recalled last; empty before."""
    cross_s: float
    """Seconds in which a preset is crossed over to."""
    chosen: str
    """Name of the control that is learnt and stepped by hand."""
    links: Mapping[str, Link]
    """To the web page, by who is meant to follow it: viewer, operator; empty without a page."""
    recording_to: str
    """The newest recording that a hand began."""

    def recall(self, preset: str) -> str:
        """Cross over to a preset; return what there is to say."""
        ...

    def save(self, said: str) -> str:
        """Save a preset, named by the first word, of the controls that the others name."""
        ...

    def choose(self, name: str) -> str:
        """Choose the control that is stepped and learnt; return what there is to say of it."""
        ...

    def step(self, up: bool) -> str:
        """Move the chosen control by one step; return what there is to say."""
        ...

    def next_cue(self) -> str:
        """Begin the cue after the newest; return what there is to say."""
        ...

    def learn(self) -> str:
        """Give the chosen control to the next knob that is moved; return what there is to say."""
        ...

    def unlearn(self) -> str:
        """Take the chosen control from all knobs; return what there is to say."""
        ...

    def turning_point(self, end: int) -> str:
        """Let the chosen control's knobs end (0: at the bottom, 1: at the top) where it is now."""
        ...


@dataclass(frozen=True, slots=True)
class Control:
    """One control. Every adapter is made from these alone, so that declaring one is enough."""

    name: str
    """Small letters, digits and dashes: the same for every hand."""
    kind: Kind
    help: str
    """What it does, in one line."""
    read: Callable[[Hands], Value]
    """Its value now, from any thread; of what is only done, False or "" always."""
    write: Callable[[Hands, Any], str | None] | None
    """Sets or does it; returns a line for people, if there is something to say beyond its value.
    None for a setting: several of them are changed together."""
    change: Change = Change.AT_ONCE
    """What changing it takes."""
    unit: str = ""
    low: float = 0.0
    """Smallest number, where it is one."""
    high: float = 1.0
    """Largest number, where it is one."""
    find_words: Callable[[], tuple[str, ...]] = tuple
    """The words that there are now, where it is one."""
    stride: float = 0.0
    """How far one step goes, for a number; 0 for a twentieth of its range."""
    keys: Keys | None = None
    attribute: str = ""
    """The field of `Settings` that it is; empty for everything else."""
    section: str = "Show"
    """Those of a section stand together where all of them are listed for people."""
    on_window: bool = False
    """Whether it needs the show's window, and is written on that window's thread."""
    slow: bool = False
    """Whether writing it may take longer than a moment: files, devices, models."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words that there are now, where it is one."""
        return self.find_words()

    @property
    def is_done(self) -> bool:
        """Whether it is done and has no value to keep."""
        return self.kind in (Kind.ACTION, Kind.TEXT)

    @property
    def rests(self) -> bool:
        """Whether a hand must have rested before a change is taken up: it costs the show much."""
        return self.change in (Change.HEARS_ANEW, Change.OPENS_MODELS)

    @property
    def allowed(self) -> str:
        """The allowed values in words, for help and for error lines."""
        match self.kind:
            case Kind.NUMBER | Kind.WHOLE:
                span = f"{self.kind.value} from {self.low:.10g} to {self.high:.10g}"
                return f"{span} {self.unit}".rstrip()
            case Kind.WORD:
                words = ", ".join(self.words)
                return f"one of {words}, or its number from 0" if words else "a word: there is none"
            case Kind.SWITCH:
                return "1 or 0"
            case Kind.ACTION:
                return "1"
            case Kind.TEXT:
                return "a name"
