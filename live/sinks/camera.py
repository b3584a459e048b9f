"""A virtual camera: what video calls and OBS see as a webcam, through pyvirtualcam."""

from __future__ import annotations

import pyvirtualcam

from engine.packets import F32, U8
from live.errors import UserError

REMEDY = (
    "on Linux load v4l2loopback (modprobe v4l2loopback), elsewhere install the virtual camera of "
    "OBS"
)


class CameraOutput:
    """An `Output` that is a camera; a camera has no sound."""

    taken = True

    def __init__(self, device: str, width: int, height: int, rate: int) -> None:
        """device: such as /dev/video10; empty for the first there is.

        Raises:
            UserError: there is no such virtual camera.
        """
        try:
            self._camera = pyvirtualcam.Camera(width, height, rate, device=device or None)
        except (RuntimeError, ValueError) as error:
            raise UserError(f"there is no virtual camera to send to: {REMEDY}") from error

    def add_picture(self, picture: U8, number: int) -> None:
        """Send a picture; see `Output`."""
        try:
            self._camera.send(picture)
        except RuntimeError as error:
            raise UserError("the virtual camera is gone") from error

    def add_sound(self, samples: F32) -> None:
        """Send nothing."""

    def close(self) -> None:
        """Let the camera go."""
        self._camera.close()
