"""Paints with a bundle's generators from labels alone, without sound, by the rules of the show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from tqdm import tqdm

from engine.bundle.load import Bundle
from engine.hearing.naming import Naming
from engine.packets import F32, U8, PictureConditions
from engine.painting.composition import AIR, Box, Homes, PlaceRules, between, look_of, placed
from engine.runtimes.model import Model
from training.judge.pictures import resize_for_judge
from training.painting.painted_pictures import PaintedPictures
from training.vocabulary import LABELS

BATCH = 4


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """The sources and the atmosphere of one picture."""

    labels: tuple[str, ...]
    weights: tuple[float, ...]
    atmosphere: F32
    """(a,) shares of lights, seasons and styles."""


def requests_of(pictures: PaintedPictures) -> list[PictureRequest]:
    """The same sources under the same light as in real pictures, wherever they may stand."""
    requests = []
    for labels, weights, atmosphere in zip(
        pictures.labels, pictures.weights, pictures.atmosphere, strict=True
    ):
        there = labels >= 0
        names = tuple(LABELS[i] for i in labels[there])
        shares = tuple(float(w) for w in weights[there])
        requests.append(PictureRequest(names, shares, np.array(atmosphere)))
    return requests


@dataclass(frozen=True)
class BundlePainter:
    """A bundle's generators, and the conditions that they take."""

    bundle: Bundle
    generators: Mapping[int, Model]

    def compose(
        self, requests: Sequence[PictureRequest], kind: str, seed: int
    ) -> PictureConditions:
        """Conditions as the show makes them: places by the bundle's rules, clear of one another.

        kind: "scene", or "panel", whose one source is wholly there. Labels unknown to the bundle
        raise ValueError.
        """
        asked, rules = self._blank(len(requests), kind, seed), PlaceRules(self.bundle.places)
        manifest = self.bundle.manifest
        naming = Naming(self.bundle.vocabulary, manifest.labels, manifest.label_temperature)
        for row, request in enumerate(requests):
            homes = Homes(seed + row, manifest.pictures.looks, manifest.pictures.scene)
            boxes: list[Box] = []
            asked.atmosphere[row] = request.atmosphere
            sources = zip(request.labels, request.weights, strict=True)
            for slot, (label, weight) in enumerate(sources):
                token = self.token(label)
                stand = rules.stand(naming.probabilities(token))
                share = weight if kind == "scene" else 1.0
                ends = stand.scene if kind == "scene" else stand.panel
                home = None
                if stand.air < 1:
                    y, height = between(ends, share)
                    home = homes.find(slot, y, height, boxes)
                    boxes.append(Box(home.x, y, height))
                asked.tokens[row, slot], asked.weights[row, slot] = token, share
                asked.places[row, slot] = placed(ends, stand.air, home, share, kind == "scene")
                asked.looks[row, slot] = look_of(manifest.pictures.looks, stand.air, home)
        return asked

    def conditions_of(self, pictures: PaintedPictures, kind: str, seed: int) -> PictureConditions:
        """Conditions that are the very truth of real pictures: the same places and drawings."""
        asked = self._blank(len(pictures.labels), kind, seed)
        asked.atmosphere[:] = pictures.atmosphere
        for row, slot in zip(*np.nonzero(pictures.labels >= 0), strict=True):
            asked.tokens[row, slot] = self.token(LABELS[pictures.labels[row, slot]])
            asked.weights[row, slot] = pictures.weights[row, slot]
            asked.places[row, slot] = pictures.places[row, slot]
            asked.looks[row, slot] = 0
            asked.looks[row, slot, pictures.looks[row, slot]] = 1
        return asked

    def paint(self, asked: PictureConditions, steps: int, what: str = "") -> U8:
        """u8 (n, h / 2, w / 2, 3): the pictures at the size that the judge sees.

        what: of the progress bar; none without it.
        """
        made = []
        parts = range(0, len(asked.weights), BATCH)
        for at in tqdm(parts, desc=what, unit="batch", disable=not what, leave=False):
            part = select_rows(asked, slice(at, at + BATCH))
            made.append(resize_for_judge(self.paint_full_size(part, steps)))
        return np.concatenate(made)

    def paint_full_size(self, asked: PictureConditions, steps: int) -> U8:
        """u8 (n, h, w, 3) as they are shown."""
        feed = {field.name: getattr(asked, field.name) for field in fields(asked)}
        return self.generators[steps].run(feed)["picture"]

    def token(self, label: str) -> F32:
        """(d,) the embedding of a label's name."""
        return self.bundle.vocabulary[self.bundle.manifest.labels.index(label)]

    def _blank(self, count: int, kind: str, seed: int) -> PictureConditions:
        """Silence under no light in particular, with the noise of a seed."""
        manifest = self.bundle.manifest
        pictures, slots = manifest.pictures, manifest.sources
        size = pictures.scene if kind == "scene" else pictures.panel
        looks = np.zeros((count, slots, pictures.looks), np.float32)
        looks[..., 0] = 1
        rng = np.random.default_rng([seed, kind == "scene"])
        shape = (count, pictures.latent_channels, *pictures.latent(size))
        return PictureConditions(
            tokens=np.zeros((count, slots, manifest.embedding_dim), np.float32),
            weights=np.zeros((count, slots), np.float32),
            places=np.tile(np.array(AIR, np.float32), (count, slots, 1)),
            looks=looks,
            atmosphere=np.zeros((count, pictures.atmosphere_size), np.float32),
            noise=rng.standard_normal(shape, np.float32),
        )


def select_rows(asked: PictureConditions, chosen: slice | np.ndarray) -> PictureConditions:
    """Some of the pictures."""
    return PictureConditions(*(getattr(asked, field.name)[chosen] for field in fields(asked)))


def silence(asked: PictureConditions) -> PictureConditions:
    """The same pictures, their light and noise, of no source at all."""
    kept = {field.name: getattr(asked, field.name) for field in fields(asked)}
    return PictureConditions(**{**kept, "weights": np.zeros_like(asked.weights)})
