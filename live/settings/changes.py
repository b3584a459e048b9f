"""What of the settings a running show can change, and what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from live.errors import UserError
from live.settings.model import SPECS, Settings
from live.settings.spec import Change


def _attributes_of(change: Change) -> tuple[str, ...]:
    return tuple(spec.attribute for spec in SPECS.values() if spec.change is change)


AT_ONCE = _attributes_of(Change.AT_ONCE)
"""Taken up by whatever is under way."""
PAINTS_ON = _attributes_of(Change.NEXT_PICTURE)
"""Taken up by the next picture."""
HEARS_ANEW = _attributes_of(Change.HEARS_ANEW)
"""Hearing begins anew with the last seconds: sources are found again, and keep no place."""
OPENS_MODELS = _attributes_of(Change.OPENS_MODELS)
"""The models are opened once more beside the show, which goes over to them between two ticks."""

CHANGEABLE = (*AT_ONCE, *PAINTS_ON, *HEARS_ANEW, *OPENS_MODELS)


def apply_changes(settings: Settings, given: Mapping[str, Any]) -> Settings:
    """Return the settings with others given by attribute.

    Raises:
        UserError: a value is not allowed, or the setting needs a restart.
    """
    for attribute in given:
        if attribute not in CHANGEABLE:
            name = next(s.name for s in SPECS.values() if s.attribute == attribute)
            raise UserError(f"setting {name} cannot change in a running show: start it anew.")
    return replace(settings, **given)


def what_it_takes(attribute: str) -> str:
    """Return in plain words what a change of this setting does to the show; empty if nothing."""
    if attribute in HEARS_ANEW:
        return "makes hearing begin anew"
    if attribute in OPENS_MODELS:
        return "opens the models again, beside the show"
    return ""
