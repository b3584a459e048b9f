"""What a program or a page is told of a show, ready for JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from live.control.declared import Control, Kind, Value
from live.control.values import share_of
from live.view.picture import PanelView, View

if TYPE_CHECKING:
    from live.control.desk import Desk


def state(desk: Desk, lookers: int) -> dict[str, Any]:
    """Return how the show is at this moment; lookers: how many are connected."""
    view, session = desk.session.view(), desk.session
    status = view.status
    light, season, style = status.seen
    return {
        "fault": session.fault(),
        "message": view.message,
        "at_rest_s": {stage: round(s, 2) for stage, s in session.at_rest().items()},
        "input": status.input_name,
        "input_fault": status.input_fault,
        "bundle": status.bundle,
        "runtime": status.runtime,
        "building": status.building,
        "light": light,
        "season": season,
        "style": style,
        "sound_to_picture_ms": {
            "p50": number(status.sound_to_picture_p50_ms),
            "p95": number(status.sound_to_picture_p95_ms),
        },
        "target_ms": session.settings.target_ms,
        "pictures_per_s": number(status.pictures_per_s),
        "dropped": status.dropped,
        "lost_samples": status.lost_samples,
        "given_up": list(status.given_up),
        "missing": status.missing,
        "recording": status.recording,
        "frozen": status.frozen,
        "sound_s": number(status.sound_s),
        "window": desk.window is not None,
        "lookers": lookers,
        **_moment(view),
    }


def _moment(view: View) -> dict[str, Any]:
    now, pictures = view.reactive, view.pictures
    painted = pictures.panels if pictures is not None else {}
    return {
        "level": number(now.level, 3),
        "onset": number(now.onset, 3),
        "brightness": number(now.brightness, 3),
        "panels": [_panel(each, each.track_id in painted) for each in view.panels],
    }


def _panel(panel: PanelView, painted: bool) -> dict[str, Any]:
    return {
        "track": panel.track_id,
        "slot": panel.slot,
        "label": panel.label,
        "probability": number(panel.probability, 3),
        "level": number(panel.level, 3),
        "presence": number(panel.presence, 3),
        "colour": "#{:02x}{:02x}{:02x}".format(*panel.colour),
        "painted": painted,
    }


def controls(desk: Desk) -> list[dict[str, Any]]:
    """Return every control there is, in the order in which hands list them."""
    values = {control.name: value for control, value in desk.values()}
    return [declared(c, values.get(c.name)) for c in desk.controls.values()]


def declared(control: Control, value: Value | None) -> dict[str, Any]:
    """Return a control as it is declared, with its value; None where it cannot be read now."""
    told: dict[str, Any] = {
        "name": control.name,
        "section": control.section,
        "kind": control.kind.name.lower(),
        "help": control.help,
        "allowed": control.allowed,
        "taken_up": control.change.value,
        "needs_window": control.on_window,
    }
    if control.kind in (Kind.NUMBER, Kind.WHOLE):
        told |= {"low": control.low, "high": control.high, "unit": control.unit}
        told["step"] = 1 if control.kind is Kind.WHOLE else control.stride
    if control.kind is Kind.WORD:
        told["words"] = list(control.words)
    return told | ({} if value is None else valued(control, value))


def valued(control: Control, value: Value) -> dict[str, Any]:
    """Return the value of a control, and where a fader would stand for it."""
    if control.is_done:
        return {}
    return {"value": value, "share": round(share_of(control, value), 4)}


def number(value: float, digits: int = 1) -> float | None:
    """Return a number as JSON can say it; None for none."""
    return round(float(value), digits) if math.isfinite(value) else None
