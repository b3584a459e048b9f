"""The highest learning rates that training of the sound side begins with, unless told otherwise."""

from __future__ import annotations

SEPARATOR = 2e-3
ENCODER = 2e-3
TOGETHER = 4e-4
"""Of both at once, after each has learned alone."""
