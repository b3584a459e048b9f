"""What is said about one setting where it is declared, and what follows from it.

A setting is declared once, as a field of `live.settings.model.Settings`: its type, its default
and, by `about`, everything else. Options, settings file, live changes, panel rows, the table of
the documentation and the JSON schema are made from the `SettingSpec` that this gives.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from msgspec import Meta

_TEXT = "^\\s*[^\\s\\u0000][^\\u0000]*$"
"""Text that is not empty and can be a name or path; matched in linear time."""


class Change(Enum):
    """When a show takes up a change of a setting, as the table of settings says it."""

    AT_ONCE = "at once"
    NEXT_PICTURE = "with the next picture"
    HEARS_ANEW = "at once; hearing begins anew"
    OPENS_MODELS = "when the models are opened again"
    RESTART = "when it is started anew"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the window that do something, and how help says it."""

    names: tuple[str, ...]
    """As Qt has them, without "Key_": the first is the one that help shows."""
    meaning: str
    written: str = ""
    """How it is written; empty for its name."""
    back: str = ""
    """The key that goes the other way; empty where Shift with the same key does, if anything."""
    back_meaning: str = ""
    """What going the other way is; empty for "back"."""
    row: str = ""
    """Keys of the same row share a line of help; empty for a line of its own."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Where the settings panel shows a setting, and how."""

    section: str
    row: int
    """Rows of a section stand in this order."""
    title: str = ""
    """What it is called on the screen; empty for its own name."""
    offers: tuple[tuple[str, Any], ...] = ()
    """What there is to choose, each as it is written and its value; what depends on the bundle
    or on the machine is added there."""
    stride: float = 0.0
    """How far one press of an arrow goes, for a number of any size."""


@dataclass(frozen=True, slots=True)
class _About:
    """What `Meta` has no words for."""

    change: Change = Change.RESTART
    name: str = ""
    metavar: str | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    suffix: str = ""
    implied: str = ""
    panel: Panel | None = None
    keys: Keys | None = None


def about(help_text: str, *, span: tuple[float, float] | None = None, **more: Any) -> Meta:
    """Return what is said about a setting.

    help_text: what it does. span: the smallest and largest number. more: change (when a show
    takes it up), name (in file and options, where the attribute carries a unit), metavar, unit,
    choices (all words that are allowed), suffix (ending of a file's name, ".mp4"),
    implied (what an option without a value stands for), panel and keys.
    """
    low, high = span or (None, None)
    return Meta(description=help_text, ge=low, le=high, extra={"about": _About(**more)})


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """What is known about one setting, apart from its value."""

    name: str
    """The name in the settings file and, with dashes before it, on the command line."""
    attribute: str
    """The name of the field of `Settings`, which carries the unit."""
    kind: type
    """bool, int, float, str, Path, or tuple for any number of texts."""
    type: Any
    """What values are checked against and the JSON schema is made from; a Path is text there."""
    default: Any
    """None where a setting may be left out."""
    help: str
    metavar: str | None
    low: float | None
    """Smallest allowed number, inclusive."""
    high: float | None
    """Largest allowed number, inclusive."""
    unit: str
    """Such as "s"; empty for what has none."""
    choices: tuple[str, ...]
    """Allowed words; empty when any will do."""
    suffix: str
    """Ending a file name must have, such as '.mp4'; empty when any will do."""
    implied: str
    """What its option without a value stands for; empty where there must be a value."""
    change: Change
    """When a running show takes up another value."""
    panel: Panel | None
    """Its row in the settings panel; None if it has none."""
    keys: Keys | None
    """The keys that go on to its next value; None if it has none."""

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
        if self.kind is tuple:
            return "any number of texts that are not empty"
        if self.suffix:
            return f"the name of a file that ends in {self.suffix}"
        return "a name or path that is not empty"


def specs_of(declared: type) -> dict[str, SettingSpec]:
    """Return the settings declared by a dataclass, by the name that people use, in its order."""
    hints = get_type_hints(declared, include_extras=True)
    found = {}
    for entry in fields(declared):
        annotated, meta = get_args(hints[entry.name])
        if get_origin(annotated) is tuple:
            kind = tuple
        else:
            kinds = [each for each in get_args(annotated) if each is not type(None)]
            kind = kinds[0] if kinds else annotated  # of `Path | None` the Path
        said: _About = meta.extra["about"]
        name = said.name or entry.name
        assert entry.default is not MISSING, name
        found[name] = SettingSpec(
            name, entry.name, kind, _checked_type(kind, meta, said), entry.default,
            meta.description, said.metavar, meta.ge, meta.le, said.unit, said.choices,
            said.suffix, said.implied, said.change, said.panel, said.keys,
        )  # fmt: skip
    return found


def _checked_type(kind: type, meta: Meta, said: _About) -> Any:
    help_text = Meta(description=meta.description)
    if said.choices:
        return Annotated[Literal[said.choices], help_text]  # pyright: ignore
    if kind is tuple:
        return Annotated[tuple[Annotated[str, Meta(pattern=_TEXT)], ...], help_text]
    if kind in (str, Path):
        return Annotated[str, Meta(pattern=_TEXT, description=meta.description)]
    if kind is bool:
        return Annotated[bool, help_text]
    return Annotated[kind, Meta(ge=meta.ge, le=meta.le, description=meta.description)]
