"""What bundles have in common that hear as another one does and paint by a painter of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.atmosphere_choice import LIGHTS, SEASONS, STYLES
from engine.bundle.load import Bundle
from engine.bundle.manifest import Manifest
from engine.system.terminal import say


def hearing_facts(heard: Manifest) -> dict[str, Any]:
    """Everything in bundle.json that is the ears'."""
    return {
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
        "credits": [dict(c) for c in heard.credits],
    }


def picture_facts(
    scene: Sequence[int], panel: Sequence[int], channels: int, factor: int, steps: Sequence[int]
) -> dict[str, Any]:
    """The pictures: (height, width) of both kinds; channels, factor: of the noise."""
    return {
        "scene": list(scene),
        "panel": list(panel),
        "latent_channels": channels,
        "latent_factor": factor,
        "steps": list(steps),
        "looks": 1,
        "lights": list(LIGHTS),
        "seasons": list(SEASONS),
        "styles": list(STYLES),
    }


def training_facts(pictures: Mapping[str, Any], heard: Manifest) -> dict[str, Any]:
    """How its parts were trained. pictures: the painter."""
    parts = ("encoder", "separator")
    return {
        "pictures": dict(pictures),
        **{part: {"bundle": heard.name, **heard.training.get(part, {})} for part in parts},
    }


def measured_facts(precision: str, errors: Mapping[str, float]) -> dict[str, Any]:
    """What the export measured. errors: file to its relative error against torch."""
    return {
        "export_precision": precision,
        "export_relative_error": {name: float(f"{e:.3g}") for name, e in errors.items()},
    }


def parity_lines(measured: Mapping[str, Any], batches: str) -> list[str]:
    """Of the card. batches: that were compared, in words."""
    return [
        "## Parity with torch",
        "",
        f"Precision {measured['export_precision']}; root mean square of the difference over",
        f"that of torch's answer, on fresh random inputs, at batch {batches}.",
        "",
        "| file | relative error |",
        "| --- | --- |",
        *(f"| {n} | {e:.1e} |" for n, e in measured["export_relative_error"].items()),
        "",
    ]


def author_lines(facts: Mapping[str, Any]) -> list[str]:
    """Of the card."""
    return [
        "## Authors of the recordings that separator and encoder learned from",
        "",
        *(f"- {c['author']} ({c['licence']}, {c['files']} files)" for c in facts["credits"]),
        *([] if facts["credits"] else ["None are named."]),
        "",
    ]


def say_built(bundle: Bundle) -> None:
    """Tell whoever ordered it that it is there, and how near to torch."""
    say(f"{bundle.folder}: {bundle.megabytes:.0f} MB, verified; try it with")
    say(f"    soundglass live --bundle {bundle.folder}")
    for name, error in bundle.manifest.measured["export_relative_error"].items():
        say(f"    {name} is {error:.1e} off torch")
