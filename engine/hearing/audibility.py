"""Which separator slots hold a sound, with hysteresis so that none flickers at the border."""

from __future__ import annotations

from collections.abc import Sequence

from engine.sound.loudness import FLOOR_LUFS

SILENT_LUFS = -45.0
"""Under this a slot holds nothing."""
FAR_UNDER_LU = 25.0
"""So much under the loudest slot, it holds nothing but bleed from other slots."""
STICKY_LU = 4.0
"""A slot that held something goes on doing so down to this much less."""


class Audibility:
    """Decides hop by hop which slots are audible."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget which slots were audible."""
        self._active: frozenset[int] = frozenset()

    def update(
        self, levels_lufs: Sequence[float], sensitivity_db: float
    ) -> tuple[list[int], float]:
        """The audible slots, ascending, and the level in LUFS from which a slot can be one.

        levels_lufs: of every slot now, at least one. sensitivity_db: lowers SILENT_LUFS by so much.
        """
        threshold = max(SILENT_LUFS - sensitivity_db, max(levels_lufs) - FAR_UNDER_LU)
        # Digital silence is at the floor, and no sensitivity makes a source of it.
        threshold = max(threshold, FLOOR_LUFS + STICKY_LU + 0.1)
        audible = [
            slot
            for slot, level in enumerate(levels_lufs)
            if level > threshold - (STICKY_LU if slot in self._active else 0.0)
        ]
        self._active = frozenset(audible)
        return audible, threshold - STICKY_LU
