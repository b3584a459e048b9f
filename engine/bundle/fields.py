"""A JSON or TOML object as a dataclass, each field checked for its type and range.

The dataclass is the schema: a field is required unless it has a default, and no other may be
there. Types are checked by msgspec, a field at a time, so that the complaint can name the field
by its whole path, and the nearest one where it is misspelt.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from engine.system.terminal import harmless

T = TypeVar("T")
Reader = Callable[[Any, str], Any]
"""Returns what a value at a path in the object stands for, or raises Refused."""

Text = Annotated[str, Meta(pattern=r"\S")]
"""Text that is not empty."""


class BundleError(ValueError):
    """A bundle cannot be used. One line that names the bundle, the file at fault and the remedy."""


class Refused(BundleError):  # noqa: N818 - a BundleError in the making
    """A manifest's fault, before the bundle's name and the remedy are known."""


def must(what: str) -> Meta:
    """What a field's value must do or be, for its complaint: "hold texts only"."""
    return Meta(extra={"must": what})


def read(kind: type[T], data: object, where: str = "", /, **readers: Reader) -> T:
    """Return an object as a dataclass; raise Refused, naming the first field that is wrong.

    where: path of the object, empty for the whole. readers: for fields that no type can tell.
    """
    given = as_object(data, where)
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for each in fields(kind):  # pyright: ignore[reportArgumentType]
        name, path = each.name, f"{where}.{each.name}" if where else each.name
        if name in given:
            reader = readers.get(name, partial(value, hints[name]))
            values[name] = reader(given[name], path)
        elif each.default is MISSING:
            near = difflib.get_close_matches(name, given.keys() - values.keys(), 1)
            hint = f' (did you mean that by "{near[0]}"?)' if near else ""
            raise Refused(f"lacks {path}{hint}")
    for name in given:
        if name not in values:
            raise Refused(f"has an unknown field {f'{where}.' if where else ''}{name}")
    return kind(**values)


def value(kind: Any, given: object, where: str) -> Any:
    """Return one value in the type of its field; raise Refused, naming it by its path."""
    plain, meta = _bare(kind)
    if is_dataclass(plain) and isinstance(plain, type):
        return read(plain, given, where)
    if get_origin(plain) is Mapping:
        items, kind = as_object(given, where).items(), get_args(plain)[1]
        if kind is Any:
            return dict(items)
        return {name: value(kind, each, f"{where}.{name}") for name, each in items}
    if plain is Path:
        return Path(value(Text, given, where))
    if get_origin(plain) is tuple and not isinstance(given, list):
        raise Refused(f"{where} must be a list, not {quote_value(given)}")
    try:
        found = msgspec.convert(given, kind)
    except (msgspec.ValidationError, ValueError) as error:  # the latter: text that is no Unicode
        wrong = quote_value(_first_wrong(plain, given))
        raise Refused(f"{where} must {_words(plain, meta)}, not {wrong}") from error
    for text in found if isinstance(found, tuple) else (found,):
        if isinstance(text, str):
            _check_readable(text, where)
    return found


def as_object(data: object, where: str) -> dict[str, Any]:
    """Return an object as it is, whatever it holds."""
    if not isinstance(data, dict):
        raise Refused(f"{where or 'it'} must be an object, not {quote_value(data)}")
    return data


def one_of(known: tuple[str, ...]) -> Reader:
    """Return a reader of one of the known words."""

    def choose(given: Any, where: str) -> str:
        word = value(Text, given, where)
        if word not in known:
            raise Refused(f'{where} is "{word}", must be one of {", ".join(known)}')
        return word

    return choose


def quote_value(value: object) -> str:
    """A JSON value as an error message shows it, cut to 40 characters."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return "a value far too long"
    return text if len(text) <= 40 else text[:37] + "..."


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _bare(kind: Any) -> tuple[Any, Meta | None]:
    """A field's type without `Annotated` and `| None`, and what is said about it."""
    meta = None
    if get_origin(kind) is Annotated:
        kind, meta = get_args(kind)[:2]
    if isinstance(kind, UnionType):
        others = [each for each in get_args(kind) if each is not type(None)]
        kind = others[0] if len(others) == 1 else kind
    return kind, meta


def _first_wrong(plain: Any, given: Any) -> Any:
    """The item at fault in a list of any length, which may be long; else all that was given."""
    if get_origin(plain) is tuple and Ellipsis in get_args(plain):
        for each in given:
            try:
                msgspec.convert(each, get_args(plain)[0])
            except (msgspec.ValidationError, ValueError):
                return each
    return given


def _words(plain: Any, meta: Meta | None) -> str:
    if meta is not None and meta.extra:
        return meta.extra["must"]
    if plain in (int, float) and meta is not None:
        what = "a whole number" if plain is int else "a number"
        low, high = (f"{n:g}" if isinstance(n, float) else f"{n}" for n in (meta.ge, meta.le))
        return f"be {what} from {low} to {high}"
    return "be text"


def _check_readable(text: str, where: str) -> None:
    """Refuse text that holds what acts on a terminal, line breaks aside."""
    if any(harmless(line) != line for line in text.split("\n")):
        raise Refused(f"{where} holds characters that cannot be read: {quote_value(text)}")
