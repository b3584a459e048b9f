"""The pairs that the bundle's promise is about: are both sounds to be seen while both are heard?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from engine.packets import F32
from engine.synthesis.catalogue import synthesise
from training.evaluate.hearing.sounds import SYNTHETIC_SEED
from training.evaluate.hearing.windows import clips_of
from training.evaluate.report.table import Row, share_row
from training.evaluate.setting import (
    NotMeasuredError,
    Outcome,
    Setting,
    require_judge,
    select_windows,
)
from training.evaluate.show import open_show
from training.hearing.pool import CLIP_S, Pool
from training.judge.scores import all_found, figure
from training.sound.mixing import at_loudness
from training.vocabulary import LABELS

PROMISED = (("rain", "birds"), ("train", "church bells"))
SETTLED_S = 3.0
"""From when on the scene is asked; sounds go on for thrice as long."""
LOOK_EVERY_S = 1.0
SYNTHESISED = 6
"""Takes of each label beside its recordings, of which there may be one alone."""


def pair_rows(setting: Setting) -> Outcome:
    """For each pair the share of moments in which the judge finds both, which go on at equal
    loudness; and that of the mixes of two recordings alone."""
    sounds, windows = select_windows(setting)
    pool, rate = sounds.pool, setting.bundle.manifest.sample_rate_hz
    rows: list[Row] = []
    details = {}
    for pair in PROMISED:
        if not set(pair) <= set(setting.bundle.manifest.labels):
            raise NotMeasuredError(f"the bundle does not know {' and '.join(pair)}")
        takes = [takes_of(pool, windows, label, rate) for label in pair]
        rng = np.random.default_rng([setting.seed + 6, *(LABELS.index(label) for label in pair)])
        shares, real = [], []
        for number in tqdm(range(setting.effort.newcomers), " and ".join(pair), leave=False):
            kinds = [int(rng.integers(len(theirs))) for theirs in takes]
            one, other = (
                theirs[kind][rng.integers(len(theirs[kind]))]
                for theirs, kind in zip(takes, kinds, strict=True)
            )
            shares.append(measure_joint_detection(setting, pair, one + other, number))
            real.append(all(kinds))
        found = np.array(shares)
        name = f"{pair[0]} and {pair[1]}: both in the scene"
        note = f"half of the sounds synthesised; {sounds.caveat}"
        rows.append(share_row(name, figure(found), note))
        if any(real):
            rows.append(share_row("  where both are recorded", figure(found[real])))
        details[" and ".join(pair)] = np.round(found, 2).tolist()
    return Outcome(rows, {"pairs": details})


def takes_of(pool: Pool, windows: NDArray[np.int64], label: str, rate: int) -> list[F32]:
    """Clips (takes, n) at the pool's loudness: synthesised ones, then the recorded ones, if any.

    windows: the rows of the pool to draw recorded ones from.
    """
    made = [
        at_loudness(synthesise(label, CLIP_S, rate, SYNTHETIC_SEED + take), rate)
        for take in range(SYNTHESISED)
    ]
    theirs = windows[pool.labels[windows] == pool.names.index(label)]
    return [np.stack(made), *([clips_of(pool, theirs)] if theirs.size else [])]


def measure_joint_detection(
    setting: Setting, pair: tuple[str, str], mixture: F32, seed: int
) -> float:
    """The share of looks at which the judge finds both in the scene; mixture (n,) loops."""
    judge, *_ = require_judge(setting)
    show = open_show(setting.bundle, setting.models, setting.finest, setting.seed + seed)
    rate = setting.bundle.manifest.sample_rate_hz
    sound = np.resize(mixture, round(3 * SETTLED_S * rate))
    present = np.zeros((1, len(LABELS)), bool)
    present[0, [LABELS.index(label) for label in pair]] = True
    step, looks = round(LOOK_EVERY_S * rate), []
    for end in range(step, sound.size + 1, step):
        show.hear(sound[end - step : end])
        if end > SETTLED_S * rate:
            scores = judge.look(show.paint(end / rate, panels=False).scene[None]).scores
            looks.append(bool(all_found(scores, present, judge.threshold)[0]))
    return float(np.mean(looks))
