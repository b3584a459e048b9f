"""What peers and engines are measured by: contenders, architectures and work."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN, COMPILED = "diffusers", "diffusers-compile"
PEERS = (PLAIN, COMPILED)
EIGHT_BITS = "openvino-int8"
"""OpenVINO on a graph whose large matrices are kept in eight bits."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """Sizes of the UNet and of the decoder."""

    channels: tuple[int, ...] = (320, 640, 1280, 1280)
    heads: tuple[int, ...] = (5, 10, 20, 20)
    layers: int = 2
    condition: int = 1024
    decoder: int = 64
    groups: int = 32


FULL = Architecture()
REDUCED = Architecture((64, 128, 256, 256), (1, 2, 4, 4), 2, 256, 32, 32)
"""The same shape at a fifth of the width, for machines that are busy."""
TINY = Architecture((32, 32, 32, 32), (1, 1, 1, 1), 1, 32, 16, 8)
"""For tests."""
ARCHITECTURES = {"full": FULL, "reduced": REDUCED, "tiny": TINY}


@dataclass(frozen=True, slots=True)
class Work:
    """One frame's worth of pictures."""

    model: str
    """turbo, SD-Turbo's architecture; or bundled, the generator that ships."""
    height: int
    width: int
    batch: int

    @property
    def name(self) -> str:
        """Such as turbo-512x512-b5."""
        return f"{self.model}-{self.width}x{self.height}-b{self.batch}"


WORKS = (
    Work("turbo", 512, 512, 1),
    Work("turbo", 512, 512, 5),
    Work("turbo", 256, 256, 1),
    Work("turbo", 256, 256, 5),
    Work("bundled", 576, 1024, 1),
    Work("bundled", 384, 384, 4),
)
"""The scene at 512 px, the scene with four panels, both at half the size; the bundled generator's
scene, and its four panels."""
SCENE = WORKS[4]
