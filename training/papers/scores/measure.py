"""Every score that the named networks allow, of what they saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.papers.scores.alignment import alignments, cosines
from training.papers.scores.distances import fid, inception_score, kid
from training.papers.scores.gather import Seen
from training.papers.scores.labels import crs, rank_results
from training.papers.scores.networks import clap, clip, detector
from training.papers.scores.networks.clip import Clip
from training.papers.scores.networks.detector import table_of
from training.papers.scores.networks.opened import Networks
from training.papers.scores.networks.text import text_embeddings
from training.papers.scores.result import Result

RESIZED = {
    "clean": "resized as clean-fid does",
    "plain": "resized as pytorch-fid does",
}


def measure(
    seen: Seen, networks: Networks, labels: Sequence[str], way: str, threshold: float
) -> list[Result]:
    """All of them.

    labels: every label of the data set, among which ranks are counted. threshold: from which on a
    detector has found a label.
    """
    present = seen.present(labels)
    results: list[Result] = []
    if networks.inception is not None:
        by = networks.inception[1]
        painted, logits = seen.arrays["painted-inception"], seen.arrays["painted-logits"]
        if "true-inception" in seen.arrays and len(painted) > 1:
            true = seen.arrays["true-inception"]
            results += [
                fid(painted, true, "FID", RESIZED[way], by), kid(painted, true, RESIZED[way], by)
            ]  # fmt: skip
        results.append(inception_score(logits, by))
    for number, network in enumerate(networks.clips):
        results += _by_clip(seen, networks, network, number, labels, present)
    results += _by_detector(seen, networks, labels, present, threshold)
    if networks.clap is not None:
        asked = f'"{clap.PROMPT.format("...")}"; of the sound itself, not of a picture'
        texts = text_embeddings(networks.clap, [clap.PROMPT.format(name) for name in labels])
        table = cosines(seen.arrays["sound-clap"], texts)
        found = rank_results(table, present, (networks.clap.weights,), asked)
        results += [_renamed(each) for each in found if each.name != "AIC"]
    return results


def _by_clip(
    seen: Seen, networks: Networks, network: Clip, number: int, labels: Sequence[str],
    present: np.ndarray,
) -> list[Result]:  # fmt: skip
    painted = seen.arrays[f"painted-clip-{number}"]
    true = seen.arrays.get(f"true-clip-{number}")
    by, results = network.weights, []
    rows = np.array(seen.has_true)
    if true is not None and len(painted) > 1:
        results.append(fid(painted, true, "CLIP-FID", "resized as CLIP does", by))
    if networks.wav2clip is not None and networks.wav2clip.model.dim == network.dim:
        heard = seen.arrays["sound-wav2clip"]
        ceiling = cosines(heard, true) if true is not None and rows.all() else None
        both = (networks.wav2clip.weights, by)
        results += alignments("AIS", cosines(heard, painted), ceiling, both, "sound to picture")
    if true is not None:
        results += alignments(
            "IIS", cosines(true, painted[rows]), None, (by,), "true picture to painted one"
        )
    texts = text_embeddings(network, [clip.PROMPT.format(name) for name in labels])
    ceiling = cosines(true, texts) if true is not None and rows.all() else None
    asked = f'"{clip.PROMPT.format("...")}"'
    return results + rank_results(cosines(painted, texts), present, (by,), asked, ceiling)


def _by_detector(
    seen: Seen, networks: Networks, labels: Sequence[str], present: np.ndarray, threshold: float
) -> list[Result]:
    results = []
    if networks.owl is not None:
        true = seen.arrays.get("true-owl")
        ceiling = true if all(seen.has_true) else None
        asked = f'"{detector.PROMPT.format("...")}"'
        by = (networks.owl.weights,)
        found = seen.arrays["painted-owl"]
        results.append(crs(found, present, threshold, by, asked, ceiling))
    if networks.detections is not None:
        path, told = networks.detections
        found = table_of(told, seen.names, labels, path)
        by = (told.weights,)
        results.append(crs(found, present, threshold, by, f"as {path.name} says"))
    return results


def _renamed(each: Result) -> Result:
    return Result(
        f"{each.name} (sound)", each.variant, each.found, each.weights, each.spread_of,
        each.shuffled, each.true, each.note,
    )  # fmt: skip
