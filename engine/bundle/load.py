"""Bundles: a folder with the exported models, their manifest, their vocabulary and places.

Opening one verifies everything there is to verify before anything of it is used: the manifest
field by field, its seal, the size and SHA-256 of every file, the arrays' shapes and values,
and, when the models are opened, the names, shapes and types that the runtime finds in them.
"""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.bundle.contract import check_contract, check_model
from engine.bundle.fields import BundleError, Refused
from engine.bundle.manifest import (
    MANIFEST_NAME,
    MODEL_ROLES,
    MOST_BYTES,
    FileSpec,
    Manifest,
    parse_manifest,
)
from engine.bundle.seal import is_sealed
from engine.bundle.spans import spans_of
from engine.packets import F32
from engine.runtimes.choose import Choice, known_choice, pick_runtime
from engine.runtimes.engines.build import Job
from engine.runtimes.engines.provide import compiles, is_ready
from engine.runtimes.measure import Trial
from engine.runtimes.model import MemoryShort, Model, ModelError, RuntimeMissing
from engine.runtimes.names import PROCESSOR
from engine.runtimes.open import check_runtime, load_engine
from engine.runtimes.spec import EngineSpec, file_digest
from engine.system.outside import cut
from engine.system.plain_file import read_plain

__all__ = ["BUNDLES", "Bundle", "BundleError", "BundleModels", "available_bundles", "load_bundle"]

BUNDLES = Path(__file__).parents[1] / "bundles"
"""Folder with the bundles that come with the program."""

_EXACT = ("separator", "encoder")
"""Roles computed in float32 everywhere, so that every machine hears the same."""
_REMEDY = "install the program again, or name another bundle with --bundle"


_ON_PROCESSOR = ("separator",)
"""Roles that stay there whatever the runtime: a hop is over before a device has got it."""


@dataclass
class BundleModels:
    """A bundle's models, opened and checked against the manifest."""

    separator: Model
    encoder: Model
    generators: dict[int, Model]
    """Sampler steps to generator."""
    runtime: str
    """Runtime that they use, but for what stays on the processor."""

    def close(self) -> None:
        """Let go of all models."""
        for model in (self.separator, self.encoder, *self.generators.values()):
            model.close()


@dataclass(frozen=True, slots=True)
class Start:
    """How to begin a show without waiting."""

    runtime: str
    """Ready now."""
    job: Job | None
    """What to build beside the show; None if nothing better than what is ready was asked for."""


@dataclass(frozen=True)
class Bundle:
    """A verified bundle."""

    folder: Path
    manifest: Manifest
    vocabulary: F32
    """(labels, d) unit text embeddings, read-only."""
    places: F32
    """(labels, 2, 2, 2), read-only: scene or panel, at weight 0 or 1, the y of the centre and the
    height of a label's box, in [0, 1] of the picture's height."""

    @property
    def name(self) -> str:
        """Name the bundle gives itself."""
        return self.manifest.name

    @property
    def megabytes(self) -> float:
        """Size of all its files."""
        return sum(file.bytes for file in self.manifest.files.values()) / 1e6

    def path(self, role: str, steps: int | None = None) -> Path:
        """The file with a role (and sampler steps)."""
        return self.folder / self.manifest.file(role, steps).name

    def models(
        self,
        runtime: str = "auto",
        threads: int | None = None,
        steps: Sequence[int] | None = None,
        exact: bool = False,
        engines: Path | None = None,
    ) -> BundleModels:
        """Open the models; what has to be compiled and is not yet, is waited for.

        runtime: "auto" or one of names.RUNTIMES; auto is the fastest one on this machine,
        measured once. threads: processor threads for each model, None for all cores. steps: the
        generators to open, None for all. exact: paint in float32 too where the chip would rather
        use bfloat16; hearing always does. engines: the folder of compiled engines, None for the
        user's cache. Raises BundleError when a model cannot be opened or is not what the manifest
        says, RuntimeMissing when the runtime is not there.
        """
        chosen = self.choice(threads, exact).runtime if runtime == "auto" else runtime
        wanted = self.manifest.pictures.steps if steps is None else tuple(steps)
        specs = [
            self.manifest.file("separator"),
            self.manifest.file("encoder"),
            *(self.manifest.file("generator", n) for n in wanted),
        ]
        # Opening is waiting for the most part: all at once is twice as fast.
        with ThreadPoolExecutor(len(specs), "open-model") as pool:
            opening = [
                pool.submit(self.open, spec, chosen, threads, exact, engines) for spec in specs
            ]
        faults = [error for o in opening if (error := o.exception()) is not None]
        if faults:
            for each in opening:
                if each.exception() is None:
                    each.result().close()
            raise faults[0]
        separator, encoder, *generators = (o.result() for o in opening)
        return BundleModels(
            separator, encoder, dict(zip(wanted, generators, strict=True)), chosen
        )

    def choice(self, threads: int | None = None, exact: bool = False) -> Choice:
        """What runtime="auto" stands for on this machine, and why; measured once."""
        return pick_runtime(self._trials(exact), threads)

    def start(
        self, runtime: str, folder: Path, threads: int | None = None, exact: bool = False
    ) -> Start:
        """What to open now, and what to build into `folder` meanwhile; waits for neither.

        Raises RuntimeMissing when the runtime is not there.
        """
        asked = runtime
        if runtime == "auto":
            known = known_choice(self._trials(exact), threads)
            asked = known.runtime if known is not None else runtime
        candidates = PROCESSOR if asked == "auto" else (asked,)
        engines = {name: self.engines(name, threads, exact) for name in candidates}
        if asked != "auto":
            check_runtime(asked)
            if all(is_ready(spec) for spec in engines[asked]):
                return Start(asked, None)
        job = Job(asked, engines, folder, self._trials(exact), threads)
        return Start("onnxruntime", job)

    def engines(
        self, runtime: str, threads: int | None = None, exact: bool = False
    ) -> tuple[EngineSpec, ...]:
        """The engines that a runtime needs for this bundle; () if it compiles none."""
        return tuple(s for s in self.specs(runtime, threads, exact) if compiles(s.runtime))

    def specs(
        self, runtime: str, threads: int | None = None, exact: bool = False
    ) -> tuple[EngineSpec, ...]:
        """How every model is opened for a runtime, in the order of the manifest."""
        models = (s for s in self.manifest.files.values() if s.role in MODEL_ROLES)
        return tuple(self.engine(spec, runtime, threads, exact) for spec in models)

    def engine(
        self, spec: FileSpec, runtime: str, threads: int | None = None, exact: bool = False
    ) -> EngineSpec:
        """How one model file is to be opened for a runtime, whether that compiles it or not."""
        device = runtime.startswith(("tensorrt", "onnxruntime-cuda", "openvino:"))
        stays = device and spec.role in _ON_PROCESSOR
        path = self.folder / spec.name
        spans = spans_of(self.manifest, spec)
        return EngineSpec(
            path, "onnxruntime" if stays else runtime, threads, exact or spec.role in _EXACT, spans
        )

    def open(
        self,
        spec: FileSpec,
        runtime: str,
        threads: int | None = None,
        exact: bool = False,
        engines: Path | None = None,
    ) -> Model:
        """Open one model file and check it. Raises as `models` does."""
        try:
            model = load_engine(self.engine(spec, runtime, threads, exact), engines)
        except (RuntimeMissing, MemoryShort):
            raise
        except ModelError as error:
            raise _fault(self.folder, spec.name, f"cannot be opened: {error}") from error
        try:
            check_model(spec, model)
        except Refused as error:
            model.close()
            raise _fault(self.folder, spec.name, str(error)) from error
        return model

    def _trials(self, exact: bool) -> tuple[Trial, ...]:
        """What to measure a runtime by: hearing at its hop, scenes at 8 Hz, panels at half that."""
        m = self.manifest
        encoder = m.file("encoder")
        generator = m.file("generator", m.pictures.steps[-1])

        def trial(spec: FileSpec, per_second: float, **shapes: tuple[int, ...]) -> Trial:
            path = os.fspath((self.folder / spec.name).resolve())
            return Trial(path, spec.sha256, shapes, per_second, exact or spec.role in _EXACT)

        def painting(rows: int, size: tuple[int, int], per_second: float) -> Trial:
            shapes: dict[str, tuple[int, ...]] = {
                "tokens": (rows, m.sources, m.embedding_dim),
                "weights": (rows, m.sources),
                "places": (rows, m.sources, 4),
                "looks": (rows, m.sources, m.pictures.looks),
                "atmosphere": (rows, m.pictures.atmosphere_size),
                "noise": (rows, m.pictures.latent_channels, *m.pictures.latent(size)),
            }
            return trial(generator, per_second, **{n: shapes[n] for n in generator.inputs})

        window = round(m.window_s * m.sample_rate_hz)
        return (
            trial(encoder, 1 / m.hop_s, audio=(1 + m.sources, window)),
            painting(1, m.pictures.scene, 8.0),
            painting(m.sources, m.pictures.panel, 4.0),
        )


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
    try:
        folder = Path(name_or_folder).expanduser()
        is_folder, is_bundle = folder.is_dir(), (folder / MANIFEST_NAME).is_file()
    except (OSError, RuntimeError) as error:  # too long a name, no such user, no way in
        reason = error.strerror if isinstance(error, OSError) else "there is no such home folder"
        raise BundleError(
            f"bundle {cut(text)} cannot be opened ({reason}): check its name"
        ) from error
    if is_folder:
        if is_bundle:
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
    raise BundleError(f'there is no bundle "{cut(text)}"; {remedy}')


def load_bundle(name_or_folder: str | Path) -> Bundle:
    """Find a bundle by name or folder and verify all of it but the insides of its models.

    Raises BundleError: one line that names the file at fault and the remedy.
    """
    folder = find_bundle(name_or_folder)
    try:
        raw = read_plain(folder / MANIFEST_NAME, MOST_BYTES)
    except OSError as error:
        raise _unreadable(folder, MANIFEST_NAME, error) from error
    try:
        manifest = parse_manifest(raw)
        check_contract(manifest)
    except Refused as error:
        raise _fault(folder, MANIFEST_NAME, str(error)) from error
    if not is_sealed(raw):
        raise _fault(folder, MANIFEST_NAME, "was changed after it was sealed")
    for spec in manifest.files.values():
        _check_file(folder, spec)
    return Bundle(folder, manifest, _vocabulary(folder, manifest), _places(folder, manifest))


def _check_file(folder: Path, spec: FileSpec) -> None:
    path = folder / spec.name
    try:
        size = path.stat().st_size
        if size != spec.bytes:
            raise _fault(folder, spec.name, f"has {size} bytes, the manifest says {spec.bytes}")
        digest = file_digest(path)
    except OSError as error:
        raise _unreadable(folder, spec.name, error) from error
    if digest != spec.sha256:
        raise _fault(folder, spec.name, "is damaged: its SHA-256 is not the one in the manifest")


def _vocabulary(folder: Path, manifest: Manifest) -> F32:
    array = _array(folder, manifest.file("vocabulary"))
    if not (np.abs(np.linalg.norm(array, axis=1) - 1) <= 1e-3).all():
        name = manifest.file("vocabulary").name
        raise _fault(folder, name, "has rows that are not of unit length")
    return array


def _places(folder: Path, manifest: Manifest) -> F32:
    array = _array(folder, manifest.file("places"))
    if not ((array >= 0) & (array <= 1)).all():
        raise _fault(folder, manifest.file("places").name, "has places outside the picture")
    return array


def _array(folder: Path, spec: FileSpec) -> F32:
    raw = _read(folder, spec.name)
    try:
        array = np.load(io.BytesIO(raw), allow_pickle=False)
    except Exception as error:  # whatever numpy finds wrong with somebody's bytes
        raise _fault(folder, spec.name, f"is no numpy array ({cut(str(error))})") from error
    if spec.array is None or not isinstance(array, np.ndarray) or not spec.array.fits(array):
        found = f"{array.dtype}{list(array.shape)}" if isinstance(array, np.ndarray) else "archive"
        raise _fault(folder, spec.name, f"is {found}, the manifest says {spec.array}")
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
