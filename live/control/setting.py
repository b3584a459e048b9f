"""The settings that a running show can change, as controls."""

from __future__ import annotations

from live.control.declared import Control, Hands, Kind, Value
from live.settings.model import SPECS
from live.settings.spec import Change, SettingSpec

_KINDS = {float: Kind.NUMBER, int: Kind.WHOLE, bool: Kind.SWITCH, str: Kind.WORD}


def setting_controls() -> tuple[Control, ...]:
    """Return a control for each setting that does not need the show to be started anew."""
    return tuple(_control(s) for s in SPECS.values() if s.change is not Change.RESTART)


def _control(spec: SettingSpec) -> Control:
    def read(hands: Hands) -> Value:
        return getattr(hands.session.settings, spec.attribute)

    return Control(
        spec.name,
        _KINDS[spec.kind],
        spec.help,
        read,
        None,
        change=spec.change,
        unit=spec.unit,
        low=spec.low or 0.0,
        high=spec.high or 0.0,
        find_words=lambda: spec.choices,
        stride=spec.panel.stride if spec.panel else 0.0,
        keys=spec.keys,
        attribute=spec.attribute,
        section=spec.panel.section if spec.panel else "Show",
        slow=spec.change in (Change.HEARS_ANEW, Change.OPENS_MODELS),
    )
