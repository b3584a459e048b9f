"""A progress bar for long work, on a terminal only."""

from __future__ import annotations

from typing import Any

_SOUND_FORMAT = "{desc}  {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s of sound  {remaining} left"
_STEP_FORMAT = "{desc}  {percentage:3.0f}%|{bar:20}| {n}/{total}  {elapsed}  {postfix}"


def sound_progress(what: str, seconds: float) -> Any:
    """Return a bar over seconds of sound: a context with `.update(seconds)`.

    It draws on standard error, and nothing when that is not a terminal.
    """
    from tqdm import tqdm

    return tqdm(
        total=seconds, desc=what, bar_format=_SOUND_FORMAT, disable=None, leave=False, delay=0.3
    )


def step_progress(what: str, steps: int) -> Any:
    """Return a bar over steps of some seconds each: a context with `.update(steps)`.

    `.set_postfix_str(text)` says what is being done. It draws on standard error, and nothing when
    that is not a terminal.
    """
    from tqdm import tqdm

    return tqdm(
        total=steps, desc=what, bar_format=_STEP_FORMAT, disable=None, leave=False, ncols=100
    )
