"""Sheets of generated pictures with the judge's verdict under each, for a person to overrule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.evaluate.brush import Wish, rows
from training.evaluate.setting import Outcome, Setting, judged
from training.judge.network import TrainedJudge
from training.painting.painted_pictures import PaintedPictures
from training.vocabulary import LABELS

COLUMNS = 4
CAPTION = 44
PAPER, INK, RIGHT, WRONG = (250, 248, 242), (40, 40, 40), (30, 120, 60), (180, 40, 40)


def sheets(setting: Setting) -> Outcome:
    """Writes scenes.png and panels.png into the evaluation's folder."""
    judge, scenes, panels = judged(setting)
    names = {}
    for kind, real, seed in (("scene", scenes, 80), ("panel", panels, 90)):
        wishes = _wishes(setting, kind, real)
        asked = setting.brush.composed(wishes, kind, setting.seed + seed)
        pictures = np.concatenate(
            [setting.brush.full(rows(asked, slice(i, i + 1)), setting.finest)
             for i in range(len(wishes))]
        )  # fmt: skip
        path = setting.out / f"{kind}s.png"
        sheet([wish.labels for wish in wishes], pictures, judge, best_only=kind == "panel").save(
            path
        )
        names[f"{kind}_sheet"] = path.name
    return Outcome([], names)


def sheet(
    asked: Sequence[tuple[str, ...]], pictures: np.ndarray, judge: TrainedJudge, best_only: bool
) -> Image.Image:
    """Pictures u8 (n, h, w, 3), what was asked for in each, and what the judge sees.

    best_only: right is the label ranked first, as for panels; else all labels over the threshold.
    """
    scores = judge.look(pictures).scores
    height, width = pictures.shape[1:3]
    lines = -(-len(pictures) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * width, lines * (height + CAPTION)), PAPER)
    drawing, font = ImageDraw.Draw(whole), ImageFont.load_default(14)
    for number, (labels, picture, mine) in enumerate(zip(asked, pictures, scores, strict=True)):
        x, y = number % COLUMNS * width, number // COLUMNS * (height + CAPTION)
        whole.paste(Image.fromarray(picture), (x, y))
        order = np.argsort(-mine, kind="stable")
        seen = order[:1] if best_only else [i for i in order if mine[i] >= judge.threshold]
        right = set(labels) <= {LABELS[i] for i in seen}
        told = ", ".join(f"{LABELS[i]} {mine[i]:.2f}" for i in seen[:4]) or "nothing"
        drawing.text((x + 6, y + height + 3), "asked: " + (" + ".join(labels) or "silence"),
                     INK, font)  # fmt: skip
        drawing.text((x + 6, y + height + 22), "seen: " + told, RIGHT if right else WRONG, font)
    return whole


def _wishes(setting: Setting, kind: str, real: PaintedPictures) -> list[Wish]:
    """Two labels for a scene, one for a panel, going round the vocabulary."""
    known = [name for name in setting.bundle.manifest.labels if name in LABELS]
    order = np.random.default_rng(setting.seed + 3).permutation(known)
    wanted = 2 if kind == "scene" else 1
    return [
        Wish(
            tuple(str(order[(wanted * i + k) % len(order)]) for k in range(wanted)),
            (0.8,) * wanted,
            np.array(real.atmosphere[i % len(real.atmosphere)]),
        )
        for i in range(setting.effort.sheet)
    ]
