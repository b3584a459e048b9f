"""Settings with which a show runs that crashes with those it was given."""

from __future__ import annotations

from dataclasses import fields, replace

from live.settings.model import Settings

KEPT = frozenset(
    (
        *("input", "sensitivity_db", "fullscreen", "screen", "headless", "wait"),
        *("hours", "place", "log", "keep", "light", "season", "style", "seed"),
    )
)
"""Settings that are kept: what is listened to, where and when it is shown, and how it looks. All
others, and above all what sends, records or is sent to, may be what makes it crash."""


def safe_settings(settings: Settings) -> Settings:
    """Return settings with the defaults for all but `KEPT`, and the plainest runtime."""
    kept = {each.name: getattr(settings, each.name) for each in fields(settings)}
    kept = {name: value for name, value in kept.items() if name in KEPT}
    return replace(Settings(**kept), runtime="onnxruntime")
