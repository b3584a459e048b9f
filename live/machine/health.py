"""Whether this machine has what the program needs: one finding per part, each with its remedy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from live.errors import UserError

OLDEST_PYTHON = (3, 11)
_REINSTALL = "install it again: make run"
_PACKAGES = "install the system packages: sh scripts/system-packages.sh run"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one part."""

    part: str
    """python, libraries, audio, display, gpu, runtimes, bundle, disk or memory."""
    ok: bool
    text: str
    """What was found, in a few words."""
    remedy: str = ""
    """What to do about it; empty when ok."""


def check_machine(bundle: str) -> Iterator[Finding]:
    """Yield one finding per part, as they are made; never raises for a fault of the machine."""
    yield _python()
    yield _libraries()
    yield from _guard("runtimes", _runtimes, _REINSTALL)
    yield from _guard("bundle", lambda: _bundle(bundle), "name another one with --bundle")
    yield from _guard("audio", _audio, _PACKAGES)
    yield _display()
    yield _gpu()
    yield _shared_memory()
    yield _cache()


def _guard(part: str, check: Callable[[], Finding], remedy: str) -> Iterator[Finding]:
    try:
        yield check()
    except (UserError, ImportError, OSError, RuntimeError, ValueError) as error:
        yield Finding(part, False, " ".join(str(error).split()), remedy)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding("python", True, f"{found} at {sys.executable}")
    return Finding("python", False, found, "install Python 3.11 or newer")


def _libraries() -> Finding:
    try:
        needed = metadata.requires("soundglass") or []
    except metadata.PackageNotFoundError:
        return Finding("libraries", False, "soundglass itself is not installed", _REINSTALL)
    found, missing = [], []
    for requirement in needed:
        if "extra ==" in requirement:
            continue
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("libraries", False, f"missing: {', '.join(missing)}", _REINSTALL)
    return Finding("libraries", True, ", ".join(found))


def _runtimes() -> Finding:
    from engine.runtimes.open import installed_runtimes

    usable = installed_runtimes()
    if not usable:
        return Finding("runtimes", False, "none", _REINSTALL)
    return Finding("runtimes", True, ", ".join(f"{r} {metadata.version(r)}" for r in usable))


def _bundle(name: str) -> Finding:
    from engine.bundle.load import BundleError, load_bundle

    try:
        bundle = load_bundle(name)
        bundle.models("onnxruntime", 1).close()
    except BundleError as error:
        return Finding("bundle", False, str(error), "install the program again, or name another")
    labels = len(bundle.manifest.labels)
    return Finding("bundle", True, f"{bundle.name}: every file as it was made, {labels} labels")


def _audio() -> Finding:
    from live.input.microphone import list_microphones

    found = list_microphones()
    if not found:
        return Finding(
            "audio",
            False,
            "no microphone",
            "connect one and see `soundglass devices`, or use --input demo",
        )
    chosen = next((device.name for device in found if device.is_default), found[0].name)
    return Finding("audio", True, f"{len(found)} microphone(s); default: {chosen}")


def _display() -> Finding:
    from live.machine.display import display_fault

    fault = display_fault()
    if fault is None:
        shown = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "found"
        return Finding("display", True, shown)
    remedy = "start it on a desktop, or use --headless with --record, --frames or --events"
    return Finding("display", False, fault, _PACKAGES if ".so" in fault else remedy)


def _gpu() -> Finding:
    if not shutil.which("nvidia-smi"):
        return Finding("gpu", True, "none; none is needed, the models run on the processor")
    asked = subprocess.run(
        ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"],
        capture_output=True,
        text=True,
    )
    if asked.returncode:
        return Finding("gpu", False, "nvidia-smi fails", "install the driver again, or ignore it")
    from engine.runtimes.model import RuntimeMissing
    from engine.runtimes.open import check_runtime

    try:
        check_runtime("tensorrt")
    except RuntimeMissing as error:
        return Finding("gpu", True, f"{asked.stdout.strip()}; not used: {error}")
    return Finding("gpu", True, f"{asked.stdout.strip()}; used through TensorRT")


def _shared_memory() -> Finding:
    place = Path("/dev/shm")
    if not place.is_dir():
        return Finding("memory", True, "shared memory of the system")
    free = shutil.disk_usage(place).free
    if free < 32 * 2**20:
        text = f"{free / 2**20:.0f} MB of shared memory free"
        return Finding("memory", False, text, "free /dev/shm (containers: --shm-size=256m)")
    return Finding("memory", True, f"{free / 2**20:.0f} MB of shared memory free")


def _cache() -> Finding:
    from platformdirs import user_cache_path

    place = user_cache_path("soundglass", appauthor=False)
    above = place
    while not above.exists():
        above = above.parent
    if not os.access(above, os.W_OK):
        return Finding("disk", False, f"{above} cannot be written", "set XDG_CACHE_HOME elsewhere")
    free = shutil.disk_usage(above).free
    if free < 200 * 2**20:
        return Finding("disk", False, f"{free / 2**20:.0f} MB free", f"make room beside {above}")
    return Finding("disk", True, f"{free / 2**30:.1f} GB free beside {above}")
