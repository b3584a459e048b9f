"""Every setting of the show: the only home of its default, its help text and its range.

The command line's options (`live/settings/options.py`) and the settings file
(`live/settings/file.py`) are generated from the fields of `Settings`; nothing else may hold a
default.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from engine.atmosphere_choice import AUTO, LIGHTS, SEASONS, STYLES
from engine.runtimes.names import RUNTIMES
from engine.system.outside import cut
from live.errors import UserError
from live.paths.names import expanded
from live.suggest import did_you_mean

PRECISIONS = ("auto", "float32")


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """What is known about one setting, apart from its value."""

    name: str
    """The name in the settings file and, with dashes before it, on the command line."""
    attribute: str
    """The name of the field of `Settings`, which carries the unit."""
    kind: type
    """bool, int, float, str or Path."""
    default: Any
    """None where a setting may be left out."""
    help: str
    metavar: str | None
    low: float | None
    """Smallest allowed number, inclusive."""
    high: float | None
    """Largest allowed number, inclusive."""
    choices: tuple[str, ...]
    """Allowed words; empty when any will do."""
    suffix: str
    """Ending a file name must have, such as '.mp4'; empty when any will do."""

    @property
    def allowed(self) -> str:
        """The allowed values in words, for help and for error lines."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.kind is bool:
            return "true or false"
        if self.kind in (int, float):
            what = "a whole number" if self.kind is int else "a number"
            return f"{what} from {self.low or 0:.10g} to {self.high or 0:.10g}"
        if self.suffix:
            return f"the name of a file that ends in {self.suffix}"
        return "a name or path that is not empty"


def _about(
    kind: type,
    text: str,
    *,
    metavar: str | None = None,
    span: tuple[float, float] | None = None,
    choices: tuple[str, ...] = (),
    name: str | None = None,
    suffix: str = "",
) -> dict[str, Any]:
    low, high = span or (None, None)
    return {
        "name": name,
        "kind": kind,
        "help": text,
        "metavar": metavar,
        "low": low,
        "high": high,
        "choices": choices,
        "suffix": suffix,
    }


@dataclass(frozen=True, slots=True)
class Settings:
    """A checked set of settings; building one with a value out of range raises `UserError`."""

    input: str = field(
        default="mic",
        metadata=_about(
            str,
            "what to listen to: mic (the default microphone), demo (a built-in soundscape), "
            "the name or number of a device, a sound file (a path with a slash is always one), "
            "or - for standard input",
            metavar="mic|DEVICE|FILE|demo|-",
        ),
    )
    bundle: str = field(
        default="picturebook",
        metadata=_about(str, "the models: a bundle's name or its folder", metavar="NAME|DIR"),
    )
    window_s: float = field(
        default=4.0,
        metadata=_about(
            float,
            "seconds of sound understood at once",
            name="window",
            metavar="S",
            span=(1.0, 10.0),
        ),
    )
    hop_s: float = field(
        default=0.2,
        metadata=_about(
            float, "seconds from one hearing to the next", name="hop", metavar="S", span=(0.1, 2.0)
        ),
    )
    panels: int = field(
        default=4,
        metadata=_about(
            int,
            "most pictures of single sources beside the scene; 0 shows the scene alone",
            metavar="N",
            span=(0, 4),
        ),
    )
    panels_every: int = field(
        default=1,
        metadata=_about(
            int,
            "repaint each panel in every so many pictures; more leaves time for the scene",
            name="panels-every",
            metavar="N",
            span=(1, 8),
        ),
    )
    steps: int = field(
        default=0,
        metadata=_about(
            int,
            "sampler steps a picture; more is finer and slower; 0 leaves it to the program",
            metavar="N",
            span=(0, 8),
        ),
    )
    size: float = field(
        default=1.0,
        metadata=_about(
            float,
            "size of the pictures, as a share of the bundle's own; smaller is faster and coarser",
            metavar="SHARE",
            span=(0.5, 1.0),
        ),
    )
    seed: int = field(
        default=0,
        metadata=_about(
            int,
            "the same seed and sound give the same pictures in render",
            metavar="N",
            span=(0, 1_000_000_000),
        ),
    )
    light: str = field(
        default="auto",
        metadata=_about(
            str,
            "the light of the pictures; auto drifts through the day, leaning to what is heard",
            choices=(AUTO, *LIGHTS),
        ),
    )
    season: str = field(
        default="auto",
        metadata=_about(
            str,
            "the season of the pictures; auto follows the calendar",
            choices=(AUTO, *SEASONS),
        ),
    )
    style: str = field(
        default="picturebook",
        metadata=_about(
            str,
            "how the pictures are made: as in a picture book, cut from paper, or in watercolour",
            choices=STYLES,
        ),
    )
    fullscreen: bool = field(default=False, metadata=_about(bool, "open the window in full screen"))
    screen: int = field(
        default=0,
        metadata=_about(
            int,
            "which screen the window opens on, counted from 1; 0 leaves it to the desktop",
            metavar="N",
            span=(0, 16),
        ),
    )
    headless: bool = field(
        default=False, metadata=_about(bool, "open no window; use with frames, record or events")
    )
    wait: bool | None = field(
        default=None,
        metadata=_about(
            bool,
            "wait for the microphone if it is not there at the start, instead of ending; left "
            "out, a show that is headless or in full screen waits",
        ),
    )
    frames: Path | None = field(
        default=None,
        metadata=_about(Path, "folder to write every finished picture to, as PNG", metavar="DIR"),
    )
    record: Path | None = field(
        default=None,
        metadata=_about(
            Path,
            "record picture and sound; playable even after a crash",
            metavar="FILE.mp4",
            suffix=".mp4",
        ),
    )
    events: Path | None = field(
        default=None,
        metadata=_about(
            Path, "write one JSON line per hearing; - is standard output", metavar="FILE.jsonl"
        ),
    )
    trace: Path | None = field(
        default=None,
        metadata=_about(
            Path,
            "write when every stage ran on every thread, for ui.perfetto.dev; written at the end",
            metavar="FILE.json",
            suffix=".json",
        ),
    )
    duration_s: float = field(
        default=0.0,
        metadata=_about(
            float,
            "stop after so many seconds; 0 goes on until stopped, or to the end of a file",
            name="duration",
            metavar="S",
            span=(0.0, 604800.0),
        ),
    )
    runtime: str = field(
        default="auto",
        metadata=_about(
            str,
            "what runs the models; auto measures once and remembers",
            choices=("auto", *RUNTIMES),
        ),
    )
    threads: int = field(
        default=0,
        metadata=_about(
            int,
            "processor cores that a model may keep busy; 0 is all of them",
            metavar="N",
            span=(0, 64),
        ),
    )
    precision: str = field(
        default="auto",
        metadata=_about(
            str,
            "numbers that pictures are computed in; auto is bfloat16 where the chip is faster in "
            "it, float32 is the same on every machine",
            choices=PRECISIONS,
        ),
    )
    sensitivity_db: float = field(
        default=0.0,
        metadata=_about(
            float,
            "how much softer sounds may be and still count as sources, in decibels",
            name="sensitivity",
            metavar="DB",
            span=(-40.0, 40.0),
        ),
    )
    target_ms: float = field(
        default=250.0,
        metadata=_about(
            float,
            "milliseconds from sound to picture to stay under; pictures give way to it",
            name="target",
            metavar="MS",
            span=(50.0, 5000.0),
        ),
    )

    @property
    def waits(self) -> bool:
        """Whether the show waits for its microphone: nobody may be there to start it again."""
        return self.headless or self.fullscreen if self.wait is None else self.wait

    def __post_init__(self) -> None:
        for spec in SPECS.values():
            value = getattr(self, spec.attribute)
            object.__setattr__(self, spec.attribute, checked(spec, value, f"setting {spec.name}"))
        if self.hop_s > self.window_s:
            raise UserError(
                f"setting hop is {self.hop_s:g}, longer than the window of {self.window_s:g} s: "
                "use a hop no longer than the window."
            )


def _specs() -> dict[str, SettingSpec]:
    found = {}
    for entry in fields(Settings):
        known = dict(entry.metadata)
        known["name"] = known["name"] or entry.name
        found[known["name"]] = SettingSpec(attribute=entry.name, default=entry.default, **known)
    return found


SPECS: dict[str, SettingSpec] = _specs()
"""Every setting by the name that people use, in the order of help."""


def checked(spec: SettingSpec, value: Any, said_as: str) -> Any:
    """Return the value in the setting's own type, or raise `UserError`.

    said_as names the thing in the error line: "setting panels", "--panels".
    """
    if value is None and spec.default is None:
        return None
    fault = UserError(f"{said_as} is {_shown(value)}, but must be {spec.allowed}.")
    if spec.kind is bool:
        if not isinstance(value, bool):
            raise fault
        return value
    if spec.kind in (int, float):
        return _checked_number(spec, value, fault)
    if not isinstance(value, str | Path) or not str(value).strip() or "\0" in str(value):
        raise fault
    if spec.choices and value not in spec.choices:
        raise UserError(f"{fault}{did_you_mean(str(value), spec.choices)}")
    if spec.kind is Path:
        if spec.suffix and Path(value).suffix.lower() != spec.suffix:
            raise fault
        return expanded(value)
    return str(value)


def _shown(value: Any) -> str:
    """Return a value as an error line shows it: not a number of thousands of digits, say."""
    try:
        return cut(repr(value), 300)
    except (ValueError, RecursionError):
        return "far too long"


def _checked_number(spec: SettingSpec, value: Any, fault: UserError) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fault
    if spec.kind is int and not isinstance(value, int):
        raise fault
    low = -math.inf if spec.low is None else spec.low
    high = math.inf if spec.high is None else spec.high
    # A whole number may be too large for a float, so it is compared as it is.
    if not low <= value <= high or value in (math.inf, -math.inf):  # nan is in no range
        raise fault
    return spec.kind(value)


def unknown_setting(name: str, where: str) -> UserError:
    """Return the error line for a setting that nobody knows, with the nearest that exists."""
    hint = did_you_mean(name, SPECS) or f" Known are {', '.join(SPECS)}."
    return UserError(f"{where}: there is no setting {cut(repr(name))}.{hint}")
