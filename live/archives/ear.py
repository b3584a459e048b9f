"""Hears one recording after the other in a process of its own, by one thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.bundle.load import Bundle, load_bundle
from engine.bundle.manifest import MANIFEST_NAME
from engine.packets import Hearing
from engine.runtimes.model import ModelError
from engine.runtimes.spec import file_digest
from engine.system.outside import memory_is_short
from engine.system.terminal import harmless
from live.archives.lines import Recording, error_line, heard_line, made_by
from live.errors import UserError
from live.files.offline import hear_sound, open_hearer
from live.files.timeline import spans
from live.settings.model import Settings
from live.sounds.file import SoundFile, open_sound

RUNTIME = "onnxruntime"
"""What `auto` stands for here: the same everywhere, so that nothing hangs on what was measured
where; hearing alone, by one thread, it is the faster one, and takes half the memory."""


@dataclass(frozen=True, slots=True)
class How:
    """All that decides what is heard; it goes to other processes, and to other machines."""

    settings: Settings
    by: str
    """Stands in every line."""


def how_to_hear(settings: Settings, bundle: Bundle) -> How:
    """Return how to hear with a bundle that is open."""
    return How(settings, _by(settings, bundle))


def hear(folder: bytes, recording: Recording, how: How, heed: Callable[[], object]) -> bytes | None:
    """Return the line of a recording; None where it has gone.

    heed: is called between two hearings, and may raise. Raises what is no fault of the recording:
    UserError or ModelError for the bundle, MemoryError.
    """
    ear = _open_ear(how)
    path = os.fsdecode(os.path.join(folder, recording.name))
    try:
        return ear.line(path, recording, heed)
    except UserError as error:
        if not os.path.lexists(path):
            return None
        told = str(error).replace(harmless(path), "it")
    except Exception as error:  # one strange file of a million ends nothing
        if isinstance(error, ModelError) or memory_is_short(error):
            raise
        told = f"the program fails at it ({type(error).__name__}: {error})"
    return error_line(recording, how.by, told)


class _Ear:
    def __init__(self, how: How) -> None:
        self._how = how
        self._bundle = load_bundle(how.settings.bundle)
        if _by(how.settings, self._bundle) != how.by:
            raise UserError(
                f"the bundle {how.settings.bundle} differs between machines: install the same one "
                "everywhere."
            )
        self._models = self._bundle.models(runtime_of(how.settings), 1, ())

    def line(self, path: str, recording: Recording, heed: Callable[[], object]) -> bytes:
        """Raises UserError for what a person can put right about the recording."""
        sound = open_sound(path)
        settings = self._how.settings
        hearer = open_hearer(self._bundle, self._models, settings)
        heard = spans(_heeding(hear_sound(sound, hearer), heed), settings.hop_s, shown=False)
        if sound.seconds < settings.hop_s:
            raise UserError(
                f"{path} lasts {sound.seconds:.2f} s, less than a hop of {settings.hop_s:g} s."
            )
        return heard_line(
            recording, self._how.by, heard, sound.seconds, sound.sample_rate_hz, sound.channels,
            _damage(sound),
        )  # fmt: skip


def runtime_of(settings: Settings) -> str:
    """Return the runtime that hears an archive."""
    return RUNTIME if settings.runtime == "auto" else settings.runtime


@lru_cache(maxsize=1)
def _open_ear(how: How) -> _Ear:
    return _Ear(how)


def _by(settings: Settings, bundle: Bundle) -> str:
    manifest = file_digest(bundle.folder / MANIFEST_NAME)
    heard_by = (settings.window_s, settings.hop_s, settings.sensitivity_db)
    return made_by(bundle.name, manifest, *heard_by, runtime_of(settings))


def _damage(sound: SoundFile) -> str | None:
    return sound.faults.describe("it")


def _heeding(hearings: Iterator[Hearing], heed: Callable[[], object]) -> Iterator[Hearing]:
    for hearing in hearings:
        heed()
        yield hearing
