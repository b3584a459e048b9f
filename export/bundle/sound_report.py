"""What a bundle says about its sound models: temperature, figures, training, whom to thank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from training.loop.trainer import load_checkpoint
from training.sound.recordings import credits, read_manifest


def sound_report(
    separator: Path | None, encoder: Path | None, sounds: Path | None
) -> dict[str, Any]:
    """JSON-ready facts read from the checkpoints and the recordings' manifest; None is
    untrained."""
    facts: dict[str, Any] = {
        "measured": {},
        "training": {},
        "credits": credits(read_manifest(sounds)) if sounds else [],
    }
    heard = load_checkpoint(encoder) if encoder else None
    if heard is not None:
        said = heard["facts"]
        if "temperature" in said:
            facts["label_temperature"] = round(float(said["temperature"]), 4)
        honest = said.get("honest")
        if honest:
            facts["measured"]["hearing_top1_held_out"] = round(honest["top1"], 4)
            facts["measured"]["hearing_top3_held_out"] = round(honest["top3"], 4)
            facts["measured"]["hearing_top1_per_label"] = {
                name: round(share, 3) for name, share in honest["per_label"].items()
            }
        facts["training"]["encoder"] = {
            "objective": "symmetric contrastive sound-text, soft targets for mixtures",
            "last_stage": said.get("stage"),
            "steps_of_last_stage": heard["step"],
            "minutes_of_last_stage": round(heard["spent_s"] / 60, 1),
            "note": "figures are of the first stage, which never met the held-out recordings",
        }
    parted = load_checkpoint(separator) if separator else None
    if parted is not None:
        said = parted["facts"]
        honest = said.get("honest") or ({} if said.get("everything") else said)
        facts["measured"]["si_sdr_improvement_two_sources_db"] = honest.get("two_sources_db")
        facts["measured"]["si_sdr_improvement_three_sources_db"] = honest.get("three_sources_db")
        facts["measured"]["si_sdr_one_source_alone_db"] = honest.get("one_source_db")
        facts["training"]["separator"] = {
            "objective": "permutation-invariant thresholded SNR, later MixIT with sparsity too",
            "share_of_mixit": said.get("share_of_mixit"),
            "held_out_recordings_kept_away": not said.get("everything", False),
            "steps_of_last_stage": parted["step"],
            "minutes_of_last_stage": round(parted["spent_s"] / 60, 1),
        }
    return facts
