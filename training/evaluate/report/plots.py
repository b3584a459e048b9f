"""Plots of an evaluation: confusions, reliability, CRS-judge by pair, the few-step curve.

Needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.vocabulary import LABELS


def draw_plots(details: Mapping[str, Any], out: Path) -> list[str]:
    """Draws what the details hold into `out`; returns the files' names."""
    made = []
    if hearing := details.get("hearing"):
        matrix = np.array(hearing["confusion"])
        names = LABELS if len(matrix) == len(LABELS) else [""] * len(matrix)
        title = "What is heard (column) of each sound (row)"
        made.append(_matrix(matrix, names, title, out / "hearing-confusion.png"))
    if reliability := details.get("reliability"):
        made.append(_reliability(reliability, out / "reliability.png"))
    if panels := details.get("panel_confusion"):
        counts = np.array(panels, float)
        shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
        title = "What the judge sees first (column) in panels of each label (row)"
        made.append(_matrix(shares, LABELS, title, out / "panel-confusion.png"))
    if pairs := details.get("crs_judge_by_pair"):
        title = "CRS-judge of scenes with two subjects"
        made.append(_matrix(_by_pair(pairs), LABELS, title, out / "crs-by-pair.png"))
    if distances := details.get("distances"):
        made.append(_curve(distances, out / "few-steps.png"))
    return made


def _by_pair(pairs: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """(labels, labels) share found of each pair; NaN where it was never asked for."""
    shares = np.full((len(LABELS), len(LABELS)), np.nan)
    for each in pairs:
        i, j = (LABELS.index(name) for name in each["pair"])
        shares[i, j] = shares[j, i] = each["found"] / each["asked"]
    return shares


def _matrix(shares: np.ndarray, names: Sequence[str], title: str, path: Path) -> str:
    from matplotlib.figure import Figure

    figure = Figure((12, 11), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="viridis", vmin=0, vmax=1, interpolation="nearest")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_title(title)
    figure.colorbar(image, ax=axes, shrink=0.6)
    figure.savefig(path, dpi=100)
    return path.name


def _reliability(bins: Sequence[Mapping[str, float]], path: Path) -> str:
    from matplotlib.figure import Figure

    figure = Figure((6, 6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    said, observed = ([each[key] for each in bins] for key in ("said", "observed"))
    axes.plot(said, observed, marker="o")
    for each in bins:
        axes.annotate(f"{each['count']:.0f}", (each["said"], each["observed"]), fontsize=7)
    axes.set_xlabel("presence that is said")
    axes.set_ylabel("share that is there")
    axes.set_title("What presences mean (how many beside each point)")
    figure.savefig(path, dpi=120)
    return path.name


def _curve(distances: Mapping[str, Mapping[str, float]], path: Path) -> str:
    from matplotlib.figure import Figure

    figure = Figure((6, 4), layout="constrained")
    axes = figure.subplots()
    steps = sorted((int(name.split()[-1]), name) for name in distances)
    kid = [1000 * distances[name]["kid_judge"] for _, name in steps]
    spread = [1000 * distances[name]["kid_spread"] for _, name in steps]
    axes.errorbar([count for count, _ in steps], kid, spread, marker="o", capsize=4)
    axes.set_xscale("log")
    axes.set_xticks(
        [count for count, _ in steps],
        [name if name.isdigit() else name.replace(" ", ", ") for _, name in steps],
    )
    axes.set_xlabel("steps")
    axes.set_ylabel("KID-judge x 1000")
    axes.set_title("Distance to real scenes by steps")
    figure.savefig(path, dpi=120)
    return path.name
