"""Numbers on a command line that make sense: a run of minus one minute would never end."""

from __future__ import annotations

import argparse
import math


def duration(text: str) -> float:
    """Minutes or hours, 0 or more."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (0 <= number < math.inf):
        raise argparse.ArgumentTypeError(f"{text} is no length of time: give a number from 0 up")
    return number


def count(text: str) -> int:
    """A whole number, 1 or more."""
    number = int(text) if text.strip().isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of things: give 1 or more")
    return number


def whole(text: str) -> int:
    """A whole number, 0 or more."""
    return 0 if text.strip() == "0" else count(text)
