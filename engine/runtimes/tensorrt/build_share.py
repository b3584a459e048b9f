"""From phases within phases to one share that never goes back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class _Phase:
    parent: str | None
    steps: int
    done: int = 0


class BuildShare:
    """Phases have steps; a phase that has a parent is one step of it."""

    def __init__(self) -> None:
        self._phases: dict[str, _Phase] = {}
        self.done = 0.0
        """In [0, 1]."""

    def start(self, name: str, parent: str | None, steps: int) -> None:
        """A phase begins."""
        self._phases[name] = _Phase(parent, max(1, steps))

    def step(self, name: str, step: int) -> None:
        """Step number `step` of a phase is done, counted from 0."""
        phase = self._phases.get(name)
        if phase is not None:
            phase.done = max(phase.done, step + 1)
            self.done = max(self.done, self._share())

    def finish(self, name: str) -> None:
        """A phase is over, all of its steps done or not."""
        self._phases.pop(name, None)

    def _share(self) -> float:
        """Of the outermost phase, with what its inner ones have done of its present step."""
        outermost = next((n for n, p in self._phases.items() if p.parent is None), None)
        share, width = 0.0, 1.0
        while outermost is not None:
            phase = self._phases[outermost]
            width /= phase.steps
            share += width * min(phase.done, phase.steps)
            if phase.done >= phase.steps:
                break
            outermost = next((n for n, p in self._phases.items() if p.parent == outermost), None)
        return min(share, 1.0)
