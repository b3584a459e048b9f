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
from typing import Any

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from engine.bundle.fields import Fields, Refused, is_whole, shown
from engine.runtimes.model import Dimension, TensorSpec

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

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SeparatorSpec:
    """How the separator streams."""

    latency_samples: int
    """Output sample i belongs to input sample i - latency_samples."""
    frame_samples: int
    """Inputs must be a multiple of this long."""
    state_size: int
    """Numbers carried from one call to the next; zeros at the start."""


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """What the generators can paint."""

    scene: tuple[int, int]
    """(height, width) in pixels of the picture of all sources."""
    panel: tuple[int, int]
    """The same of a picture of one source."""
    latent_channels: int
    latent_factor: int
    """A picture of (h, w) is painted from noise of (h / factor, w / factor)."""
    steps: tuple[int, ...]
    """Sampler steps there is a generator for, ascending."""
    looks: int
    """Drawings there are of each subject."""
    lights: tuple[str, ...] = LIGHTS
    seasons: tuple[str, ...] = SEASONS
    styles: tuple[str, ...] = STYLES

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

    def shaped(self, aspect: float, size: float = 1.0) -> PictureSpec:
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

    name: str
    licence: str
    sample_rate_hz: int
    window_s: float
    """Seconds of sound the models were made for."""
    hop_s: float
    sources: int
    """Separator slots, and tokens a picture can have."""
    embedding_dim: int
    labels: tuple[str, ...]
    label_temperature: float
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
    top = Fields(data, "")
    schema = top.integer("schema", 1, 1_000_000)
    if schema != SCHEMA:
        age = "an older" if schema < SCHEMA else "a newer"
        raise Refused(
            f"has schema {schema}, made for {age} Soundglass; this one reads schema {SCHEMA}"
        )
    top.text("seal")
    manifest = Manifest(
        name=top.text("name"),
        licence=top.text("licence"),
        sample_rate_hz=top.integer("sample_rate_hz", 8000, 192_000),
        window_s=top.number("window_s", 0.25, 60.0),
        hop_s=top.number("hop_s", 0.02, 10.0),
        sources=top.integer("sources", 1, 16),
        embedding_dim=top.integer("embedding_dim", 2, 4096),
        labels=top.texts("labels"),
        label_temperature=top.number("label_temperature", 1e-4, 10.0),
        separator=_separator(top.fields("separator")),
        pictures=_pictures(top.fields("pictures")),
        files=_files(top.fields("files")),
        training=top.mapping("training"),
        measured=top.mapping("measured"),
        credits=tuple(
            Fields(c, f"credits[{i}]").everything() for i, c in enumerate(top.list("credits"))
        ),
    )
    top.done()
    _check_whole(manifest)
    return manifest


def _separator(fields: Fields) -> SeparatorSpec:
    spec = SeparatorSpec(
        latency_samples=fields.integer("latency_samples", 0, 1_000_000),
        frame_samples=fields.integer("frame_samples", 1, 1_000_000),
        state_size=fields.integer("state_size", 1, 100_000_000),
    )
    fields.done()
    return spec


def _pictures(fields: Fields) -> PictureSpec:
    factor = fields.integer("latent_factor", 1, 64)
    steps = fields.list("steps")
    if not steps or not all(is_whole(n) and 0 < n <= 64 for n in steps):
        raise Refused(f"pictures.steps must hold whole numbers 1 to 64, not {shown(steps)}")
    if steps != sorted(set(steps)):
        raise Refused(f"pictures.steps must ascend, not {shown(steps)}")
    spec = PictureSpec(
        scene=_size(fields, "scene", factor),
        panel=_size(fields, "panel", factor),
        latent_channels=fields.integer("latent_channels", 1, 256),
        latent_factor=factor,
        steps=tuple(steps),
        looks=fields.integer("looks", 1, 64),
        lights=_names(fields, "lights", LIGHTS),
        seasons=_names(fields, "seasons", SEASONS),
        styles=_names(fields, "styles", STYLES),
    )
    fields.done()
    return spec


def _size(fields: Fields, name: str, factor: int) -> tuple[int, int]:
    size = fields.list(name)
    if len(size) != 2 or not all(is_whole(n) and 0 < n <= 4096 and n % factor == 0 for n in size):
        raise Refused(
            f"pictures.{name} must be [height, width], each a multiple of {factor} up to 4096, "
            f"not {shown(size)}"
        )
    return size[0], size[1]


def _names(fields: Fields, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Names in the order in which the generator takes them, which is this program's."""
    names = fields.texts(name)
    if names != known:
        raise Refused(f"pictures.{name} must be {', '.join(known)}, not {shown(list(names))}")
    return names


def _files(fields: Fields) -> dict[str, FileSpec]:
    files = {}
    for name in fields.everything():
        if not _FILE_NAME.fullmatch(name) or name == MANIFEST_NAME:
            raise Refused(f'files lists "{name}", which is not a plain file name in the bundle')
        files[name] = _file(name, fields.fields(name))
    return files


def _file(name: str, fields: Fields) -> FileSpec:
    role = fields.text("role")
    if role not in ROLES:
        raise Refused(f'files.{name}.role is "{role}", must be one of {", ".join(ROLES)}')
    sha256 = fields.text("sha256")
    if not _SHA256.fullmatch(sha256):
        raise Refused(f"files.{name}.sha256 must be 64 lower-case hexadecimal digits")
    is_model = role in MODEL_ROLES
    spec = FileSpec(
        name=name,
        role=role,
        sha256=sha256,
        bytes=fields.integer("bytes", 1, 1 << 40),
        precision=fields.text("precision") if is_model else "",
        steps=fields.integer("steps", 1, 64) if role == "generator" else None,
        inputs=_tensors(fields.fields("inputs")) if is_model else {},
        outputs=_tensors(fields.fields("outputs")) if is_model else {},
        array=_tensor(fields) if role in ARRAY_ROLES else None,
    )
    fields.done()
    return spec


def _tensors(fields: Fields) -> dict[str, TensorSpec]:
    tensors = {}
    for name in fields.everything():
        one = fields.fields(name)
        tensors[name] = _tensor(one)
        one.done()
    return tensors


def _tensor(fields: Fields) -> TensorSpec:
    shape: list[Dimension] = []
    for d in fields.list("shape"):
        if not (is_whole(d) and d > 0) and not (isinstance(d, str) and d):
            raise Refused(
                f"{fields.where}.shape must hold sizes and names of free sizes, not {shown(d)}"
            )
        shape.append(d)
    return TensorSpec(tuple(shape), fields.text("dtype"))


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
