"""Faults of the world outside the program, each told in one line that names it and the remedy."""

from __future__ import annotations

import errno
import mmap
import os

from engine.system.terminal import STANDARD_OUTPUT

_FULL = (errno.ENOSPC, errno.EDQUOT)
_OWN = ("engine", "live", "training", "export")
_SHORT = (
    "bad_alloc",
    "bad allocation",
    "allocate memory",
    "Failed to allocate",
    "failed to map segment",
    "out of memory",
    "can't start new thread",
    "Resource temporarily unavailable",
)
"""What libraries say when the system gives them no more memory, or no thread for want of it."""
_LITTLE = 64 * 2**20
MEMORY = "close other programs, or use a machine with more memory"
"""What to do where memory is too little."""


def outside_fault(error: BaseException) -> str | None:
    """Return the line for a fault of the outside world, None where it is one of the program.

    Of the world are: what the system refuses (OSError), too little memory, and a library that is
    not installed. What a file holds is judged where it is read, not here.
    """
    if memory_is_short(error):
        return f"there is too little memory: {MEMORY}."
    if isinstance(error, OSError):
        return _refused(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return missing_library(error.name)
    return None


def missing_library(name: str) -> str | None:
    """Return the line for a library that is not installed; None for a module of our own."""
    top = name.partition(".")[0]
    if top in _OWN:
        return None
    for extra, libraries in _EXTRAS.items():
        if top in libraries:
            return f"{top} is not installed here: pip install -c constraints.txt -e '.[{extra}]'"
    return f"{top} is not installed here: pip install -c constraints.txt -e ."


_EXTRAS = {
    "training": (
        *("torch", "accelerate", "tensorboard", "matplotlib", "onnx", "onnxscript", "onnx_ir"),
        "skia",
    ),
    "export": ("diffusers", "safetensors", "transformers", "huggingface_hub"),
    "papers": ("webdataset",),
    "cluster": ("ray",),
    "gpu": ("tensorrt", "cuda"),
    "stage": ("pythonosc", "aiohttp", "zeroconf", "segno", "prometheus_client"),
    "midi": ("mido", "rtmidi"),
    "link": ("link",),
    "ndi": ("cyndilib",),
    "camera": ("pyvirtualcam",),
}
"""Libraries that come with an extra, by what is installed for it."""


def memory_is_short(error: BaseException) -> bool:
    """Whether an error came of too little memory, whatever a library made of it.

    Libraries fail in many ways when they get none: where one does in a way of its own, the system
    is asked for a little.
    """
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno == errno.ENOMEM
    if any(mark in str(error) for mark in _SHORT):
        return True
    try:
        mmap.mmap(-1, _LITTLE).close()
    except (OSError, MemoryError):
        return True
    return False


def _refused(error: OSError) -> str:
    name = error.filename
    shown = os.fsdecode(name) if isinstance(name, str | bytes | os.PathLike) else name
    reason = (error.strerror or str(error) or type(error).__name__).strip().rstrip(".")
    if shown == STANDARD_OUTPUT:
        if error.errno in _FULL:
            return "cannot write to standard output: its disk is full; send it elsewhere."
        return f"cannot write to standard output ({reason}): send it to a file or another program."
    if error.errno in _FULL:
        where = "" if shown is None else f" {shown}"
        return f"cannot write{where}: the disk is full; make room or choose another one."
    if error.errno == errno.ENAMETOOLONG:
        return f"the name {cut(str(shown))} is too long for this system: use a shorter one."
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too many files are open: close other programs, or allow more with ulimit -n."
    if isinstance(error, FileNotFoundError) and not is_somewhere():
        return "the folder that this was started in is gone: change to one that is there."
    if shown is None:
        return f"the system refuses to go on ({reason})."
    return f"cannot use {shown} ({reason}): check the name, and who may read and write it."


def is_somewhere() -> bool:
    """Whether the folder that the program was started in is still there."""
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def cut(text: str, most: int = 80) -> str:
    """Return text, cut to so many letters where it is longer."""
    return text if len(text) <= most else f"{text[: most - 3]}..."
