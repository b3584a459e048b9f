"""What a bundle says about its sound models: figures, training, whom to thank."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.loop.checkpoints import load_checkpoint
from training.sound.recordings import credits, read_manifest

OBJECTIVES = {
    "encoder": "presences of labels in mixtures of one to three, contrast with their words, what a "
    "public tagger says of each sound alone where one has heard it",
    "separator": "permutation-invariant thresholded SNR, MixIT with sparsity",
}
TEACHER = (
    "EfficientAT mn04_as (Schmid, Koutini, Widmer 2023; MIT), to whose authors thanks, and the "
    "class names of AudioSet (CC BY 4.0); nothing of its file is in here"
)
ESC50 = (
    "gathered by K. J. Piczak (2015), whose collection as a whole is declared non-commercial: only "
    "clips whose own Freesound licence is CC0 or CC BY were taken, clip by clip, under that licence"
)
MEASURED = {
    "top1": "hearing_top1_held_out",
    "top3": "hearing_top3_held_out",
    "both": "two_sounds_both_strongest_held_out",
    "calibration_error": "calibration_error",
    "two_sources_db": "si_sdr_improvement_two_sources_db",
    "three_sources_db": "si_sdr_improvement_three_sources_db",
    "one_source_db": "si_sdr_one_source_alone_db",
}
"""What the trainers measured on recordings kept away: their name for it, and the bundle's."""


def sound_report(checkpoints: Mapping[str, Path], sounds: Path | None) -> dict[str, Any]:
    """JSON-ready facts of a bundle: `measured`, `training`, and `credits` where there are any.

    checkpoints: of "encoder", "separator" or both; who is not there is untrained. sounds: the
    recordings that they learned from.
    """
    report: dict[str, Any] = {"measured": {}, "training": {}}
    for part, path in checkpoints.items():
        saved = load_checkpoint(path)
        if saved is None:
            continue
        told = saved["facts"]
        report["training"][part] = {
            "objective": OBJECTIVES[part],
            "steps": saved["step"],
            "minutes": round(saved["spent_s"] / 60, 1),
        }
        if part == "separator":
            report["training"][part]["share_of_mixit"] = told.get("share_of_mixit")
        elif told.get("taught", True):
            report["training"][part]["teacher"] = TEACHER
        if told.get("held_out"):
            report["measured"] |= {
                MEASURED[name]: round(value, 4) for name, value in told.items() if name in MEASURED
            }
    if sounds is not None:
        recordings = read_manifest(sounds)
        report["credits"] = credits(recordings)
        report["training"]["recordings"] = {"files": len(recordings)}
        if any(each.collection == "esc50" for each in recordings):
            report["training"]["recordings"]["esc50"] = ESC50
    return report
