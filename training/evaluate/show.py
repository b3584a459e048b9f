"""From sound to pictures, end to end: what the judge finds when the bundle itself listens."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from tqdm import tqdm

from engine.bundle.load import Bundle, BundleModels
from engine.hearing.hearer import Hearer
from engine.packets import F32, Hearing, Pictures
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from training.evaluate.hearing.windows import clips_of, mixes_of
from training.evaluate.report.table import row, share_row
from training.evaluate.setting import (
    NotMeasuredError,
    Outcome,
    Setting,
    Sounds,
    require_judge,
    select_windows,
)
from training.judge.scores import all_found, figure
from training.vocabulary import LABELS

CRS, RANK = "scene CRS-judge from mixed sound", "panel R@1-judge from mixed sound"
REACTION = "reaction to a new source, median"
PAINT_EVERY_S = 0.1
"""Scenes are painted this often while a newcomer is awaited."""
BEGUN = 0.05
"""A sound has begun once its envelope reaches this share of its largest."""
JUST_HEARD_S = 0.5
"""A sound counts as sounding for so long after it was last heard: a scene moves from one state to
the next in under a second."""
REDRAWN = 4
"""Mixes drawn for each that is wanted: in some the sounds never meet."""
BLOCKS_PER_S = 50
KEPT = 10.0
"""What a valid correspondence is cheaper by than any other, whose costs are at most 1."""


@dataclass(frozen=True)
class Show:
    """Hearing and painting as a live run joins them, on a clock of samples."""

    hearer: Hearer
    conditioner: Conditioner
    painter: Painter
    steps: int

    def hear(self, samples: F32) -> list[Hearing]:
        """Takes the next samples (n,); tells the conditioner what was heard."""
        heard = self.hearer.push(samples, 0.0)
        for hearing in heard:
            self.conditioner.hear(hearing, hearing.stamp.end_s)
        return heard

    def paint(self, now_s: float, panels: bool) -> Pictures:
        """The pictures of a moment."""
        return self.painter.paint(self.conditioner.conditions(now_s, self.steps, panels))

    def sounds_of(self, samples: int) -> dict[int, F32]:
        """track_id to what the separator gives for it now, the last samples of sound."""
        heard = self.hearer.sounds_of(samples)
        return {p.track_id: heard[p.track_id] for p in self.conditioner.panel_slots
                if p.track_id in heard}  # fmt: skip


def open_show(bundle: Bundle, models: BundleModels, steps: int, seed: int) -> Show:
    """A fresh show."""
    return Show(
        Hearer(bundle, models), Conditioner(bundle, seed, 4), Painter(models.generators), steps
    )


def mixed_rows(setting: Setting) -> Outcome:
    """CRS-judge and R@1-judge on mixes of two sounds at equal loudness, painted at the last moment
    at which both sound.

    A source's panel is that of the track whose separated sound is most like the source; a source
    without a track has none, which counts as a miss.
    """
    judge, *_ = require_judge(setting)
    sounds, mixes = _mixes(setting, REDRAWN * setting.effort.mixes)
    rate = setting.bundle.manifest.sample_rate_hz
    meeting = [(labels, clips[:, :end]) for labels, clips in mixes if (end := meet(clips, rate))]
    mixes = meeting[: setting.effort.mixes]
    if not mixes:
        raise NotMeasuredError("no two sounds at the same time")
    found, ranked, examples = [], [], []
    for number, (labels, clips) in enumerate(tqdm(mixes, "mixes", unit="mix", leave=False)):
        show = open_show(setting.bundle, setting.models, setting.finest, setting.seed + number)
        mixture = clips.sum(0)
        show.hear(mixture)
        now_s = mixture.size / show.hearer.sample_rate_hz
        pictures = show.paint(now_s, panels=True)
        present = np.zeros((1, len(LABELS)), bool)
        present[0, labels] = True
        scores = judge.look(pictures.scene[None]).scores
        found.append(bool(all_found(scores, present, judge.threshold)[0]))
        tracks = owners(show.sounds_of(mixture.size), clips, setting.bundle)
        tops = []
        for label, track_id in zip(labels, tracks, strict=True):
            panel = pictures.panels.get(track_id) if track_id is not None else None
            top = None if panel is None else int(judge.look(panel[None]).scores[0].argmax())
            tops.append(None if top is None else LABELS[top])
            ranked.append(top == label)
        seen = [LABELS[i] for i in np.flatnonzero(scores[0] >= judge.threshold)]
        asked = [LABELS[i] for i in labels]
        examples.append({"sounding": asked, "scene_shows": seen, "panels_show": tops})
    rows = [
        share_row(CRS, figure(np.array(found)), sounds.caveat),
        share_row(RANK, figure(np.array(ranked)), sounds.caveat),
    ]
    return Outcome(rows, {"mixes": examples})


def owners(
    heard: dict[int, F32],
    clips: F32,
    bundle: Bundle,
    least: float = 0.0,
    before: Sequence[int | None] = (),
) -> list[int | None]:
    """For each of the clips (k, n), the track that holds its sound; no track holds two.

    heard: track_id to its separated sound (n,), which is `latency_samples` late. least: likeness
    (magnitude of the cosine) under which a track does not hold a sound. before: who held each clip
    last; it goes on holding it while it can, however much more alike another track has become: a
    correspondence that is valid stays (CLEAR MOT, Bernardin & Stiefelhagen 2008).
    """
    tracks = list(heard)
    if not tracks:
        return [None] * len(clips)
    late = bundle.manifest.separator.latency_samples
    truths = np.stack([clip[: clip.size - late] for clip in clips])
    estimates = np.stack([heard[track][late:] for track in tracks])
    likeness = np.abs(estimates @ truths.T) / (
        np.linalg.norm(estimates, axis=1)[:, None] * np.linalg.norm(truths, axis=1) + 1e-9
    )
    costs = 1 - likeness.T
    for clip, track in enumerate(before):
        if track in tracks and likeness[tracks.index(track), clip] >= least:
            costs[clip, tracks.index(track)] -= KEPT
    # a column of nobody for each clip: more sources than tracks is allowed
    nobody = np.full((len(clips), len(clips)), 1 - least, np.float32)
    chosen = linear_sum_assignment(np.concatenate([costs, nobody], axis=1))[1]
    return [tracks[i] if i < len(tracks) else None for i in chosen]


def reaction_rows(setting: Setting) -> Outcome:
    """Seconds from the onset of a second source to the first scene in which the judge finds it.

    The time that hearing and painting took for that scene is added. Mixes in whose scene the
    newcomer was found before it began do not count; those in which it never was, count as endless.
    """
    judge, *_ = require_judge(setting)
    sounds, mixes = _mixes(setting, setting.effort.newcomers)
    delays, early = [], 0
    rate = setting.bundle.manifest.sample_rate_hz
    for number, (labels, clips) in enumerate(tqdm(mixes, "newcomers", unit="mix", leave=False)):
        show = open_show(setting.bundle, setting.models, setting.finest, setting.seed + number)
        first, newcomer = clips
        sound = np.concatenate([first, first + newcomer])
        onset_s = (first.size + onset(newcomer, rate)) / rate
        waited = None
        for now_s, spent_s, scene in _scenes(show, sound, onset_s - 2 * PAINT_EVERY_S):
            seen = bool(judge.look(scene[None]).scores[0, labels[1]] >= judge.threshold)
            if seen and now_s <= onset_s:
                break
            if seen:
                waited = now_s + spent_s - onset_s
                break
        else:
            waited = np.inf
        if waited is None:
            early += 1
        else:
            delays.append(waited)
    if not delays:
        raise NotMeasuredError("the judge found every newcomer before it began")
    seen = int(np.isfinite(delays).sum())
    median = float(np.median(delays))
    note = f"{seen} of {len(delays)} seen within 4 s, {early} not counted; {sounds.what}"
    if not np.isfinite(median):
        note, median = f"more than half never seen; {note}", np.nan
    finite = [round(delay, 3) if np.isfinite(delay) else None for delay in delays]
    return Outcome([row(REACTION, median, note, count=len(delays))], {"reaction_s": finite})


def onset(samples: F32, rate: int) -> int:
    """The sample at which a clip (n,) begins to be heard."""
    return int(np.argmax(_active(samples, rate))) * _block(rate)


def meet(clips: F32, rate: int) -> int:
    """The last sample at which all of the clips (k, n) sound or have just been heard; 0 where they
    never do, or not before hearing has had a second."""
    wide = round(JUST_HEARD_S * BLOCKS_PER_S)
    recent = [np.convolve(_active(clip, rate), np.ones(wide + 1))[: -wide or None] > 0
              for clip in clips]  # fmt: skip
    last = int(np.flatnonzero(np.append(True, np.all(recent, axis=0)))[-1]) * _block(rate)
    return last if last >= rate else 0


def _block(rate: int) -> int:
    return max(1, rate // BLOCKS_PER_S)


def _active(samples: F32, rate: int) -> np.ndarray:
    """(n // block,) whether a clip (n,) is heard; a silent one is at no time less than ever."""
    block = _block(rate)
    loud = np.sqrt(np.square(samples[: samples.size // block * block]).reshape(-1, block).mean(1))
    return loud >= BEGUN * loud.max()


def _scenes(show: Show, sound: F32, from_s: float) -> Iterator[tuple[float, float, np.ndarray]]:
    """Moments, seconds of computing, and scenes, from a moment on."""
    rate = show.hearer.sample_rate_hz
    step = round(PAINT_EVERY_S * rate)
    for end in range(step, sound.size + 1, step):
        began = time.perf_counter()
        show.hear(sound[end - step : end])
        now_s = end / rate
        if now_s < from_s:
            continue
        scene = show.paint(now_s, panels=False).scene
        yield now_s, time.perf_counter() - began, scene


def _mixes(
    setting: Setting, count: int | None = None
) -> tuple[Sounds, Sequence[tuple[np.ndarray, F32]]]:
    """Labels (2,) and clips (2, n) of sounds of two kinds at equal loudness."""
    sounds, rows = select_windows(setting)
    names = setting.bundle.manifest.labels
    picked = mixes_of(sounds.pool, rows, 2, count or setting.effort.mixes, setting.seed + 2)
    mixes = [
        (np.array([LABELS.index(names[i]) for i in sounds.pool.labels[picks]]),
         clips_of(sounds.pool, picks))
        for picks in picked
    ]  # fmt: skip
    if not mixes:
        raise NotMeasuredError("fewer than two kinds of sounds")
    return sounds, mixes
