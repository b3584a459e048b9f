"""What each model of a bundle takes and gives, and whether a model does.

Checked twice: the manifest's shapes against the contract when a bundle is opened, and the
shapes that the runtime finds in the ONNX file against the manifest's when a model is.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.bundle.fields import Refused
from engine.bundle.manifest import FileSpec, Manifest
from engine.runtimes.model import Model, TensorSpec

REQUIRED = {"generator": ("tokens", "weights", "noise")}
"""Inputs that every model of a role has; the others are there where a model makes use of them."""

_FREE = "?"


def check_contract(manifest: Manifest) -> None:
    """Raise Refused, naming the tensor, where a file's declared shapes break the contract."""
    sources, dim = manifest.sources, manifest.embedding_dim
    pictures = manifest.pictures
    state = manifest.separator.state_size
    labels = len(manifest.labels)
    if "presence" not in manifest.file("encoder").outputs:
        raise Refused(
            "its encoder does not say which labels sound, as those of older bundles; give it one "
            "that does: python -m export.ears FOLDER --encoder runs/presence.pt"
        )
    contract = {
        "separator": (
            {"audio": _f32(1, _FREE), "state": _f32(1, state)},
            {"sources": _f32(1, sources, _FREE), "next_state": _f32(1, state)},
        ),
        "encoder": (
            {"audio": _f32(_FREE, _FREE)},
            {"embedding": _f32(_FREE, dim), "presence": _f32(_FREE, labels + 1)},
        ),
        "generator": (
            {"tokens": _f32(_FREE, sources, dim), "weights": _f32(_FREE, sources),
             "places": _f32(_FREE, sources, 4), "looks": _f32(_FREE, sources, pictures.looks),
             "atmosphere": _f32(_FREE, pictures.atmosphere_size),
             "noise": _f32(_FREE, pictures.latent_channels, _FREE, _FREE)},
            {"picture": TensorSpec((_FREE, _FREE, _FREE, 3), "uint8")},
        ),
    }  # fmt: skip
    arrays = {"vocabulary": _f32(labels, dim), "places": _f32(labels, 2, 2, 2)}
    for name, spec in manifest.files.items():
        if spec.role in contract:
            inputs, outputs = contract[spec.role]
            inputs = {
                input_name: wanted
                for input_name, wanted in inputs.items()
                if input_name in REQUIRED.get(spec.role, inputs) or input_name in spec.inputs
            }
            _compare(f"files.{name}.inputs", inputs, spec.inputs)
            _compare(f"files.{name}.outputs", outputs, spec.outputs)
        if spec.array is not None:
            wanted = arrays[spec.role]
            _compare(f"files.{name}", {"shape": wanted}, {"shape": spec.array})


def check_model(spec: FileSpec, model: Model) -> None:
    """Raise Refused, naming the tensor, where an opened model is not what the manifest says."""
    _compare("input", spec.inputs, model.inputs)
    # A runtime may know less of an output's shape than the exporter wrote down, never other.
    _compare("output", spec.outputs, model.outputs, may_be_free=True)


def _f32(*shape: int | str) -> TensorSpec:
    return TensorSpec(shape, "float32")


def _compare(
    what: str,
    wanted: Mapping[str, TensorSpec],
    found: Mapping[str, TensorSpec],
    may_be_free: bool = False,
) -> None:
    if set(wanted) != set(found):
        raise Refused(f"{what}: has {_names(found)}, must have {_names(wanted)}")
    for name, spec in wanted.items():
        if not _same(spec, found[name], may_be_free):
            raise Refused(f"{what} {name} is {found[name]}, must be {spec}")


def _same(wanted: TensorSpec, found: TensorSpec, may_be_free: bool) -> bool:
    if wanted.dtype != found.dtype or len(wanted.shape) != len(found.shape):
        return False
    for want, have in zip(wanted.shape, found.shape, strict=True):
        if isinstance(have, str):
            if isinstance(want, int) and not may_be_free:
                return False
        elif want != have:
            # Also a fixed size where a free one is wanted: the model could not follow.
            return False
    return True


def _names(tensors: Mapping[str, TensorSpec]) -> str:
    return ", ".join(tensors) or "none"
