"""Does the picture behave: louder takes more, between two sounds no jump, silence, calm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.packets import F32, HeardSource, Hearing, PictureConditions, Stamp, Weather
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from training.evaluate.bundle_painter import PictureRequest, select_rows, silence
from training.evaluate.report.table import Row
from training.evaluate.setting import NotMeasuredError, Outcome, Setting
from training.judge.scores import figure
from training.vocabulary import LABELS

WEIGHTS = (0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
CHANGED = 24
"""A pixel belongs to a source if it differs by so many levels of 255 from the picture without."""
INTERPOLATED = 25
"""Pictures on the way from one sound to another."""
FRAMES_PER_S = 12
CALM_S = 4.0


def louder_rows(setting: Setting) -> Outcome:
    """The area of each source, and the judge's belief in it, as it grows louder."""
    painter, labels = setting.painter, _labels(setting, setting.effort.behaviour)
    areas, beliefs = [], []
    for number, label in enumerate(labels):
        requests = [PictureRequest((label,), (weight,), _day(setting)) for weight in WEIGHTS]
        asked = _still(painter.compose(requests, "scene", setting.seed + 40 + number))
        made = painter.paint(asked, setting.finest)
        empty = painter.paint(select_rows(silence(asked), slice(0, 1)), setting.finest)
        apart = np.abs(made.astype(np.int16) - empty).max(-1)
        areas.append((apart > CHANGED).mean((1, 2)))
        if setting.judge is not None:
            beliefs.append(setting.judge.look(made).scores[:, LABELS.index(label)])
    grows = figure(np.array([area[-1] > area[0] for area in areas]))
    ratio = float(np.median([area[-1] / max(area[0], 1e-3) for area in areas]))
    found = [
        Row("louder takes more: area at weight 1 over 0.25", ratio, "x", count=len(areas),
            note="median over labels"),
        Row("  labels whose area grows", 100 * grows.mean, "%", 100 * grows.spread, grows.count),
    ]  # fmt: skip
    details = {"weights": WEIGHTS, "area": {
        label: np.round(area, 4).tolist() for label, area in zip(labels, areas, strict=True)
    }}  # fmt: skip
    if beliefs:
        gain = figure(np.array([each[-1] - each[0] for each in beliefs]))
        found.append(
            Row("  judge's probability at 1 less that at 0.25", gain.mean, "", gain.spread,
                gain.count)
        )  # fmt: skip
    return Outcome(found, {"louder": details})


def interpolation_rows(setting: Setting) -> Outcome:
    """Pictures on the way between the embeddings of two sounds: the largest step over the mean."""
    painter, manifest = setting.painter, setting.bundle.manifest
    labels = _labels(setting, 2 * setting.effort.behaviour)
    jumps, shares = [], {}
    for one, other in zip(labels[::2], labels[1::2], strict=False):
        embeddings = _between(painter.token(one), painter.token(other), INTERPOLATED)
        asked = _heard(setting, embeddings)
        made = np.concatenate([
            painter.paint(select_rows(asked, slice(i, i + 1)), max(manifest.pictures.steps))
            for i in range(INTERPOLATED)
        ]).astype(np.int16)  # fmt: skip
        steps = np.abs(np.diff(made, axis=0)).mean((1, 2, 3))
        jumps.append(float(steps.max() / max(steps.mean(), 1e-6)))
        shares[f"{one} to {other}"] = np.round(steps, 3).tolist()
    worst = Row("  the worst pair", max(jumps), "x")
    found = figure(np.array(jumps))
    name = "between two sounds: largest step over the mean"
    note = f"{INTERPOLATED} pictures from one to the other; "
    note += f"{INTERPOLATED - 1} would be one single jump"
    return Outcome(
        [Row(name, found.mean, "x", found.spread, found.count, note=note), worst],
        {"walks": shares},
    )


def silence_rows(setting: Setting) -> Outcome:
    """How many labels the judge finds in pictures of silence."""
    if setting.judge is None:
        raise NotMeasuredError("no judge")
    lights = len(setting.bundle.manifest.pictures.lights)
    requests = [PictureRequest((), (), _light(setting, i % lights)) for i in range(4 * lights)]
    made = setting.painter.paint(
        setting.painter.compose(requests, "scene", setting.seed + 60), setting.finest
    )
    found = setting.judge.look(made).scores >= setting.judge.threshold
    counted = figure(found.sum(1))
    row = Row("silence: labels found", counted.mean, "/scene", counted.spread, counted.count,
              note="under every light")  # fmt: skip
    return Outcome([row])


def calm_rows(setting: Setting) -> Outcome:
    """Change from frame to frame while one hearing lasts, as the show would paint it."""
    bundle, painter = setting.bundle, Painter(setting.models.generators)
    means, largest = [], []
    for number, label in enumerate(_labels(setting, max(2, setting.effort.behaviour // 3))):
        conditioner = Conditioner(bundle, setting.seed + number, 0)
        hearing = _hearing(setting, setting.painter.token(label))
        frames = []
        for frame in range(round((CALM_S + 2) * FRAMES_PER_S)):
            now_s = frame / FRAMES_PER_S
            conditioner.hear(hearing, now_s)
            conditions = conditioner.conditions(now_s, setting.finest, want_panels=False)
            if now_s >= 2:  # by then it has come in
                # Falling rain moves, and shall.
                conditions = replace(conditions, scene_weather=Weather())
                frames.append(painter.paint(conditions).scene.astype(np.int16))
        steps = np.abs(np.diff(np.stack(frames), axis=0)).mean((1, 2, 3))
        means.append(float(steps.mean()))
        largest.append(float(steps.max() / max(steps.mean(), 1e-6)))
    found = figure(np.array(means))
    note = f"of 255, mean over pixels, {FRAMES_PER_S} frames/s"
    rows_ = [
        Row("calm: change between frames, steady sound", found.mean, "levels", found.spread,
            found.count, note=note),
        Row("  largest over mean change", float(np.max(largest)), "x"),
    ]  # fmt: skip
    return Outcome(rows_)


def _labels(setting: Setting, count: int) -> list[str]:
    """Labels spread over the vocabulary."""
    known = [name for name in setting.bundle.manifest.labels if name in LABELS]
    order = np.random.default_rng(setting.seed + 5).permutation(len(known))
    return [known[i] for i in order[:count]]


def _light(setting: Setting, light: int) -> F32:
    """One light in the first season and style."""
    pictures = setting.bundle.manifest.pictures
    atmosphere = np.zeros(pictures.atmosphere_size, np.float32)
    season = len(pictures.lights)
    atmosphere[[light, season, season + len(pictures.seasons)]] = 1
    return atmosphere


def _day(setting: Setting) -> F32:
    return _light(setting, setting.bundle.manifest.pictures.lights.index("day"))


def _still(asked: PictureConditions) -> PictureConditions:
    """Every picture with the noise, home and drawing of the last: only the loudness differs."""
    asked.noise[:] = asked.noise[-1]
    asked.looks[:] = asked.looks[-1]
    asked.places[:, :, 0], asked.places[:, :, 3] = asked.places[-1, :, 0], asked.places[-1, :, 3]
    return asked


def _between(one: F32, other: F32, count: int) -> F32:
    """(count, d) unit embeddings on the straight way from one to the other."""
    shares = np.linspace(0, 1, count, dtype=np.float32)[:, None]
    mixed = (1 - shares) * one + shares * other
    return mixed / np.linalg.norm(mixed, axis=1, keepdims=True)


def _heard(setting: Setting, embeddings: F32) -> PictureConditions:
    """The scenes that the show paints as one source passes through embeddings (n, d), slowly.

    Light and noise stay as they were, so that nothing but the embedding moves.
    """
    conditioner = Conditioner(setting.bundle, setting.seed + 9, 0, blend=True)
    asked = []
    for number, embedding in enumerate(embeddings):
        conditioner.hear(_hearing(setting, embedding), 5.0 * number)
        settled_s = 5.0 * number + 4.9
        asked.append(conditioner.conditions(settled_s, setting.finest, want_panels=False).scene)
    joined = {
        name: np.concatenate([getattr(each, name) for each in asked])
        for name in PictureConditions.__dataclass_fields__
    }
    joined["noise"][:], joined["atmosphere"][:] = joined["noise"][0], joined["atmosphere"][0]
    return PictureConditions(**joined)


def _hearing(setting: Setting, embedding: F32) -> Hearing:
    """One clear source and nothing else."""
    rate = setting.bundle.manifest.sample_rate_hz
    source = HeardSource(1, embedding, (), -20.0, 0.8)
    return Hearing(Stamp(0, 0, 0, rate, rate, 0.0), (source,), -20.0)
