"""The one error of exporting public models that is meant for a person."""

from __future__ import annotations

from engine.bundle.fields import BundleError


class CheckpointError(BundleError):
    """A checkpoint or this machine will not do.

    One line that names the thing and the remedy; the command line prints it as it stands.
    """

    def __init__(self, line: str) -> None:
        super().__init__(" ".join(line.split()))
