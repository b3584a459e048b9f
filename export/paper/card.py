"""What a bundle of a paper's system says of itself: its manifest's facts and its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from engine.bundle.load import Bundle
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
            "scene": [pixels, pixels],
            "panel": [pixels, pixels],
            "latent_channels": channels,
            "latent_factor": factor,
            "steps": list(steps),
            "looks": 1,
            "lights": list(LIGHTS),
            "seasons": list(SEASONS),
            "styles": list(STYLES),
        },
        "training": {
            "pictures": {
                "system": run.system, "generator": run.generator, "seed": run.seed,
                "steps": run.steps or 0, "takes": asked.takes,
            },
            **{
                part: {"bundle": heard.name, **heard.training.get(part, {})}
                for part in ("encoder", "separator")
            },
        },
        "measured": {
            "export_precision": asked.precision,
            "export_relative_error": {name: float(f"{e:.3g}") for name, e in errors.items()},
        },
        "credits": [dict(c) for c in heard.credits],
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
            "## Parity with torch",
            "",
            f"Precision {measured['export_precision']}; root mean square of the difference over",
            "that of torch's answer, on fresh random inputs, at batch 1, 3 and 5.",
            "",
            "| file | relative error |",
            "| --- | --- |",
            *(f"| {n} | {e:.1e} |" for n, e in measured["export_relative_error"].items()),
            "",
            "## Limits",
            "",
            "Light, season, style and the places of sources are the painter's choice.",
            "",
            "## Authors of the recordings that separator and encoder learned from",
            "",
            *(f"- {c['author']} ({c['licence']}, {c['files']} files)" for c in facts["credits"]),
            *([] if facts["credits"] else ["None are named."]),
            "",
        ]
    )
