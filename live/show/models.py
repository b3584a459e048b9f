"""Opening a bundle's models as the settings want them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.trace import span

if TYPE_CHECKING:
    from engine.bundle.load import Bundle, BundleModels
    from live.settings.model import Settings


def open_models(
    bundle: Bundle, settings: Settings, steps: Sequence[int] | None = None
) -> BundleModels:
    """Open the models; takes some tenths of a second to seconds.

    steps: the generators to open, None for all. Raises BundleError or RuntimeMissing.
    """
    exact = settings.precision == "float32"
    with span("open the models"):
        return bundle.models(settings.runtime, settings.threads or None, steps, exact)
