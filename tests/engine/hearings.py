"""Made-up hearings, and a show of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.bundle.load import Bundle
from engine.packets import F32, Conditions, HeardSource, Hearing, Stamp
from engine.painting.conditioning import Conditioner

HOP_S = 0.2


def hearing(
    bundle: Bundle,
    window: int,
    tracks: Mapping[int, tuple[int | F32, float]],
    epoch: int = 0,
    onset: float = 0.0,
) -> Hearing:
    """A hearing of tracks: id to (label number or embedding, significance), all with an onset."""
    stamp = Stamp(window, epoch, 0, 3200 * (window + 1), 16000, (window + 1) * HOP_S)
    sources = tuple(
        HeardSource(
            track_id,
            bundle.vocabulary[what] if isinstance(what, int) else what,
            (),
            -30.0,
            how,
            onset=onset,
        )
        for track_id, (what, how) in tracks.items()
    )
    return Hearing(stamp, sources, -30.0)


class Show:
    """Hearings every hop, pictures at 50 Hz."""

    def __init__(
        self,
        bundle: Bundle,
        panels: int = 4,
        seed: int = 0,
        motion: float = 0.0,
        blend: bool = False,
    ) -> None:
        self.bundle = bundle
        self.conditioner = Conditioner(bundle, seed, panels, motion=motion, blend=blend)
        self.window = 0
        self.seen: list[Conditions] = []

    def hear(
        self,
        tracks: Mapping[int, tuple[int | F32, float]],
        seconds: float = HOP_S,
        onset: float = 0.0,
    ) -> Show:
        """Go on for so long; an onset is heard once, at the beginning."""
        for number in range(round(seconds / HOP_S)):
            now_s = (self.window + 1) * HOP_S
            heard = hearing(
                self.bundle, self.window, tracks, onset=onset if number == 0 else 0.0
            )
            self.conditioner.hear(heard, now_s)
            self.window += 1
            for i in range(10):
                self.seen.append(self.conditioner.conditions(now_s + 0.02 * i, 2))
        return self

    def scene(self, label: int) -> np.ndarray:
        """The weight of a label in the scene, picture by picture."""
        wanted = self.bundle.vocabulary[label]
        return np.array(
            [((c.scene.tokens[0] @ wanted > 0.95) * c.scene.weights[0]).sum() for c in self.seen]
        )
