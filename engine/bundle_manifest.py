"""What bundle.json says, checked field by field.

A manifest is read strictly: every field must be there, of its type and in its range, and no
other field may be there, so that a typing mistake is found when the bundle is opened and not
when the show has run for an hour.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bundle_fields import Fields, Refused, is_whole, shown
from engine.runtimes.model import Dimension, TensorSpec

MANIFEST_NAME = "bundle.json"
SCHEMA = 1
ROLES = ("separator", "encoder", "generator", "vocabulary", "external-data", "card")
MODEL_ROLES = ("separator", "encoder", "generator")

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

    sizes: tuple[tuple[int, int], ...]
    """(height, width) in pixels, largest first."""
    latent_channels: int
    latent_factor: int
    """A picture of (h, w) is painted from noise of (h / factor, w / factor)."""
    steps: tuple[int, ...]
    """Sampler steps there is a generator for, ascending."""


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
    """Shape and type of a vocabulary."""


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

    def file(self, role: str, steps: int | None = None) -> FileSpec:
        """The file with this role (and these sampler steps). Raises KeyError if there is none."""
        for spec in self.files.values():
            if spec.role == role and (steps is None or spec.steps == steps):
                return spec
        raise KeyError(role)


def parse_manifest(raw: bytes) -> Manifest:
    """The manifest in the bytes of a bundle.json. Raises Refused, saying which field is wrong."""
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(f"is no JSON ({error})") from error
    top = Fields(data, "")
    schema = top.integer("schema", 1, 1_000_000)
    if schema != SCHEMA:
        raise Refused(f"has schema {schema}, this program reads schema {SCHEMA}")
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
    sizes = []
    for i, size in enumerate(fields.list("sizes")):
        if (
            not isinstance(size, list)
            or len(size) != 2
            or not all(is_whole(n) and 0 < n <= 4096 and n % factor == 0 for n in size)
        ):
            raise Refused(
                f"pictures.sizes[{i}] must be [height, width], each a multiple of "
                f"{factor} up to 4096, not {shown(size)}"
            )
        sizes.append((size[0], size[1]))
    if not sizes or sizes != sorted(sizes, key=lambda s: -s[0] * s[1]):
        raise Refused("pictures.sizes must hold at least one size, largest first")
    steps = fields.list("steps")
    if not steps or not all(is_whole(n) and 0 < n <= 64 for n in steps):
        raise Refused(f"pictures.steps must hold whole numbers 1 to 64, not {shown(steps)}")
    if steps != sorted(set(steps)):
        raise Refused(f"pictures.steps must ascend, not {shown(steps)}")
    spec = PictureSpec(
        tuple(sizes), fields.integer("latent_channels", 1, 256), factor, tuple(steps)
    )
    fields.done()
    return spec


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
        array=_tensor(fields) if role == "vocabulary" else None,
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
    for role in ("separator", "encoder", "vocabulary"):
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
