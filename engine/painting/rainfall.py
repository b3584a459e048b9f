"""Which sounds are rain for the pictures."""

from __future__ import annotations

from engine.hearing.naming import Naming
from engine.packets import F32
from engine.painting.composition import sharpen

LABEL = "rain"
"""Of the sound that falls. A bundle whose vocabulary lacks it stays dry."""


def rain_share(naming: Naming, embedding: F32) -> float:
    """In [0, 1]: how much of rain a sound (d,) is for the pictures."""
    if LABEL not in naming.names:
        return 0.0
    return float(sharpen(naming.probabilities(embedding))[naming.names.index(LABEL)])
