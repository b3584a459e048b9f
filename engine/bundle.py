"""Bundles: a folder with the exported models, their manifest and their vocabulary.

Opening one verifies everything there is to verify before anything of it is used: the manifest
field by field, its seal, the size and SHA-256 of every file, the vocabulary's shape and values,
and, when the models are opened, the names, shapes and types that the runtime finds in them.
"""

from __future__ import annotations

import difflib
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.bundle_contract import check_contract, check_model
from engine.bundle_fields import BundleError, Refused
from engine.bundle_manifest import MANIFEST_NAME, FileSpec, Manifest, parse_manifest
from engine.bundle_seal import is_sealed
from engine.packets import F32
from engine.runtimes.choose import Trial, load_model, pick_runtime
from engine.runtimes.model import Model, ModelError

__all__ = ["BUNDLES", "Bundle", "BundleError", "BundleModels", "available_bundles", "load_bundle"]

BUNDLES = Path(__file__).with_name("bundles")
"""Folder with the bundles that come with the program."""

_REMEDY = "install the program again, or name another bundle with --bundle"


@dataclass(frozen=True)
class BundleModels:
    """A bundle's models, opened and checked against the manifest."""

    separator: Model
    encoder: Model
    generators: Mapping[int, Model]
    """Sampler steps to generator."""
    runtime: str
    """Runtime that all of them use."""

    def close(self) -> None:
        """Let go of all models."""
        for model in (self.separator, self.encoder, *self.generators.values()):
            model.close()


@dataclass(frozen=True)
class Bundle:
    """A verified bundle."""

    folder: Path
    manifest: Manifest
    vocabulary: F32
    """(labels, d) unit text embeddings, read-only."""

    @property
    def name(self) -> str:
        """Name the bundle gives itself."""
        return self.manifest.name

    def path(self, role: str, steps: int | None = None) -> Path:
        """The file with a role (and sampler steps)."""
        return self.folder / self.manifest.file(role, steps).name

    def models(self, runtime: str = "auto", threads: int | None = None) -> BundleModels:
        """Open all models.

        runtime: "auto", "onnxruntime" or "openvino"; auto is the faster one on this machine,
        measured once. threads: processor threads for each model, None for all cores. Raises
        BundleError when a model cannot be opened or is not what the manifest says, RuntimeMissing
        when the runtime is not there.
        """
        chosen = pick_runtime(self.trials(), threads) if runtime == "auto" else runtime
        opened: list[Model] = []

        def open_one(spec: FileSpec) -> Model:
            model = self.open(spec, chosen, threads)
            opened.append(model)
            return model

        try:
            return BundleModels(
                separator=open_one(self.manifest.file("separator")),
                encoder=open_one(self.manifest.file("encoder")),
                generators={
                    steps: open_one(self.manifest.file("generator", steps))
                    for steps in self.manifest.pictures.steps
                },
                runtime=chosen,
            )
        except BaseException:
            for model in opened:
                model.close()
            raise

    def trials(self) -> tuple[Trial, ...]:
        """What to measure a runtime by: the encoder and the best generator with a full batch."""
        m = self.manifest
        rng = np.random.default_rng(0)
        rows = 1 + m.sources
        height, width = (n // m.pictures.latent_factor for n in m.pictures.sizes[0])
        samples = round(m.window_s * m.sample_rate_hz)

        def normal(*shape: int) -> F32:
            return rng.standard_normal(shape, dtype=np.float32)

        return (
            Trial(self.path("encoder"), {"audio": 0.1 * normal(rows, samples)}),
            Trial(
                self.path("generator", m.pictures.steps[-1]),
                {
                    "tokens": normal(rows, m.sources, m.embedding_dim) / m.embedding_dim**0.5,
                    "weights": np.ones((rows, m.sources), np.float32),
                    "noise": normal(rows, m.pictures.latent_channels, height, width),
                },
            ),
        )

    def open(self, spec: FileSpec, runtime: str, threads: int | None = None) -> Model:
        """Open one model file and check it. Raises as `models` does."""
        try:
            model = load_model(self.folder / spec.name, runtime, threads)
        except ModelError as error:
            if error.__class__ is not ModelError:
                raise
            raise _fault(self.folder, spec.name, f"cannot be opened: {error}") from error
        try:
            check_model(spec, model)
        except Refused as error:
            model.close()
            raise _fault(self.folder, spec.name, str(error)) from error
        return model


def available_bundles() -> tuple[str, ...]:
    """Names of the bundles that come with the program."""
    if not BUNDLES.is_dir():
        return ()
    return tuple(sorted(p.parent.name for p in BUNDLES.glob(f"*/{MANIFEST_NAME}")))


def find_bundle(name_or_folder: str | Path) -> Path:
    """Folder of a bundle given by name or by folder. Raises BundleError, telling what there is."""
    text = str(name_or_folder)
    if text in available_bundles():
        return BUNDLES / text
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        if (folder / MANIFEST_NAME).is_file():
            return folder
        raise BundleError(
            f"{folder} is no bundle: it has no {MANIFEST_NAME}; name a folder that has one"
        )
    if folder.name == MANIFEST_NAME and folder.is_file():
        return folder.parent
    names = available_bundles()
    near = difflib.get_close_matches(text, names, 1)
    if near:
        remedy = f'did you mean "{near[0]}"?'
    elif names:
        remedy = f"there is {', '.join(names)}, or give a bundle's folder"
    else:
        remedy = "none is installed; give a bundle's folder"
    raise BundleError(f'there is no bundle "{text}"; {remedy}')


def load_bundle(name_or_folder: str | Path) -> Bundle:
    """Find a bundle by name or folder and verify all of it but the insides of its models.

    Raises BundleError: one line that names the file at fault and the remedy.
    """
    folder = find_bundle(name_or_folder)
    raw = _read(folder, MANIFEST_NAME)
    try:
        manifest = parse_manifest(raw)
        check_contract(manifest)
    except Refused as error:
        raise _fault(folder, MANIFEST_NAME, str(error)) from error
    if not is_sealed(raw):
        raise _fault(folder, MANIFEST_NAME, "was changed after it was sealed")
    for spec in manifest.files.values():
        _check_file(folder, spec)
    return Bundle(folder, manifest, _vocabulary(folder, manifest))


def _check_file(folder: Path, spec: FileSpec) -> None:
    path = folder / spec.name
    try:
        size = path.stat().st_size
        if size != spec.bytes:
            raise _fault(folder, spec.name, f"has {size} bytes, the manifest says {spec.bytes}")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(folder, spec.name, error) from error
    if digest != spec.sha256:
        raise _fault(folder, spec.name, "is damaged: its SHA-256 is not the one in the manifest")


def _vocabulary(folder: Path, manifest: Manifest) -> F32:
    spec = manifest.file("vocabulary")
    try:
        array = np.load(io.BytesIO(_read(folder, spec.name)), allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise _fault(folder, spec.name, f"is no numpy array ({error})") from error
    if spec.array is None or not isinstance(array, np.ndarray) or not spec.array.fits(array):
        found = f"{array.dtype}{list(array.shape)}" if isinstance(array, np.ndarray) else "archive"
        raise _fault(folder, spec.name, f"is {found}, the manifest says {spec.array}")
    lengths = np.linalg.norm(array, axis=1)
    if not np.isfinite(array).all() or np.abs(lengths - 1).max() > 1e-3:
        raise _fault(folder, spec.name, "has rows that are not of unit length")
    array.flags.writeable = False
    return array


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise _unreadable(folder, name, error) from error


def _fault(folder: Path, name: str, what: str) -> BundleError:
    return BundleError(f"bundle {folder}: {name} {what}; {_REMEDY}")


def _unreadable(folder: Path, name: str, error: OSError) -> BundleError:
    if isinstance(error, FileNotFoundError):
        return _fault(folder, name, "is missing")
    return _fault(folder, name, f"cannot be read ({error.strerror})")
