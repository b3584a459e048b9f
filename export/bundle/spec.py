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
    steps = [1, 2]
    batch = [1, 17]
    largest = [576, 1024]                   # optional: height and width of the largest picture
    precision = "fp16-weights"

Precisions are told in `export.graph.precision`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from engine.bundle.fields import BundleError, Fields, Refused, is_whole
from engine.system.plain_file import read_plain
from export.graph.precision import PRECISIONS

KINDS = ("student", "teacher")
_SOUND_PRECISIONS = tuple(p for p in PRECISIONS if p not in ("bf16", "int8"))
_LARGEST = (576, 1024)


@dataclass(frozen=True, slots=True)
class SeparatorPart:
    """The separator to export."""

    checkpoint: Path
    precision: str


@dataclass(frozen=True, slots=True)
class EncoderPart:
    """The encoder to export, with the vocabulary that its text tower makes."""

    checkpoint: Path
    precision: str
    batch: tuple[int, int]
    """Fewest and most windows in one call."""
    recordings: Path | None
    """Folder of the sounds it learned from, or None."""


@dataclass(frozen=True, slots=True)
class GeneratorPart:
    """The generators to export, one for each number of steps."""

    checkpoint: Path
    kind: str
    """One of KINDS: a student takes large steps, a teacher small guided ones."""
    autoencoder: Path
    decoder: Path | None
    steps: tuple[int, ...]
    batch: tuple[int, int]
    """Fewest and most pictures in one call."""
    largest: tuple[int, int]
    """(height, width) of the largest picture, in pixels."""
    precision: str


@dataclass(frozen=True, slots=True)
class BundleSpec:
    """A bundle to export."""

    name: str
    licence: str
    separator: SeparatorPart
    encoder: EncoderPart
    generator: GeneratorPart

    def checkpoints(self) -> tuple[Path, ...]:
        """Every checkpoint it names."""
        painter = self.generator
        found = (self.separator.checkpoint, self.encoder.checkpoint, painter.checkpoint,
                 painter.autoencoder, painter.decoder)  # fmt: skip
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
        return _spec(Fields(data, ""), path.parent, data)
    except Refused as error:
        raise BundleError(f"{path}: {error}") from error


def _spec(top: Fields, home: Path, data: dict[str, object]) -> BundleSpec:
    spec = BundleSpec(
        name=top.text("name"),
        licence=top.text("licence"),
        separator=_separator(top.fields("separator"), home),
        encoder=_encoder(top.fields("encoder"), home, _given(data, "encoder")),
        generator=_generator(top.fields("generator"), home, _given(data, "generator")),
    )
    top.done()
    return spec


def _given(data: dict[str, object], table: str) -> set[str]:
    """Names of the fields that stand in a table."""
    found = data.get(table)
    return set(found) if isinstance(found, dict) else set()


def _separator(fields: Fields, home: Path) -> SeparatorPart:
    part = SeparatorPart(
        home / fields.text("checkpoint"), _choice(fields, "precision", _SOUND_PRECISIONS)
    )
    fields.done()
    return part


def _encoder(fields: Fields, home: Path, given: set[str]) -> EncoderPart:
    part = EncoderPart(
        checkpoint=home / fields.text("checkpoint"),
        precision=_choice(fields, "precision", _SOUND_PRECISIONS),
        batch=_bounds(fields, "batch"),
        recordings=home / fields.text("recordings") if "recordings" in given else None,
    )
    fields.done()
    return part


def _generator(fields: Fields, home: Path, given: set[str]) -> GeneratorPart:
    steps = fields.list("steps")
    if not steps or not all(is_whole(n) and 0 < n <= 64 for n in steps):
        raise Refused("generator.steps must hold whole numbers 1 to 64")
    if steps != sorted(set(steps)):
        raise Refused("generator.steps must ascend")
    largest = fields.list("largest") if "largest" in given else list(_LARGEST)
    if len(largest) != 2 or not all(is_whole(n) and 64 <= n <= 4096 and n % 32 == 0
                                    for n in largest):  # fmt: skip
        raise Refused("generator.largest must be [height, width], multiples of 32 from 64 to 4096")
    part = GeneratorPart(
        checkpoint=home / fields.text("checkpoint"),
        kind=_choice(fields, "kind", KINDS),
        autoencoder=home / fields.text("autoencoder"),
        decoder=home / fields.text("decoder") if "decoder" in given else None,
        steps=tuple(steps),
        batch=_bounds(fields, "batch"),
        largest=(largest[0], largest[1]),
        precision=_choice(fields, "precision", PRECISIONS),
    )
    fields.done()
    return part


def _choice(fields: Fields, name: str, known: tuple[str, ...]) -> str:
    value = fields.text(name)
    if value not in known:
        raise Refused(f'{fields.where}.{name} is "{value}", must be one of {", ".join(known)}')
    return value


def _bounds(fields: Fields, name: str) -> tuple[int, int]:
    given = fields.list(name)
    if len(given) != 2 or not all(is_whole(n) and 1 <= n <= 1024 for n in given):
        raise Refused(f"{fields.where}.{name} must be [fewest, most], from 1 to 1024")
    if given[0] >= given[1]:
        raise Refused(f"{fields.where}.{name} must be [fewest, most], the first the smaller")
    return given[0], given[1]
