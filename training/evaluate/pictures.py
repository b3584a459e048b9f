"""What the judge finds in pictures painted from true labels, between its ceiling and its floors."""

from __future__ import annotations

from typing import Any

import numpy as np

from training.evaluate.bundle_painter import PictureRequest, requests_of, silence
from training.evaluate.report.table import Row, share_row
from training.evaluate.setting import Outcome, Setting, require_judge
from training.judge.network import Verdicts
from training.judge.scores import (
    all_found,
    figure,
    first_ranked,
    frechet_distance,
    kernel_distance,
    over_subsets,
)
from training.painting.painted_pictures import PaintedPictures
from training.vocabulary import LABELS


def scene_rows(setting: Setting) -> Outcome:
    """CRS-judge of two-subject scenes by each number of steps, its ceiling and its floors."""
    judge, real, _ = require_judge(setting)
    real = _askable(setting, real, 2)
    present, threshold = real.present(), judge.threshold
    ceiling = figure(all_found(judge.look(real.pictures).scores, present, threshold))
    chosen = real.rows(np.arange(min(len(present), setting.effort.scenes)))
    requests, present = requests_of(chosen), chosen.present()
    by_steps, shuffled, silent, extras = {}, [], [], []
    pairs = np.zeros((2, len(LABELS), len(LABELS)), int)
    for steps in setting.bundle.manifest.pictures.steps:
        found = []
        for seed in range(setting.effort.seeds):
            asked = setting.painter.compose(requests, "scene", setting.seed + 1000 * seed)
            made = setting.painter.paint(asked, steps, f"scenes in {steps} steps")
            scores = judge.look(made).scores
            found.append(all_found(scores, present, threshold))
            if steps == setting.finest:
                shuffled.append(all_found(np.roll(scores, 1, 0), present, threshold))
                extras.append(((scores >= threshold) & ~present).sum(1))
                _count_pairs(pairs, present, found[-1])
        by_steps[steps] = figure(np.concatenate(found))
    asked = setting.painter.compose(requests, "scene", setting.seed)
    nothing = judge.look(setting.painter.paint(silence(asked), setting.finest)).scores
    silent = figure(all_found(nothing, present, threshold))
    extra = figure(np.concatenate(extras))
    name, finest = "scene CRS-judge from true labels, 2 subjects", setting.finest
    rows = [
        share_row(name, by_steps[finest], f"{finest} steps, {setting.effort.seeds} seeds"),
        *(
            share_row(f"  the same in {steps} step(s)", found)
            for steps, found in by_steps.items()
            if steps != finest
        ),
        share_row("  ceiling: real pictures", ceiling, "of seeds that nobody was trained on"),
        share_row("  floor: conditions shuffled", figure(np.concatenate(shuffled))),
        share_row("  floor: no condition", silent),
        Row("  labels found that nobody asked for", extra.mean, "/scene", extra.spread,
            extra.count, note="the judge's own mistakes included"),
    ]  # fmt: skip
    return Outcome(rows, {"crs_judge_by_pair": _pair_list(pairs)})


def panel_rows(setting: Setting) -> Outcome:
    """R@1-judge of panels by each number of steps, its ceiling and its floors; the confusion."""
    judge, _, real = require_judge(setting)
    real = _askable(setting, real, 1)
    ceiling = figure(first_ranked(judge.look(real.pictures).scores, real.labels[:, 0]))
    labels = [name for name in setting.bundle.manifest.labels if name in LABELS]
    atmospheres = np.asarray(real.atmosphere)
    requests = [
        PictureRequest((labels[i % len(labels)],), (1.0,), atmospheres[i % len(atmospheres)])
        for i in range(setting.effort.panels)
    ]
    truth = np.array([LABELS.index(request.labels[0]) for request in requests])
    asked = setting.painter.compose(requests, "panel", setting.seed + 7)
    found: dict[int, Verdicts] = {}
    for steps in setting.bundle.manifest.pictures.steps:
        found[steps] = judge.look(setting.painter.paint(asked, steps, f"panels in {steps} steps"))
    scores = found[setting.finest].scores
    nothing = judge.look(setting.painter.paint(silence(asked), setting.finest)).scores
    confusion = np.zeros((len(LABELS), len(LABELS)))
    np.add.at(confusion, (truth, scores.argmax(1)), 1.0)
    hits = {steps: figure(first_ranked(each.scores, truth)) for steps, each in found.items()}
    rows = [
        share_row("panel R@1-judge from true labels", hits[setting.finest],
                  f"{setting.finest} steps, every label alike often"),
        *(
            share_row(f"  the same in {steps} step(s)", hit)
            for steps, hit in hits.items()
            if steps != setting.finest
        ),
        share_row("  ceiling: real panels", ceiling, "of seeds that nobody was trained on"),
        share_row("  floor: conditions shuffled", figure(first_ranked(scores, np.roll(truth, 1)))),
        share_row("  floor: no condition", figure(first_ranked(nothing, truth))),
    ]  # fmt: skip
    per_label = {
        name: round(float(first_ranked(scores[truth == i], truth[truth == i]).mean()), 3)
        for i, name in enumerate(LABELS)
        if (truth == i).any()
    }
    return Outcome(
        rows, {"panel_confusion": confusion.astype(int).tolist(), "panel_r_at_1": per_label}
    )


def distance_rows(setting: Setting) -> tuple[Outcome, dict[int, np.ndarray], PaintedPictures]:
    """FID-judge and KID-judge of scenes painted from the truth of real ones, by steps.

    Returns:
        the outcome, the features (n, 128) by steps, and the real pictures whose truth was asked.
    """
    judge, real, _ = require_judge(setting)
    asked_of = real.rows(_known(setting, real)).rows(slice(0, setting.effort.distance))
    reference = judge.look(real.pictures).features
    asked = setting.painter.conditions_of(asked_of, "scene", setting.seed + 11)
    rows, features, details = [], {}, {}
    for steps in setting.bundle.manifest.pictures.steps:
        made = setting.painter.paint(asked, steps, f"scenes in {steps} steps")
        features[steps] = judge.look(made).features
        far = frechet_distance(features[steps], reference)
        near = over_subsets(kernel_distance, features[steps], reference, seed=setting.seed)
        count = len(features[steps])
        rows += [
            Row(f"FID-judge, {steps} step(s)", far, "", count=count,
                note=f"to {len(reference)} real scenes, 128 features"),
            Row(f"KID-judge, {steps} step(s), x 1000", 1000 * near.mean, "",
                1000 * near.spread, count),
        ]  # fmt: skip
        details[str(steps)] = {"fid_judge": far, "kid_judge": near.mean, "kid_spread": near.spread}
    return Outcome(rows, {"distances": details}), features, asked_of


def _known(setting: Setting, pictures: PaintedPictures) -> np.ndarray:
    """bool (n,): pictures that the bundle has words for."""
    known = np.array([name in setting.bundle.manifest.labels for name in LABELS])
    return np.all(known | ~pictures.present(), axis=1)


def _askable(setting: Setting, pictures: PaintedPictures, sources: int) -> PaintedPictures:
    """Real pictures of so many sources that the bundle has words for."""
    chosen = _known(setting, pictures) & (pictures.present().sum(1) == sources)
    return pictures.rows(np.flatnonzero(chosen))


def _count_pairs(pairs: np.ndarray, present: np.ndarray, found: np.ndarray) -> None:
    """Adds to (2, labels, labels): how often each pair was asked for, and found."""
    for shown, hit in zip(present, found, strict=True):
        one, other = np.flatnonzero(shown)
        for counted in (0, 1) if hit else (0,):
            pairs[counted, one, other] += 1
            pairs[counted, other, one] += 1


def _pair_list(pairs: np.ndarray) -> list[dict[str, Any]]:
    """Every pair that was asked for, once."""
    return [
        {"pair": [LABELS[i], LABELS[j]], "asked": int(pairs[0, i, j]), "found": int(pairs[1, i, j])}
        for i, j in zip(*np.nonzero(np.triu(pairs[0])), strict=True)
    ]
