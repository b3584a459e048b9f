"""What a bundle of a paper's system says of itself: its manifest's facts and its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bundle.load import Bundle
from export.bundle.by_other_painters import (
    author_lines,
    hearing_facts,
    measured_facts,
    parity_lines,
    picture_facts,
    training_facts,
)
from export.paper.request import PaperRequest
from training.papers.harness.runs import Run


def facts(
    asked: PaperRequest, run: Run, ears: Bundle, steps: tuple[int, ...], pixels: int,
    channels: int, factor: int, errors: Mapping[str, float],
) -> dict[str, Any]:  # fmt: skip
    """Everything in bundle.json that cannot be read off the files.

    pixels: of the square that the painter was made for. channels, factor: of its noise.
    """
    heard = ears.manifest
    return {
        "name": asked.out.name,
        "licence": f"as the checkpoints of the run; separator and encoder {heard.licence}",
        **hearing_facts(heard),
        "pictures": picture_facts((pixels, pixels), (pixels, pixels), channels, factor, steps),
        "training": training_facts(
            {
                "system": run.system, "generator": run.generator, "seed": run.seed,
                "steps": run.steps or 0, "takes": asked.takes,
            },
            heard,
        ),
        "measured": measured_facts(asked.precision, errors),
    }  # fmt: skip


def card(facts: Mapping[str, Any]) -> str:
    """CARD.md of a bundle with these facts."""
    training, measured = facts["training"], facts["measured"]
    painted, (side, _) = training["pictures"], facts["pictures"]["scene"]
    return "\n".join(
        [
            f"# {facts['name']}",
            "",
            f"Paints as {painted['system']} with the generator {painted['generator']} was trained",
            f"to, squares of {side} pixels, and hears {len(facts['labels'])} kinds of sound as",
            f"{training['encoder']['bundle']} does. What stands for a name is what the system's",
            f"own ear made of {painted['takes']} synthesised sounds of it.",
            f"Licence: {facts['licence']}. Their cards say what may be done with its pictures.",
            "",
            *parity_lines(measured, "1, 3 and 5"),
            "## Limits",
            "",
            "Light, season, style and the places of sources are the painter's choice.",
            "",
            *author_lines(facts),
        ]
    )
