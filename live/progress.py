"""A progress bar for long work, on a terminal only."""

from __future__ import annotations

from typing import Any

_SOUND_FORMAT = "{desc}  {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s of sound  {remaining} left"
_STREAM_FORMAT = "{desc}  {n:.0f} s of sound  {elapsed}"
_STEP_FORMAT = "{desc}  {percentage:3.0f}%|{bar:20}| {n}/{total}  {elapsed}  {postfix}"


def sound_progress(what: str, seconds: float) -> Any:
    """Return a bar over seconds of sound: a context with `.update(seconds)`.

    It draws on standard error, and nothing when that is not a terminal. `seconds` may prove too
    few, or be 0.0 when nobody knows.
    """
    from tqdm import tqdm

    class SoundBar(tqdm):
        def update(self, n: float | None = 1) -> bool | None:
            if self.total is not None:  # the format needs a total that is not passed
                self.total = max(self.total, self.n + (n or 0))
            return super().update(n)

    return SoundBar(
        total=seconds or None,
        desc=what,
        bar_format=_SOUND_FORMAT if seconds else _STREAM_FORMAT,
        disable=None,
        leave=False,
        delay=0.3,
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


def count_progress(what: str, of: str, total: int | None = None, done: int = 0) -> Any:
    """Return a bar over many things, of which some were done before: `.update(count)`.

    total: None where nobody knows yet. It draws on standard error, and nothing when that is not a
    terminal.
    """
    from tqdm import tqdm

    return tqdm(
        total=total, initial=done, desc=what, unit=f" {of}", disable=None, leave=False,
        dynamic_ncols=True, delay=0.3, smoothing=0.05,
    )  # fmt: skip
