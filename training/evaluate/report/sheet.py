"""A sheet of pictures with what was asked for and what the judge sees under each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.judge.network import TrainedJudge
from training.vocabulary import LABELS

COLUMNS = 4
CAPTION = 44
PAPER, INK, RIGHT, WRONG = (250, 248, 242), (40, 40, 40), (30, 120, 60), (180, 40, 40)


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
        verdict = ", ".join(f"{LABELS[i]} {mine[i]:.2f}" for i in seen[:4]) or "nothing"
        drawing.text((x + 6, y + height + 3), "asked: " + (" + ".join(labels) or "silence"),
                     INK, font)  # fmt: skip
        drawing.text((x + 6, y + height + 22), "seen: " + verdict, RIGHT if right else WRONG, font)
    return whole
