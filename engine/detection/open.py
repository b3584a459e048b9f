"""A fresh hearer for a bundle, of the kind that its models are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from engine.detection.hearer import Hearer as DetectingHearer
from engine.hearing.hearer import Hearer as SlotHearer

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels

Hearer: TypeAlias = DetectingHearer | SlotHearer


def open_hearer(
    bundle: Bundle,
    models: BundleModels,
    window_s: float | None = None,
    hop_s: float | None = None,
    max_sources: int = 4,
    sensitivity_db: float = 0.0,
) -> Hearer:
    """window_s, hop_s: None for the bundle's. max_sources: tracks at a time, 1 or more.

    Raises ValueError for a hop or window that makes no sense.
    """
    kind = DetectingHearer if bundle.manifest.detects else SlotHearer
    return kind(bundle, models, window_s, hop_s, max_sources, sensitivity_db)
