"""What can be tuned, and every combination of it that a machine and a bundle allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from live.settings.model import Settings

if TYPE_CHECKING:
    from engine.bundle.manifest import Manifest

WINDOWS = (1.0, 0.75, 0.5)
"""Shares of the window that the bundle was made for."""
HOPS_S = (0.1, 0.2, 0.3, 0.5)
SIZES = (1.0, 0.75, 0.5)
"""Of pictures, as shares of the bundle's own."""
PACES = (1, 2, 4)
"""Each panel in every so many pictures."""
LEAST_WINDOW_S = 1.0
UNGOVERNED_MS = 5000.0
"""A target so far away that nothing is given up: the settings themselves are measured."""

PROFILE = (
    *("window", "hop", "panels", "panels-every", "steps", "size"),
    *("runtime", "threads", "precision", "target"),
)
"""The settings that a tuned profile holds."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs the models."""

    runtime: str
    threads: int
    precision: str = "auto"

    def __str__(self) -> str:
        kind = "" if self.precision == "auto" else f" in {self.precision}"
        return f"{self.runtime}{kind}, {self.threads} thread{'s' if self.threads > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One combination of everything that is tuned."""

    window_s: float
    hop_s: float
    steps: int
    size: float
    panels: int
    panels_every: int
    engine: Engine

    @property
    def key(self) -> str:
        """A name by which its measurement is remembered."""
        return (
            f"{self.engine.runtime}/{self.engine.threads}/{self.engine.precision} "
            f"{self.window_s:g}/{self.hop_s:g} {self.steps} {self.size:g} "
            f"{self.panels}/{self.panels_every}"
        )

    def settings(self, base: Settings, target_ms: float = UNGOVERNED_MS) -> Settings:
        """Return the settings of a show of this candidate; what is not tuned is as in base."""
        own = {name: value for name, value in asdict(self).items() if name != "engine"}
        return replace(
            base, **own, runtime=self.engine.runtime, threads=self.engine.threads,
            precision=self.engine.precision, target_ms=target_ms,
        )  # fmt: skip

    def quality(self, own_window_s: float, own_hop_s: float) -> tuple[float, ...]:
        """Return how good it is apart from its speed; tuples compare, larger is better.

        Hearing comes first, since what is not heard cannot be painted: a window shorter than the
        bundle was made for is heard less surely, and a longer hop notices later. Then the size of
        the pictures, then sampler steps, then how often panels are repainted. Of precisions one
        sees nothing: the faster is the better.
        """
        return (
            min(1.0, self.window_s / own_window_s),
            min(1.0, own_hop_s / self.hop_s),
            self.size,
            float(self.steps),
            -float(self.panels_every if self.panels else 0),
        )

    def __str__(self) -> str:
        pace = f" every {self.panels_every}" if self.panels_every > 1 and self.panels else ""
        size = f" at size {self.size:g}" if self.size < 1.0 else ""
        return (
            f"{self.steps} step{'s' if self.steps > 1 else ''}{size}, {self.panels} panels{pace}, "
            f"window {self.window_s:g} s, hop {self.hop_s:g} s"
        )


@dataclass(frozen=True, slots=True)
class Sweep:
    """The values of everything that is tuned."""

    windows_s: tuple[float, ...]
    hops_s: tuple[float, ...]
    steps: tuple[int, ...]
    sizes: tuple[float, ...]
    panels: int
    paces: tuple[int, ...]
    engines: tuple[Engine, ...]

    def candidates(self, engines: Sequence[Engine]) -> Iterator[Candidate]:
        """Yield every combination on these engines."""
        for engine, window_s, hop_s, steps, size, pace in product(
            engines, self.windows_s, self.hops_s, self.steps, self.sizes, self.paces
        ):
            if hop_s <= window_s:
                yield Candidate(window_s, hop_s, steps, size, self.panels, pace, engine)


def sweep(
    manifest: Manifest, panels: int, runtimes: Sequence[str], cores: int, quick: bool
) -> Sweep:
    """Return what to try. quick: little of each, for a look."""
    own = manifest.window_s
    windows = sorted({max(LEAST_WINDOW_S, round(own * share, 2)) for share in WINDOWS})
    hops = sorted({*HOPS_S, round(manifest.hop_s, 3)})
    threads = sorted({cores, max(1, cores // 2)}, reverse=True)
    engines = [Engine(runtime, count) for runtime in runtimes for count in threads]
    # The others compute in what the graph says.
    engines += [Engine(each, cores, "float32") for each in runtimes if each.startswith("openvino")]
    paces = PACES if panels else (1,)
    if quick:
        return Sweep(
            (own,), (manifest.hop_s,), manifest.pictures.steps, SIZES[:1], panels, paces[:2],
            tuple(Engine(runtime, cores) for runtime in runtimes),
        )  # fmt: skip
    return Sweep(
        tuple(windows), tuple(hops), manifest.pictures.steps, SIZES, panels, paces, tuple(engines)
    )
