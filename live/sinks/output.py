"""What each kind of sink does with pictures and sound; which one an address opens."""

from __future__ import annotations

from typing import Protocol

from engine.packets import F32, U8
from live.film.encoder import Encoded
from live.sinks.address import Address, Kind


class SoundOutput(Protocol):
    """A way out, open. Its calls may block or take the process down: it has one of its own.

    Every method raises UserError, whose line says why, when the other side takes no more.
    """

    @property
    def taken(self) -> bool:
        """Whether the other side has taken something, as far as can be known."""
        ...

    def add_sound(self, samples: F32) -> None:
        """Send the samples (n,) at 48 kHz that come next."""
        ...

    def close(self) -> None:
        """Send what waits, and let go."""
        ...


class Output(SoundOutput, Protocol):
    """One for pictures as they are."""

    def add_picture(self, picture: U8, number: int) -> None:
        """Send a (height, width, 3) picture, the so-manieth of the fixed rate."""
        ...


class StreamOutput(SoundOutput, Protocol):
    """One for pictures that have been encoded."""

    def add_picture(self, picture: Encoded, at_s: float) -> None:
        """Send a picture of the stream's second `at_s`; it gets the next free place of the rate."""
        ...


def open_output(address: Address, width: int, height: int, rate: int) -> Output:
    """Open the way to an address; what it needs is imported only here.

    Raises:
        UserError: it does not open, this time.
    """
    match address.kind:
        case Kind.NDI:
            from live.sinks.ndi import NdiOutput

            return NdiOutput(address.where, width, height, rate)
        case Kind.NDI_PANELS:
            from live.sinks.ndi import NdiPanels

            return NdiPanels(address.where, width, height // width, rate)
        case Kind.CAMERA:
            from live.sinks.camera import CameraOutput

            return CameraOutput(address.where, width, height, rate)
        case Kind.RTMP | Kind.SRT:
            raise ValueError(f"{address.kind.value} takes encoded pictures")


def open_stream(address: Address, key: Encoded, rate: int) -> StreamOutput:
    """Open the way to an address that takes a stream, as `Stream` has it; raises as above."""
    if address.kind is Kind.SRT:
        from live.sinks.srt import SrtStream

        return SrtStream(address.where, key, rate)
    from live.sinks.rtmp import open_rtmp

    return open_rtmp(address.where, key, rate)
