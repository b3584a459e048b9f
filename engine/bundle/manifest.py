"""What bundle.json says, checked field by field.

A manifest is read strictly: every field must be there, of its type and in its range, and no
other field may be there, so that a typing mistake is found when the bundle is opened and not
when the show has run for an hour.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Annotated, Any

from msgspec import Meta

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from engine.bundle.fields import Refused, Text, as_object, must, one_of, quote_value, read, value
from engine.runtimes.model import TensorSpec

MANIFEST_NAME = "bundle.json"
SCHEMA = 2
ROLES = ("separator", "encoder", "generator", "vocabulary", "places", "external-data", "card")
MODEL_ROLES = ("separator", "encoder", "generator")
ARRAY_ROLES = ("vocabulary", "places")

_SAME_SHAPE = 0.02
"""A window whose shape differs by less, in logarithms, shows the bundle's own shape."""
_LOST = 0.35
"""What a lost share of the pixels weighs against a shape that is off by as much."""
_WIDEST = 4.0
"""Width over height of the widest scene."""

_STEPS = "hold whole numbers 1 to 64"
_SIZE = "be [height, width], each a multiple of latent_factor up to 4096"
Texts = Annotated[tuple[Text, ...], must("hold texts only")]
Sizes = Annotated[
    tuple[Annotated[int, Meta(ge=1)] | Annotated[str, Meta(min_length=1)], ...],
    must("hold sizes and names of free sizes"),
]
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class SeparatorSpec:
    """How the separator streams."""

    latency_samples: Annotated[int, Meta(ge=0, le=1_000_000)]
    """Output sample i belongs to input sample i - latency_samples."""
    frame_samples: Annotated[int, Meta(ge=1, le=1_000_000)]
    """Inputs must be a multiple of this long."""
    state_size: Annotated[int, Meta(ge=1, le=100_000_000)]
    """Numbers carried from one call to the next; zeros at the start."""


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """What the generators can paint."""

    latent_factor: Annotated[int, Meta(ge=1, le=64)]
    """A picture of (h, w) is painted from noise of (h / factor, w / factor)."""
    steps: Annotated[tuple[Annotated[int, Meta(ge=1, le=64)], ...], must(_STEPS)]
    """Sampler steps there is a generator for, ascending."""
    scene: Annotated[tuple[int, int], must(_SIZE)]
    """(height, width) in pixels of the picture of all sources, multiples of the factor."""
    panel: Annotated[tuple[int, int], must(_SIZE)]
    """The same of a picture of one source."""
    latent_channels: Annotated[int, Meta(ge=1, le=256)]
    looks: Annotated[int, Meta(ge=1, le=64)]
    """Drawings there are of each subject."""
    lights: Texts
    seasons: Texts
    styles: Texts

    @property
    def atmosphere_size(self) -> int:
        """Numbers that say which light, season and style it is."""
        return len(self.lights) + len(self.seasons) + len(self.styles)

    def latent(self, size: tuple[int, int]) -> tuple[int, int]:
        """(height, width) of the noise for a picture of (height, width)."""
        return size[0] // self.latent_factor, size[1] // self.latent_factor

    def at(self, size: float) -> PictureSpec:
        """The same in pictures whose sides are about this share of the bundle's own, in (0, 1].

        Latents are of even height and width then, as generators halve them once.
        """
        if size >= 1.0:
            return self
        grain = self._grain

        def smaller(whole: tuple[int, int]) -> tuple[int, int]:
            height, width = (
                min(side, grain * max(1, math.floor(size * side / grain + 0.5))) for side in whole
            )
            return height, width

        return replace(self, scene=smaller(self.scene), panel=smaller(self.panel))

    def reshape(self, aspect: float, size: float = 1.0) -> PictureSpec:
        """The same as `at(size)` in scenes of about this width over height.

        Of no more pixels, so that they take no longer to paint, and of sides up to `longest`.
        """
        usual = self.at(size)
        if abs(math.log(aspect * self.scene[0] / self.scene[1])) < _SAME_SHAPE:
            return usual
        grain, most = self._grain, usual.scene[0] * usual.scene[1]

        def unlike(scene: tuple[int, int]) -> float:
            height, width = scene
            lost = math.log(most / (height * width))
            return abs(math.log(width / height / aspect)) + _LOST * lost

        sides = (range(grain, side + 1, grain) for side in self.longest)
        scenes = [(h, w) for h, w in product(*sides) if h * w <= most and w <= _WIDEST * h]
        return replace(usual, scene=min(scenes, key=unlike)) if scenes else usual

    @property
    def longest(self) -> tuple[int, int]:
        """(height, width) that no scene is taller or wider than, in any shape."""
        return 2 * self.scene[0], 2 * self.scene[1]

    @property
    def _grain(self) -> int:
        return 2 * self.latent_factor


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One file of the bundle."""

    name: str
    role: str
    """One of ROLES."""
    sha256: str
    """64 lower-case hexadecimal digits."""
    bytes: int
    precision: str
    """Of the weights as stored: "float32", "float16"; empty for files without weights."""
    steps: int | None
    """Sampler steps, for a generator."""
    inputs: Mapping[str, TensorSpec]
    outputs: Mapping[str, TensorSpec]
    array: TensorSpec | None
    """Shape and type of what is no model but an array."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything bundle.json says."""

    schema: int
    seal: Text
    """See `engine.bundle.seal`."""
    name: Text
    licence: Text
    sample_rate_hz: Annotated[int, Meta(ge=8000, le=192_000)]
    window_s: Annotated[float, Meta(ge=0.25, le=60.0)]
    """Seconds of sound the models were made for."""
    hop_s: Annotated[float, Meta(ge=0.02, le=10.0)]
    sources: Annotated[int, Meta(ge=1, le=16)]
    """Separator slots, and tokens a picture can have."""
    embedding_dim: Annotated[int, Meta(ge=2, le=4096)]
    labels: Texts
    label_temperature: Annotated[float, Meta(ge=1e-4, le=10.0)]
    """Probabilities are softmax(cosine / temperature)."""
    separator: SeparatorSpec
    pictures: PictureSpec
    files: Mapping[str, FileSpec]
    training: Mapping[str, Any]
    measured: Mapping[str, Any]
    credits: tuple[Mapping[str, Any], ...]

    @property
    def any_shape(self) -> bool:
        """Whether its generators paint scenes of other shapes than their own."""
        return not any(
            isinstance(side, int)
            for spec in self.files.values()
            if spec.role == "generator" and "noise" in spec.inputs
            for side in spec.inputs["noise"].shape[2:]
        )

    def file(self, role: str, steps: int | None = None) -> FileSpec:
        """The file with this role (and these sampler steps). Raises KeyError if there is none."""
        for spec in self.files.values():
            if spec.role == role and (steps is None or spec.steps == steps):
                return spec
        raise KeyError(role)


MOST_BYTES = 16 << 20
"""No bundle.json is as long as this: what is, is something else."""


def parse_manifest(raw: bytes) -> Manifest:
    """The manifest in the bytes of a bundle.json. Raises Refused, saying which field is wrong."""
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(f"is no JSON ({error})") from error
    manifest = read(
        Manifest, data, schema=_schema, pictures=_pictures, files=_files, credits=_credits
    )
    _check_whole(manifest)
    return manifest


def _schema(data: Any, where: str) -> int:
    found = value(Annotated[int, Meta(ge=1, le=1_000_000)], data, where)
    if found != SCHEMA:
        age = "an older" if found < SCHEMA else "a newer"
        raise Refused(
            f"has schema {found}, made for {age} Soundglass; this one reads schema {SCHEMA}"
        )
    return found


@dataclass(frozen=True, slots=True)
class _Tensor:
    shape: Sizes
    dtype: Text


@dataclass(frozen=True, slots=True)
class _File:
    """What bundle.json says about every file."""

    role: str
    sha256: Annotated[
        str, Meta(pattern="^[0-9a-f]{64}$", max_length=64,
                  extra={"must": "be 64 lower-case hexadecimal digits"})
    ]  # fmt: skip
    bytes: Annotated[int, Meta(ge=1, le=1 << 40)]


@dataclass(frozen=True, slots=True)
class _Model(_File):
    precision: Text
    inputs: Mapping[str, _Tensor]
    outputs: Mapping[str, _Tensor]


@dataclass(frozen=True, slots=True)
class _Generator(_Model):
    steps: Annotated[int, Meta(ge=1, le=64)]


@dataclass(frozen=True, slots=True)
class _Array(_File):
    shape: Sizes
    dtype: Text


_KINDS: dict[str, type[_File]] = {
    "separator": _Model, "encoder": _Model, "generator": _Generator,
    "vocabulary": _Array, "places": _Array,
}  # fmt: skip


def _pictures(data: Any, where: str) -> PictureSpec:
    spec = read(PictureSpec, data, where)
    if not spec.steps:
        raise Refused(f"{where}.steps must {_STEPS}, not []")
    if list(spec.steps) != sorted(set(spec.steps)):
        raise Refused(f"{where}.steps must ascend, not {quote_value(spec.steps)}")
    factor = spec.latent_factor
    for name, size in (("scene", spec.scene), ("panel", spec.panel)):
        if not all(0 < n <= 4096 and n % factor == 0 for n in size):
            raise Refused(
                f"{where}.{name} must be [height, width], each a multiple of {factor} up to 4096, "
                f"not {quote_value(size)}"
            )
    # Names in the order in which the generator takes them, which is this program's.
    for name, known in (("lights", LIGHTS), ("seasons", SEASONS), ("styles", STYLES)):
        if getattr(spec, name) != known:
            found = quote_value(getattr(spec, name))
            raise Refused(f"{where}.{name} must be {', '.join(known)}, not {found}")
    return spec


def _credits(data: Any, where: str) -> tuple[Mapping[str, Any], ...]:
    each = value(tuple[Any, ...], data, where)
    return tuple(as_object(one, f"{where}[{i}]") for i, one in enumerate(each))


def _files(data: Any, where: str) -> dict[str, FileSpec]:
    files = {}
    for name, entry in as_object(data, where).items():
        if not _FILE_NAME.fullmatch(name) or name == MANIFEST_NAME:
            raise Refused(f'files lists "{name}", which is not a plain file name in the bundle')
        files[name] = _file(name, entry, f"{where}.{name}")
    return files


def _file(name: str, data: Any, where: str) -> FileSpec:
    role = as_object(data, where).get("role")
    kind = _KINDS.get(role, _File) if isinstance(role, str) else _File
    found = read(kind, data, where, role=one_of(ROLES))
    return FileSpec(
        name, found.role, found.sha256, found.bytes,
        precision=found.precision if isinstance(found, _Model) else "",
        steps=found.steps if isinstance(found, _Generator) else None,
        inputs=_tensors(found.inputs) if isinstance(found, _Model) else {},
        outputs=_tensors(found.outputs) if isinstance(found, _Model) else {},
        array=TensorSpec(found.shape, found.dtype) if isinstance(found, _Array) else None,
    )  # fmt: skip


def _tensors(found: Mapping[str, _Tensor]) -> dict[str, TensorSpec]:
    return {name: TensorSpec(each.shape, each.dtype) for name, each in found.items()}


def _check_whole(manifest: Manifest) -> None:
    """What no field can say alone."""
    if len(set(manifest.labels)) != len(manifest.labels) or not manifest.labels:
        raise Refused("labels must hold at least one label and none twice")
    if manifest.hop_s > manifest.window_s:
        raise Refused(f"hop_s {manifest.hop_s} is longer than window_s {manifest.window_s}")
    roles = [spec.role for spec in manifest.files.values()]
    for role in ("separator", "encoder", *ARRAY_ROLES):
        if roles.count(role) != 1:
            raise Refused(f'files must hold one file with role "{role}", not {roles.count(role)}')
    steps = sorted(s.steps for s in manifest.files.values() if s.steps is not None)
    if steps != list(manifest.pictures.steps):
        raise Refused(
            f"pictures.steps says {list(manifest.pictures.steps)}, "
            f"but there are generators for {steps}"
        )


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON number")
