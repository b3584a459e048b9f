"""What `--out` names: where the show is sent to, and how."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from urllib.parse import urlsplit

from engine.system.outside import cut, missing_library
from live.errors import UserError
from live.suggest import did_you_mean

NAME = "Soundglass"
"""What NDI sources are called that were given no name."""


class Kind(Enum):
    """How the show is sent."""

    RTMP = "rtmp"
    SRT = "srt"
    NDI = "ndi"
    NDI_PANELS = "ndi-panels"
    CAMERA = "camera"


_SCHEMES = {
    "rtmp": Kind.RTMP,
    "rtmps": Kind.RTMP,
    "srt": Kind.SRT,
    "ndi": Kind.NDI,
    "ndi-panels": Kind.NDI_PANELS,
    "camera": Kind.CAMERA,
}
KNOWN = "rtmp://HOST/APP/KEY, rtmps://..., srt://HOST:PORT, ndi:NAME, ndi-panels, camera"


@dataclass(frozen=True, slots=True)
class Address:
    """One place that the show is sent to."""

    kind: Kind
    where: str
    """The whole URL of a stream, the name of an NDI source, the device of a camera; may be empty
    for a camera."""
    said: str
    """How it is called where people read it: without the keys of a stream."""


def read_outs(texts: Sequence[str]) -> tuple[Address, ...]:
    """Return the addresses that `--out` was given.

    Raises:
        UserError: one is of a kind that is not known, is no address, is named twice, or needs what
            is not installed here.
    """
    found: list[Address] = []
    for text in texts:
        address = read_out(text)
        if address in found:
            raise UserError(f"--out {address.said} is named twice: name it once.")
        _check_installed(address)
        found.append(address)
    return tuple(found)


def read_out(text: str) -> Address:
    """Return one address; raises UserError as `read_outs` does for what it is alone."""
    text = text.strip()
    scheme, colon, rest = text.partition(":")
    kind = _SCHEMES.get(scheme.lower())
    if kind is None:
        hint = did_you_mean(scheme, _SCHEMES)
        raise UserError(f"--out {cut(scheme)!r} is no place to send to.{hint} Use {KNOWN}.")
    match kind:
        case Kind.RTMP | Kind.SRT:
            return _stream(kind, text)
        case Kind.NDI:
            name = rest.strip() or NAME
            return Address(kind, name, f"ndi:{name}")
        case Kind.NDI_PANELS:
            name = rest.strip() or NAME
            return Address(kind, name, f"ndi-panels:{name}" if colon else "ndi-panels")
        case Kind.CAMERA:
            return Address(kind, rest.strip(), f"camera:{rest.strip()}" if rest else "camera")


def _stream(kind: Kind, text: str) -> Address:
    wrong = f"--out {cut(text.partition('?')[0])} is no address of a stream: use {KNOWN}."
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:  # of a port that is no number
        raise UserError(wrong) from error
    if not host or "://" not in text or re.search(r"\s", text):
        raise UserError(wrong)
    if kind is Kind.SRT and not port:
        raise UserError(f"--out srt://{host} names no port: use srt://HOST:PORT.")
    # What follows the application is the key that lets anybody send in one's name.
    application = parts.path.split("/")[1:2]
    path = f"/{application[0]}/..." if kind is Kind.RTMP and parts.path.count("/") > 1 else ""
    address = f"[{host}]" if ":" in host else host
    at = f":{port}" if port else ""
    return Address(kind, text, f"{parts.scheme}://{address}{at}{path}")


def _check_installed(address: Address) -> None:
    library = {Kind.NDI: "cyndilib", Kind.NDI_PANELS: "cyndilib", Kind.CAMERA: "pyvirtualcam"}
    needed = library.get(address.kind)
    if needed is not None and find_spec(needed) is None:
        raise UserError(f"--out {address.said}: {missing_library(needed)}")
    if address.kind is Kind.SRT and shutil.which("ffmpeg") is None:
        raise UserError(
            f"--out {address.said} needs the program ffmpeg, which is not installed here: "
            "install it (apt install ffmpeg), or use rtmp."
        )
