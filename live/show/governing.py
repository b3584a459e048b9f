"""The governor that a show's settings ask for, within what its bundle can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.painting.governor import Governor
from live.errors import UserError

if TYPE_CHECKING:
    from engine.bundle.load import Bundle
    from live.settings.model import Settings


def make_governor(bundle: Bundle, settings: Settings) -> Governor:
    """Return a fresh governor for these settings.

    Raises:
        UserError: the bundle cannot paint in so many steps.
    """
    steps = bundle.manifest.pictures.steps
    if settings.steps:
        if settings.steps not in steps:
            known = " or ".join(str(each) for each in steps)
            raise UserError(
                f"bundle {bundle.name} cannot paint in {settings.steps} steps: use {known}."
            )
        steps = (settings.steps,)
    return Governor(settings.target_ms, steps, settings.panels, settings.panels_every)
