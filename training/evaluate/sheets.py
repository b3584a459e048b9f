"""Sheets of generated pictures with the judge's verdict under each, for a person to overrule."""

from __future__ import annotations

import numpy as np

from training.evaluate.bundle_painter import PictureRequest, select_rows
from training.evaluate.report.sheet import sheet
from training.evaluate.setting import Outcome, Setting, require_judge
from training.painting.painted_pictures import PaintedPictures
from training.vocabulary import LABELS


def sheets(setting: Setting) -> Outcome:
    """Writes scenes.png and panels.png into the evaluation's folder."""
    judge, scenes, panels = require_judge(setting)
    names = {}
    for kind, real, seed in (("scene", scenes, 80), ("panel", panels, 90)):
        requests = _requests(setting, kind, real)
        asked = setting.painter.compose(requests, kind, setting.seed + seed)
        pictures = np.concatenate(
            [setting.painter.paint_full_size(select_rows(asked, slice(i, i + 1)), setting.finest)
             for i in range(len(requests))]
        )  # fmt: skip
        path = setting.out / f"{kind}s.png"
        labels = [request.labels for request in requests]
        sheet(labels, pictures, judge, best_only=kind == "panel").save(path)
        names[f"{kind}_sheet"] = path.name
    return Outcome([], names)


def _requests(setting: Setting, kind: str, real: PaintedPictures) -> list[PictureRequest]:
    """Two labels for a scene, one for a panel, going round the vocabulary."""
    known = [name for name in setting.bundle.manifest.labels if name in LABELS]
    order = np.random.default_rng(setting.seed + 3).permutation(known)
    wanted = 2 if kind == "scene" else 1
    return [
        PictureRequest(
            tuple(str(order[(wanted * i + k) % len(order)]) for k in range(wanted)),
            (0.8,) * wanted,
            np.array(real.atmosphere[i % len(real.atmosphere)]),
        )
        for i in range(setting.effort.sheet)
    ]
