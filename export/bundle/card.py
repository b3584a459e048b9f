"""The model card: what a bundle is, what it learned from, what it reaches, whom to thank."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DRAWINGS = Path(__file__).parents[2] / "training" / "world" / "drawings"

LIMITS = (
    "It knows the labels above; what else there is it calls unknown, or by the nearest of them.",
    "Sounds that are alike are confused (stream and rain, cow and boat), faint ones beside loud",
    "ones go unheard, and the separator leaks. The pictures are of one world, drawn by a program;",
    "four sources at most. None of it was tested as a measuring instrument: not for surveillance",
    "or safety.",
)


@dataclass(frozen=True, slots=True)
class Drawings:
    """A set of drawings that subjects are taken from."""

    name: str
    author: str
    licence: str
    count: int


def read_drawings(folder: Path = DRAWINGS) -> list[Drawings]:
    """The openly licensed sets in a folder, the one used most first."""
    found = []
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        found.append(
            Drawings(told["name"], told["author"], told["licence"], len(told["bodies"]))
        )
    return sorted(found, key=lambda drawings: -drawings.count)


def card(facts: Mapping[str, Any], drawings: Sequence[Drawings]) -> str:
    """CARD.md of a bundle.

    Args:
        facts: what bundle.json says, without its files.
        drawings: the sets that the picture world takes its subjects from.
    """
    pictures = facts["pictures"]
    (height, width), side = pictures["scene"], pictures["panel"][0]
    return "\n".join(
        [
            f"# {facts['name']}",
            "",
            f"Hears {len(facts['labels'])} kinds of sound, up to {facts['sources']} at once, and",
            f"paints them: one scene of {width} x {height} pixels, and a panel of {side} x {side}",
            f"for each source, in {_either(pictures['steps'])} steps. Light, season and style",
            f"are asked for by name. Licence of the weights: {_licence(facts['licence'])}.",
            "",
            f"Labels: {', '.join(facts['labels'])}.",
            "",
            "## Data",
            "",
            "Sound: the recordings credited below, and sounds made by `engine/synthesis`,",
            "both augmented. Recordings are split by file and collection; figures of held-out",
            "recordings are of models that had never met them.",
            "",
            "Pictures: painted by `training/world`, deterministic for a seed, with their truth. No",
            "photograph or picture of anybody else went in. The drawings of the subjects, which",
            "the weights keep too, on a small grid, and lay into the pictures:",
            "",
            "| drawings | author | licence | used |",
            "| --- | --- | --- | --- |",
            *(f"| {d.name} | {d.author} | {d.licence} | {d.count} |" for d in drawings),
            "| the project's own | the authors of Soundglass | Apache-2.0 | the others |",
            "",
            "## Training",
            "",
            "| part | how |",
            "| --- | --- |",
            *(f"| {part} | {_listed(how)} |" for part, how in facts["training"].items()),
            "",
            "## Figures",
            "",
            *_figures(facts["measured"]),
            "",
            "## Limits",
            "",
            *LIMITS,
            "",
            "## Authors of the recordings",
            "",
            *(f"- {c['author']} ({c['licence']}, {c['files']} files)" for c in facts["credits"]),
            *([] if facts["credits"] else ["None: all sounds were synthesised."]),
            "",
        ]
    )


def _licence(short: str) -> str:
    """As people write it: "CC BY 4.0" for "CC-BY-4.0"."""
    return short.replace("-", " ") if short.startswith("CC-") else short


def _figures(measured: Mapping[str, Any]) -> list[str]:
    """The table of `training.evaluate` if it was run, and what the trainers measured."""
    lines = []
    evaluation = measured.get("evaluation")
    if evaluation:
        lines += [
            "By `python -m training.evaluate`; spreads are half of the 95 % interval.",
            *([evaluation["note"]] if "note" in evaluation else []),
            "",
            "| measure | measured | first target | then | note |",
            "| --- | --- | --- | --- | --- |",
            *map(_row, evaluation["rows"]),
            "",
        ]
    plain = {key: value for key, value in measured.items() if isinstance(value, int | float)}
    if plain:
        lines += ["By the trainers:", ""]
        lines += [f"- {key.replace('_', ' ')}: {_number(value)}" for key, value in plain.items()]
    return lines or ["None were taken."]


def _row(row: Mapping[str, Any]) -> str:
    value = "-" if row["value"] is None else f"{_number(row['value'])} {row['unit']}".strip()
    if row["value"] is not None and row.get("spread") is not None:
        value += f" ± {_number(row['spread'])}"
    first, push = ("" if row.get(key) is None else f"{row[key]:g}" for key in ("first", "push"))
    return f"| {row['name']} | {value} | {first} | {push} | {row.get('note', '')} |"


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _listed(how: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{key.replace('_', ' ')} {value}" for key, value in how.items() if value is not None
    )


def _either(steps: Iterable[int]) -> str:
    return " or ".join(str(step) for step in steps)
