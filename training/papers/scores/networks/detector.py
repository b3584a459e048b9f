"""What is found in a picture: by OWL-ViT here, or by any other detector's file.

Papers use YOLO-World, whose usual program is AGPL: whoever runs it writes what it found into a
file, one picture a line, and says in its first line who found it:

    {"detector": "yolov8x-worldv2", "sha256": "...64 digits, of its weights..."}
    {"picture": "KEY.png", "detections": [{"label": "dog", "score": 0.83}]}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers import OwlViTForObjectDetection

from training.loop.plain_errors import InputError
from training.papers.scores.networks.clip import normalised, tokenizer_in
from training.papers.scores.networks.weights import Weights, open_folder

PROMPT = "a photo of a {}"
THRESHOLD = 0.1
"""The papers name none; transformers' own for OWL-ViT."""
_LONGEST_TEXT = 16


@dataclass(frozen=True, slots=True)
class Detector:
    """An opened OWL-ViT with the labels that it looks for."""

    model: Any
    queries: torch.Tensor
    """(labels, d) unit embeddings of the prompts."""
    weights: Weights


@torch.inference_mode()
def load_owl(folder: Path, labels: Sequence[str]) -> Detector:
    """Read a folder that `save_pretrained` wrote. Raises InputError, one line."""
    model, weights = open_folder(OwlViTForObjectDetection, folder, "OWL-ViT")
    tokenizer = tokenizer_in(folder)
    asked = tokenizer(
        [PROMPT.format(label) for label in labels], padding="max_length",
        max_length=_LONGEST_TEXT, truncation=True, return_tensors="pt",
    )  # fmt: skip
    pooled = model.owlvit.text_model(
        input_ids=asked["input_ids"], attention_mask=asked["attention_mask"]
    ).pooler_output
    queries = torch.nn.functional.normalize(model.owlvit.text_projection(pooled), dim=-1)
    return Detector(model, queries, weights)


@torch.inference_mode()
def detection_scores(detector: Detector, pictures: Sequence[Image.Image]) -> np.ndarray:
    """f32 (b, labels) in [0, 1]: of each label its surest place."""
    side = int(detector.model.config.vision_config.image_size)
    levels = [
        np.asarray(p.convert("RGB").resize((side, side), Image.Resampling.BICUBIC))
        for p in pictures
    ]
    grid, *_ = detector.model.image_embedder(pixel_values=normalised(levels))
    asked = detector.queries.expand(len(pictures), -1, -1)
    logits, _ = detector.model.class_predictor(grid.flatten(1, 2), asked)
    return logits.sigmoid().amax(1).numpy()


@dataclass(frozen=True, slots=True)
class Detections:
    """Another detector's verdicts."""

    scores: Mapping[str, Mapping[str, float]]
    """Name of the picture's file to label to its best score."""
    weights: Weights


def read_detections(path: Path) -> Detections:
    """Read such a file. Raises InputError that names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error})") from error
    if not lines:
        raise InputError(f"{path} is empty; its first line must say which detector wrote it")
    head = _object(lines[0], path, 1)
    name, digest = head.get("detector"), head.get("sha256")
    if not isinstance(name, str) or not re.fullmatch("[0-9a-f]{64}", str(digest)):
        raise InputError(
            f'{path}:1 must be {{"detector": NAME, "sha256": 64 digits of its weights}}, so that '
            "the score can say who found"
        )
    found: dict[str, dict[str, float]] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        told = _object(line, path, number)
        try:
            best = found.setdefault(str(told["picture"]), {})
            for each in told["detections"]:
                label, score = str(each["label"]), float(each["score"])
                best[label] = max(score, best.get(label, 0.0))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f'{path}:{number} must be {{"picture": NAME, "detections": [{{"label": ..., '
                '"score": ...}]}'
            ) from error
    return Detections(found, Weights(name, str(digest)))


def table_of(
    detections: Detections, names: Iterable[str], labels: Sequence[str], path: Path
) -> np.ndarray:
    """f64 (n, labels), 0 for what was not found. Raises InputError for a picture without line."""
    rows = []
    for name in names:
        found = detections.scores.get(name)
        if found is None:
            raise InputError(
                f"{path} has no line for {name}; a picture in which nothing is found has an "
                "empty list"
            )
        rows.append([found.get(label, 0.0) for label in labels])
    return np.array(rows).reshape(-1, len(labels))


def _object(line: str, path: Path, number: int) -> Mapping[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}:{number} is no JSON ({error})") from error
    if not isinstance(told, dict):
        raise InputError(f"{path}:{number} is no JSON object")
    return told
