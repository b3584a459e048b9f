"""What of a sound could not be read, gathered while it is read and told in one line."""

from __future__ import annotations

from engine.system.terminal import print_error

PART_READ = 3
"""Exit code of a command that used the part of a sound that could be read."""
SHOWN = 3
"""So many places are named; of the others their number."""
TOGETHER_S = 0.5
"""Places no further apart are one."""


class SoundFaults:
    """Begins empty; the reader adds to it."""

    def __init__(self) -> None:
        self._places: list[tuple[float, float]] = []
        """(where it begins, how much is lost) in seconds, 0.0 when nobody knows."""
        self._end_s = -TOGETHER_S
        self._not_finite = 0
        self._first_not_finite_s = 0.0
        self._cut: tuple[float, float] | None = None

    def add_loss(self, at_s: float, seconds: float) -> None:
        """Note `seconds` at `at_s` that could not be read; silence stands in for them."""
        if self._places and at_s - self._end_s <= TOGETHER_S:
            begin_s, lost_s = self._places[-1]
            self._places[-1] = (begin_s, lost_s + seconds)
        else:
            self._places.append((at_s, seconds))
        self._end_s = at_s + seconds

    def add_not_finite(self, at_s: float, samples: int) -> None:
        """Note samples that are not finite or far too large, the first at at_s."""
        if not self._not_finite:
            self._first_not_finite_s = at_s
        self._not_finite += samples

    def set_cut_off(self, at_s: float, missing_s: float) -> None:
        """Note that the sound ends at at_s, missing_s before its time (0.0: unknown)."""
        self._cut = (at_s, missing_s)

    def describe(self, name: str) -> str | None:
        """Return what could not be read, None when all could."""
        said: list[str] = []
        if self._places:
            places = [
                f"{f'{long_s:.2f} s' if long_s >= 0.005 else 'a moment'} at {at_s:.1f} s"
                for at_s, long_s in self._places[:SHOWN]
            ]
            more = len(self._places) - SHOWN
            places += [f"{more} more places"] if more > 0 else []
            said.append(f"{', '.join(places)} cannot be read and counts as silence")
        if self._not_finite:
            said.append(
                f"{self._not_finite} samples are not numbers and count as silence, the first at "
                f"{self._first_not_finite_s:.2f} s"
            )
        if self._cut:
            at_s, missing_s = self._cut
            rest = f", {missing_s:.1f} s before its end" if missing_s else ""
            said.append(f"it breaks off at {at_s:.1f} s{rest}")
        if not said:
            return None
        return f"{name} is damaged: {'; '.join(said)}. The rest is used."


def report_damage(fault: str | None) -> int:
    """Say on standard error what could not be read, if anything; return the exit code."""
    if fault is None:
        return 0
    print_error("soundglass", fault)
    return PART_READ
