"""The ladder: how sharp the true picture, and each step on the way to the screen, still is.

The same conditions go through everything, the true places and drawings among them. What is not at
hand (the autoencoder's and the teacher's checkpoints) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tqdm import tqdm

from engine.packets import U8
from training.evaluate.bundle_painter import select_rows
from training.evaluate.report.table import Row, row
from training.evaluate.setting import NotMeasuredError, Outcome, Setting
from training.painting.autoencoder import Autoencoder, to_model, to_pixels
from training.painting.decoder_training import load_refined
from training.painting.painted_pictures import Order, PaintedPictures, halve, load_or_paint
from training.painting.pictures import LARGE_SCENES
from training.vocabulary import LABELS

FIRST_SEED = 90_000_000
"""Of the true scenes: no trainer and no judge has met them."""
SCREEN = (1920, 1080)
SHOWN = 384
"""Width of a picture on the sheet."""
EDGES = "edge energy of a scene at 1920x1080, over the true picture's"

Rung = tuple[str, Callable[[int], U8]]
"""Its name, and the picture (h, w, 3) that it makes of the scene of a row."""


def ladder_rows(setting: Setting) -> Outcome:
    """Edge energy on every rung, distance to the true drawings in their boxes, and a sheet."""
    truth = _known(_true_scenes(setting), setting.bundle.manifest.labels)
    rungs, count = _rungs(setting, truth), len(truth.pictures)
    made = {
        name: [paint(number) for number in tqdm(range(count), name, unit="scene", leave=False)]
        for name, paint in rungs
    }
    rows, details = [], {}
    for name, pictures in made.items():
        pairs = list(zip(pictures, truth.pictures, strict=True))
        full = _ratio([edge_energy(a) / edge_energy(b) for a, b in pairs])
        half = _ratio([edge_energy(halve(a[None])[0]) / edge_energy(halve(b[None])[0])
                       for a, b in pairs])  # fmt: skip
        inside = [inside_distance(a, b, truth, n) for n, (a, b) in enumerate(pairs)]
        boxed = [value for value in inside if value is not None]
        details[name] = {"edges": full[0], "edges_at_half_size": half[0]}
        rows += [
            Row(f"ladder, {name}: edge energy over the true picture's", *full, count),
            Row(f"ladder, {name}: the same at half the size", *half, count),
        ]
        if boxed:
            details[name]["inside"] = apart = float(np.mean(boxed))
            what = f"ladder, {name}: distance in the boxes, of 255"
            rows.append(Row(what, apart, "", count=len(boxed)))
    last = made[rungs[0][0]]
    on_screen = _ratio([
        edge_energy(_on_screen(a)) / edge_energy(_on_screen(b))
        for a, b in zip(last, truth.pictures, strict=True)
    ])  # fmt: skip
    note = f"with {setting.finest} steps, enlarged bilinearly"
    rows.append(row(EDGES, on_screen[0], note, on_screen[2], count))
    _sheet([list(truth.pictures), *made.values()]).save(setting.out / "ladder.png")
    return Outcome(rows, {"ladder": details, "ladder_sheet": "ladder.png"})


def edge_energy(picture: U8) -> float:
    """Mean magnitude of the gradient of a (h, w, 3) picture's brightness, of 255."""
    down, right = np.gradient(picture.astype(np.float32).mean(2))
    return float(np.hypot(down, right).mean())


def inside_distance(
    made: U8, true: U8, truth: PaintedPictures, number: int
) -> float | None:
    """Mean distance of two (h, w, 3) pictures in the boxes of what stands there, of 255.

    The middle of each box, as wide as high; None where nothing stands in one.
    """
    height, width = true.shape[:2]
    found = []
    for label, (x, y, tall, facing) in zip(
        truth.labels[number], truth.places[number], strict=True
    ):
        if label < 0 or facing == 0:
            continue
        reach = 0.35 * tall * height
        top, bottom = max(0, int(y * height - reach)), int(y * height + reach) + 1
        left, right = max(0, int(x * width - reach)), int(x * width + reach) + 1
        box = slice(top, bottom), slice(left, right)
        found.append(np.abs(made[box].astype(np.float32) - true[box]).mean())
    return float(np.mean(found)) if found else None


def _true_scenes(setting: Setting) -> PaintedPictures:
    count, folder = setting.effort.sheet, setting.out / "true-scenes"
    facts = {"count": count}
    order = Order("scene", LARGE_SCENES.width, LARGE_SCENES.height, FIRST_SEED, count)
    return load_or_paint(folder, order, folder / "painted.json", facts, 2, "true scenes")


def _known(truth: PaintedPictures, labels: Sequence[str]) -> PaintedPictures:
    """The scenes of which a bundle knows every sound. Raises NotMeasuredError without any."""
    mine = [LABELS.index(label) for label in labels if label in LABELS]
    rows = np.flatnonzero(((truth.labels < 0) | np.isin(truth.labels, mine)).all(1))
    if not len(rows):
        raise NotMeasuredError("the bundle knows no true scene's sounds")
    return truth.rows(rows)


def _rungs(setting: Setting, truth: PaintedPictures) -> list[Rung]:
    """The bundle with its most steps first."""
    asked = setting.painter.conditions_of(truth, "scene", setting.seed)
    painter = setting.painter

    def bundle_in(steps: int) -> Callable[[int], U8]:
        return lambda number: _at_true_size(
            painter.paint_full_size(select_rows(asked, slice(number, number + 1)), steps)[0]
        )

    offered = sorted(setting.bundle.manifest.pictures.steps, reverse=True)
    rungs: list[Rung] = [
        (f"{steps} step{'s' if steps > 1 else ''}", bundle_in(steps)) for steps in offered
    ]
    autoencoder = _autoencoder(setting.runs)
    if autoencoder is not None:
        rungs.append(("autoencoder", lambda number: _there_and_back(autoencoder, truth, number)))
    return rungs


def _autoencoder(runs: Path) -> Autoencoder | None:
    try:
        return load_refined(runs)
    except FileNotFoundError:
        return None


@torch.no_grad()
def _there_and_back(autoencoder: Autoencoder, truth: PaintedPictures, number: int) -> U8:
    """A true picture through the latents alone, at the size that they are made for."""
    small = to_model(torch.from_numpy(halve(np.array(truth.pictures[number])[None])))
    return _at_true_size(to_pixels(autoencoder.decode(autoencoder.encode(small)))[0].numpy())


def _at_true_size(picture: U8) -> U8:
    """A smaller picture enlarged, so that every bundle is held against the same ones."""
    size = LARGE_SCENES.width, LARGE_SCENES.height
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def _on_screen(picture: U8) -> U8:
    """As the window enlarges fine pictures."""
    return np.asarray(Image.fromarray(picture).resize(SCREEN, Image.Resampling.BILINEAR))


def _ratio(values: list[float]) -> tuple[float, str, float]:
    """Mean, unit and half of the width of its 95 % interval."""
    return float(np.mean(values)), "", float(1.96 * np.std(values) / np.sqrt(len(values)))


def _sheet(columns: list[list[U8]]) -> Image.Image:
    """A row a scene, a column a rung, the true picture first."""
    height, width = columns[0][0].shape[:2]
    tall = round(SHOWN * height / width)
    whole = Image.new("RGB", (SHOWN * len(columns), tall * len(columns[0])))
    for across, pictures in enumerate(columns):
        for down, picture in enumerate(pictures):
            small = Image.fromarray(picture).resize((SHOWN, tall), Image.Resampling.LANCZOS)
            whole.paste(small, (across * SHOWN, down * tall))
    return whole
