"""The highest learning rates that training of the sound side begins with, unless told otherwise."""

from __future__ import annotations

SEPARATOR = 2e-3
ENCODER = 2e-3
