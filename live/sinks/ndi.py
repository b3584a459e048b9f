"""NDI: the picture and the panels as sources on the local network, through cyndilib.

The NDI library in it is proprietary, so nothing of it is loaded but in a sink's own process.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from cyndilib.audio_frame import AudioSendFrame
from cyndilib.sender import Sender
from cyndilib.video_frame import VideoSendFrame
from cyndilib.wrapper import FourCC

from engine.packets import F32, U8
from live.input.shared_ring import RING_HZ

LONGEST = RING_HZ // 10
"""Samples that are handed over at once."""
OPAQUE = 255


class NdiOutput:
    """An `Output` that is one NDI source."""

    taken = True
    """It is there for whoever wants it."""

    def __init__(self, name: str, width: int, height: int, rate: int, sounds: bool = True) -> None:
        """Announce it; others see it as COMPUTER (name)."""
        video = VideoSendFrame()
        video.set_resolution(width, height)
        video.set_frame_rate(Fraction(rate))
        video.set_fourcc(FourCC.RGBX)
        self._pixels = np.full((height, width, 4), OPAQUE, np.uint8)
        self._sender = Sender(name, clock_video=False, clock_audio=False)
        self._sender.set_video_frame(video)
        if sounds:
            audio = AudioSendFrame()
            audio.sample_rate, audio.num_channels = RING_HZ, 1
            audio.set_max_num_samples(LONGEST)
            self._sender.set_audio_frame(audio)
        self._sender.open()

    def add_picture(self, picture: U8, number: int) -> None:
        """Send a picture; see `Output`."""
        self._pixels[..., :3] = picture
        self._sender.write_video_async(self._pixels.ravel())

    def add_sound(self, samples: F32) -> None:
        """Send sound; see `Output`."""
        for first in range(0, samples.size, LONGEST):
            part = np.asarray(samples[None, first : first + LONGEST], np.float32, order="C")
            self._sender.write_audio(part)

    def close(self) -> None:
        """Take the source away."""
        self._sender.close()


class NdiPanels:
    """An `Output` that is one NDI source for each place of the strip, without sound."""

    taken = True

    def __init__(self, name: str, side: int, places: int, rate: int) -> None:
        """Announce them as COMPUTER (name panel 1) and on."""
        self._side = side
        self._outputs = [
            NdiOutput(f"{name} panel {place}", side, side, rate, sounds=False)
            for place in range(1, places + 1)
        ]

    def add_picture(self, picture: U8, number: int) -> None:
        """Send panels that stand one under another; see `Output`."""
        for place, output in enumerate(self._outputs):
            output.add_picture(picture[place * self._side : (place + 1) * self._side], number)

    def add_sound(self, samples: F32) -> None:
        """Panels have no sound of their own here: see `--stems`."""

    def close(self) -> None:
        """Take the sources away."""
        for output in self._outputs:
            output.close()
