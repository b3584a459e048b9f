"""The model card names what went in, what came out, and whom to thank."""

from __future__ import annotations

import json
from pathlib import Path

from export.bundle.card import card, read_drawings

FACTS = {
    "name": "small",
    "licence": "CC-BY-4.0",
    "sources": 4,
    "labels": ["rain", "owl"],
    "pictures": {"scene": [288, 512], "panel": [256, 256], "steps": [1, 2]},
    "training": {"teacher": {"steps": 12, "minutes": 3.5, "held_out": None}},
    "measured": {"hearing_top1_held_out": 0.4912, "sound_parity": {"encoder": 1e-6}},
    "credits": [{"author": "Ada", "licence": "CC BY 4.0", "files": 3}],
}


def test_everything_of_consequence_is_in_it(tmp_path: Path) -> None:
    drawn = {"name": "Set", "author": "Bob", "licence": "MIT", "bodies": {"owl": {}, "cow": {}}}
    (tmp_path / "s.json").write_text(json.dumps(drawn))
    text = card(FACTS, read_drawings(tmp_path))
    assert "512 x 288" in text
    assert "1 or 2 steps" in text
    assert "Licence of the weights: CC BY 4.0." in text
    assert "| Set | Bob | MIT | 2 |" in text
    assert "- Ada (CC BY 4.0, 3 files)" in text
    assert "| teacher | steps 12, minutes 3.5 |" in text
    assert "- hearing top1 held out: 0.491" in text
    assert all(f"## {part}" in text for part in ("Data", "Training", "Figures", "Limits"))


def test_an_evaluation_becomes_its_table() -> None:
    rows = [
        {"name": "R@2*", "value": 41.25, "unit": "%", "spread": 3.1, "first": 30, "push": 55,
         "note": "n 96"},
        {"name": "few-step gap", "value": None, "unit": "x", "spread": None, "first": 1.15,
         "push": 1.05, "note": "not measured: no teacher"},
    ]  # fmt: skip
    text = card({**FACTS, "measured": {"evaluation": {"rows": rows}}, "credits": []}, [])
    assert "| R@2* | 41.2 % ± 3.1 | 30 | 55 | n 96 |" in text
    assert "| few-step gap | - | 1.15 | 1.05 | not measured: no teacher |" in text
    assert "all sounds were synthesised" in text


def test_the_world_s_own_drawings_say_their_licence() -> None:
    sets = read_drawings()
    assert sets
    assert all(each.licence and each.author and each.count for each in sets)
