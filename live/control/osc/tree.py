"""The tree that OSCQuery tells: every address with its type, range, unit and help."""

from __future__ import annotations

from typing import Any

from live.control.declared import Control, Kind, Value
from live.control.desk import Desk
from live.control.osc.packets import ROOT
from live.control.values import share_of

READ, WRITE, BOTH = 1, 2, 3
"""OSCQuery's words for what a client may do."""
ATTRIBUTES = (
    "ACCESS", "CLIPMODE", "CONTENTS", "DESCRIPTION", "FULL_PATH", "RANGE", "TYPE", "UNIT", "VALUE",
)  # fmt: skip
_SOURCE = "a source that stands in the scene: label, probability, LUFS, x and y in the scene"
_SIGNALS = {
    "level": "how loud the sound is at this moment",
    "onset": "how suddenly it became louder",
    "brightness": "where the middle of its spectrum lies, from dark to bright",
}


def tree(desk: Desk) -> dict[str, Any]:
    """Return the whole tree with the values of this moment, as OSCQuery's JSON has it."""
    values = {control.name: value for control, value in desk.values()}
    controls, norm = {}, {}
    for name, control in desk.controls.items():
        controls[name] = _control(control, values.get(name))
        norm[name] = _norm(control, values.get(name))
    norm_node = _container(f"{ROOT}/norm", "the same by a fader's place, from 0 to 1", norm)
    signals = {
        name: _node(f"{ROOT}/{name}", text, "f", READ, RANGE=[{"MIN": 0.0, "MAX": 1.0}])
        for name, text in _SIGNALS.items()
    }
    source = {
        f"{n}": _node(f"{ROOT}/source/{n}", _SOURCE, "sffff", READ)
        for n in range(1, desk.session.bundle.manifest.sources + 1)
    }
    inside = {
        **controls,
        **signals,
        "source": _container(f"{ROOT}/source", "what is heard", source),
        "norm": norm_node,
        "error": _node(f"{ROOT}/error", "what was wrong with a message, to its sender", "s", READ),
    }
    own = _container(ROOT, "Soundglass listens to a place and paints what it hears", inside)
    return _container("/", "", {ROOT[1:]: own})


def node_at(whole: dict[str, Any], path: str) -> dict[str, Any] | None:
    """Return a part of the tree by its path; None where there is none."""
    found = whole
    for part in path.strip("/").split("/"):
        if part:
            found = found.get("CONTENTS", {}).get(part)
            if found is None:
                return None
    return found


def _control(control: Control, value: Value | None) -> dict[str, Any]:
    access = WRITE if control.is_done else BOTH
    more: dict[str, Any] = {}
    match control.kind:
        case Kind.NUMBER | Kind.WHOLE:
            more["RANGE"] = [{"MIN": control.low, "MAX": control.high}]
            more["CLIPMODE"] = ["both"]
        case Kind.WORD:
            more["RANGE"] = [{"VALS": list(control.words)}]
    if control.unit:
        more["UNIT"] = [control.unit]
    if value is not None and not control.is_done:
        more["VALUE"] = [value]
    types = {Kind.NUMBER: "f", Kind.WHOLE: "i", Kind.WORD: "s", Kind.TEXT: "s"}
    help_text = f"{control.help} ({control.allowed})"
    if control.change.value != "at once":
        help_text += f"; taken up {control.change.value}"
    of_type = types.get(control.kind, "T")
    return _node(f"{ROOT}/{control.name}", help_text, of_type, access, **more)


def _norm(control: Control, value: Value | None) -> dict[str, Any]:
    more: dict[str, Any] = {"RANGE": [{"MIN": 0.0, "MAX": 1.0}]}
    if value is not None and not control.is_done:
        more["VALUE"] = [share_of(control, value)]
    access = WRITE if control.is_done else BOTH
    return _node(f"{ROOT}/norm/{control.name}", control.help, "f", access, **more)


def _node(path: str, text: str, of_type: str, access: int, **more: Any) -> dict[str, Any]:
    return {
        "FULL_PATH": path, "DESCRIPTION": text, "TYPE": of_type, "ACCESS": access, **more,
    }  # fmt: skip


def _container(path: str, text: str, contents: dict[str, Any]) -> dict[str, Any]:
    return {"FULL_PATH": path, "DESCRIPTION": text, "ACCESS": 0, "CONTENTS": contents}
