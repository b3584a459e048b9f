"""What one source remembers of how it has moved: its age, its way, its last gesture."""

from __future__ import annotations

from dataclasses import dataclass

from engine.motion.gestures import AT_REST, Gesture, Pose, answer, pose
from engine.motion.journeys import along, travel
from engine.motion.kinds import CROSSES, WAITS


def moves_on(label: str, look: int) -> bool:
    """Whether a drawing goes on its way through the scene."""
    return label in CROSSES and look not in WAITS.get(label, ())


@dataclass
class Life:
    """Begins with the source."""

    seed: tuple[int, ...]
    """Whole numbers, none negative, of the show and the source."""
    age_s: float = 0.0
    travelled: float = 0.0
    """Since it was last in its place, in widths of the picture."""
    gesture: Gesture | None = None
    """The last one."""

    def hear(self, label: str, onset: float) -> None:
        """Answer an onset in [0, 1] of the sound of a label."""
        self.gesture = answer(label, onset, self.age_s, self.gesture)

    def advance(self, seconds: float, motion: float, half: float | None) -> None:
        """Let time pass. half: half the width of its box, over the picture's; None for what stays
        in its place."""
        self.age_s += seconds
        if half is None:
            self.travelled = 0.0
        else:
            self.travelled = travel(self.travelled, seconds, motion, half)

    def pose(self, label: str, look: int, motion: float) -> Pose:
        """How it stands now; motion in [0, 1]."""
        return pose(label, look, self.age_s, self.gesture, self.seed, motion) if motion else AT_REST

    def x(self, x: float, facing: float, half: float) -> float:
        """Where it is now on its way from x, over the width."""
        return along(x, facing, self.travelled, half) if self.travelled else x
