"""What a bundle is made of: a small TOML file, read strictly.

    name = "picturebook"
    licence = "CC-BY-4.0"

    [separator]
    checkpoint = "../runs/separator.pt"     # paths start at this file
    precision = "fp32"

    [encoder]
    checkpoint = "../runs/encoder.pt"
    precision = "fp32"
    batch = [1, 64]                         # bounds, both included
    recordings = "../sounds"                # optional: whose authors the card thanks

    [generator]
    checkpoint = "../runs/student.pt"
    kind = "student"                        # or teacher
    autoencoder = "../runs/autoencoder.pt"
    decoder = "../runs/decoder.pt"          # optional: the refined one
    finish = "../runs/finish.pt"
    lands = "../runs/lands.pt"              # optional: those that the generator remembers
    steps = [1, 2]
    batch = [1, 17]
    largest = [1152, 2048]                  # optional: height and width of the largest picture
    precision = "fp16-weights"

Precisions are told in `export.graph.precision`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

from msgspec import Meta

from engine.bundle.fields import BundleError, Refused, Text, must, one_of, read
from engine.system.plain_file import read_plain
from export.graph.precision import PRECISIONS

KINDS = ("student", "teacher")
_SOUND_PRECISIONS = tuple(p for p in PRECISIONS if p not in ("bf16", "int8"))
_LARGEST = (1152, 2048)
_SIDES = "be [height, width], multiples of 64 from 128 to 4096"

_Count = Annotated[int, Meta(ge=1, le=1024)]
_Side = Annotated[int, Meta(ge=128, le=4096, multiple_of=64)]
Steps = Annotated[
    tuple[Annotated[int, Meta(ge=1, le=64)], ...], must("hold whole numbers 1 to 64")
]
Bounds = Annotated[tuple[_Count, _Count], must("be [fewest, most], from 1 to 1024")]

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class SeparatorPart:
    """The separator to export."""

    checkpoint: Path
    precision: str


@dataclass(frozen=True, slots=True)
class EncoderPart:
    """The encoder to export, with the words that it has learnt."""

    checkpoint: Path
    precision: str
    batch: Bounds
    """Fewest and most windows in one call."""
    recordings: Path | None = None
    """Folder of the sounds it learned from, or None."""


@dataclass(frozen=True, slots=True)
class GeneratorPart:
    """The generators to export, one for each number of steps."""

    checkpoint: Path
    kind: str
    """One of KINDS: a student takes large steps, a teacher small guided ones."""
    autoencoder: Path
    steps: Steps
    batch: Bounds
    """Fewest and most pictures in one call."""
    precision: str
    finish: Path
    """The last stage, which lays the drawings and makes the pixels."""
    decoder: Path | None = None
    lands: Path | None = None
    """Those that the generator remembers, for one or two steps of a student."""
    largest: Annotated[tuple[_Side, _Side], must(_SIDES)] = _LARGEST
    """(height, width) of the largest picture, in pixels."""


@dataclass(frozen=True, slots=True)
class BundleSpec:
    """A bundle to export."""

    name: Text
    licence: Text
    separator: SeparatorPart
    encoder: EncoderPart
    generator: GeneratorPart

    def checkpoints(self) -> tuple[Path, ...]:
        """Every checkpoint it names."""
        painter = self.generator
        found = (self.separator.checkpoint, self.encoder.checkpoint, painter.checkpoint,
                 painter.autoencoder, painter.decoder, painter.finish, painter.lands)  # fmt: skip
        return tuple(path for path in found if path is not None)


def read_spec(path: Path) -> BundleSpec:
    """The spec in a file. Raises BundleError, naming the file and the line or field at fault."""
    try:
        data = tomllib.loads(read_plain(path, 1 << 20).decode("utf-8-sig"))
    except OSError as error:
        raise BundleError(f"{path} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is no TOML ({error})") from error
    try:
        return _spec(data, path.parent)
    except Refused as error:
        raise BundleError(f"{path}: {error}") from error


def _spec(data: dict[str, Any], home: Path) -> BundleSpec:
    def separator(given: Any, where: str) -> SeparatorPart:
        part = read(SeparatorPart, given, where, precision=one_of(_SOUND_PRECISIONS))
        return _at(home, part)

    def encoder(given: Any, where: str) -> EncoderPart:
        part = read(EncoderPart, given, where, precision=one_of(_SOUND_PRECISIONS))
        _check_bounds(part.batch, where)
        return _at(home, part)

    def generator(given: Any, where: str) -> GeneratorPart:
        part = read(
            GeneratorPart, given, where, kind=one_of(KINDS), precision=one_of(PRECISIONS)
        )
        if not part.steps:
            raise Refused(f"{where}.steps must hold whole numbers 1 to 64")
        if list(part.steps) != sorted(set(part.steps)):
            raise Refused(f"{where}.steps must ascend")
        if part.lands and (part.kind != "student" or part.steps[-1] > 2):
            raise Refused(f"{where}.lands go with a student in one or two steps")
        _check_bounds(part.batch, where)
        return _at(home, part)

    return read(BundleSpec, data, separator=separator, encoder=encoder, generator=generator)


def _at(home: Path, part: Part) -> Part:
    """The part with every path in it starting at a folder."""
    given = {each.name: getattr(part, each.name) for each in fields(part)}  # pyright: ignore
    found = {name: home / path for name, path in given.items() if isinstance(path, Path)}
    return replace(part, **found)  # pyright: ignore


def _check_bounds(batch: tuple[int, int], where: str) -> None:
    if batch[0] >= batch[1]:
        raise Refused(f"{where}.batch must be [fewest, most], the first the smaller")
