"""What a bundle from public checkpoints says of itself: its manifest's facts and its card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from engine.bundle.load import Bundle
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
        "sample_rate_hz": heard.sample_rate_hz,
        "window_s": heard.window_s,
        "hop_s": heard.hop_s,
        "sources": heard.sources,
        "embedding_dim": heard.embedding_dim,
        "labels": list(heard.labels),
        "label_temperature": heard.label_temperature,
        "separator": {
            "latency_samples": heard.separator.latency_samples,
            "frame_samples": heard.separator.frame_samples,
            "state_size": heard.separator.state_size,
        },
        "pictures": {
            "scene": list(asked.size),
            "panel": list(asked.panel),
            "latent_channels": made.channels,
            "latent_factor": made.factor,
            "steps": list(asked.steps),
            "looks": 1,
            "lights": list(LIGHTS),
            "seasons": list(SEASONS),
            "styles": list(STYLES),
        },
        "training": {
            "pictures": {"checkpoint": made.diffusion, "look": asked.look},
            **{
                part: {"bundle": heard.name, **heard.training.get(part, {})}
                for part in ("encoder", "separator")
            },
        },
        "measured": {
            "export_precision": asked.precision,
            "export_relative_error": {name: float(f"{e:.3g}") for name, e in made.errors.items()},
        },
        "credits": [dict(c) for c in heard.credits],
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
            "## Parity with torch",
            "",
            f"Precision {measured['export_precision']}; root mean square of the difference over",
            "that of torch's answer, on fresh random inputs, at batch 1 and 5.",
            "",
            "| file | relative error |",
            "| --- | --- |",
            *(f"| {n} | {e:.1e} |" for n, e in measured["export_relative_error"].items()),
            "",
            "## Limits",
            "",
            "Where in the picture a source stands is the checkpoint's choice.",
            "",
            "## Authors of the recordings that separator and encoder learned from",
            "",
            *(f"- {c['author']} ({c['licence']}, {c['files']} files)" for c in facts["credits"]),
            *([] if facts["credits"] else ["None are named."]),
            "",
        ]
    )
