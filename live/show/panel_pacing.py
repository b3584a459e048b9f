"""How many panels come with a picture: what there is room for, and one now and then in any case.

Where the governor gave the panels up, or a new hearing is there whenever a picture is done, they
are still painted one at a time: a sound that begins gets its picture soon, and no panel keeps an
old picture for long while the name under it moves on.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from engine.painting.governor import Plan

AS_DUE = 99
"""As many as the plan's pace asks for."""
OVERDUE_S = 0.6
"""Panels that were not painted for so long are painted, whether there is room or not."""
RESTING_S = 1.0
"""Panels that were given up come one in so many seconds where there is room, ..."""
STARVED_S = 4.0
"""... and one in so many where there is none."""
EMPTY_S = 1.0
"""The same while a panel has no picture yet."""


def most_panels(
    plan: Plan, fresh: bool, standing: int, empty: bool, since_s: float, fits: Callable[[int], bool]
) -> int:
    """How many panels at most the next picture brings: 0, 1 or `AS_DUE`.

    Args:
        plan: of the governor.
        fresh: whether the picture is the first of a hearing, which panels should not keep waiting.
        standing: panels that there are.
        empty: whether one of them has no picture yet.
        since_s: how long ago the last panels were painted.
        fits: whether so many beside the scene are done before hearing wants the cores.
    """
    if not standing:
        return AS_DUE if plan.panels_every and not fresh else 0
    if plan.panels_every and not fresh:
        due = math.ceil(standing / plan.panels_every)
        return AS_DUE if since_s > OVERDUE_S or fits(due) else 0
    if since_s > (EMPTY_S if empty else STARVED_S):
        return 1
    return 1 if not fresh and since_s > RESTING_S and fits(1) else 0
