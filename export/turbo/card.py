"""What a bundle from public checkpoints says of itself: its manifest's facts and its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from export.turbo.prompts import style_templates
from export.turbo.request import BuildRequest


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What the export found out."""

    diffusion: str
    """Name of its checkpoint."""
    channels: int
    """Latent channels."""
    factor: int
    """Pixels over latents."""
    errors: Mapping[str, float]
    """File to its relative error against torch."""


def facts(asked: BuildRequest, made: BuildResult, ears: Bundle) -> dict[str, Any]:
    """Everything in bundle.json that cannot be read off the files.

    ears: the bundle that it hears by.
    """
    heard = ears.manifest
    return {
        "name": asked.out.name,
        "licence": f"as {made.diffusion}; separator and encoder {heard.licence}",
        **hearing_facts(heard),
        "pictures": picture_facts(
            asked.size, asked.panel, made.channels, made.factor, asked.steps
        ),
        "training": training_facts(
            {"checkpoint": made.diffusion, "look": asked.look}, heard
        ),
        "measured": measured_facts(asked.precision, made.errors),
    }


def card(facts: Mapping[str, Any]) -> str:
    """CARD.md of a bundle with these facts."""
    training, measured = facts["training"], facts["measured"]
    (height, width), (ph, pw) = facts["pictures"]["scene"], facts["pictures"]["panel"]
    templates = style_templates(training["pictures"]["look"])
    return "\n".join(
        [
            f"# {facts['name']}",
            "",
            "Built by `export.turbo` from a public checkpoint; nothing was trained. Hears",
            f"{len(facts['labels'])} kinds of sound as {training['encoder']['bundle']} does,",
            f"paints by {training['pictures']['checkpoint']}: a scene of {width} x {height} pixels",
            f"and a panel of {pw} x {ph} for each of up to {facts['sources']} sources.",
            f"Licence: {facts['licence']}. The checkpoint's own card says what may be done with",
            "its pictures.",
            "",
            "## Prompts",
            "",
            "| style | prompt of a sound |",
            "| --- | --- |",
            *(
                f"| {style} | {template.format('...')} |"
                for style, template in zip(facts["pictures"]["styles"], templates, strict=True)
            ),
            "",
            *parity_lines(measured, "1 and 5"),
            "## Limits",
            "",
            "Where in the picture a source stands is the checkpoint's choice.",
            "",
            *author_lines(facts),
        ]
    )
