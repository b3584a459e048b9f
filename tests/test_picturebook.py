"""The bundle that ships: it hears the project's own sounds, and its pictures follow them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from engine.bundle import Bundle, BundleModels, load_bundle
from engine.encoding import Encoder
from engine.synthesis import SYNTHESISED, synthesise

SHIPPED = "picturebook"
LARGEST_MB = 60


@dataclass(frozen=True, slots=True)
class Shipped:
    bundle: Bundle
    models: BundleModels

    def paint(self, weights: dict[str, float], steps: int = 2, drift: float = 0.0) -> np.ndarray:
        """Scene of some labels with their weights, i16 (h, w, 3); drift moves the noise."""
        manifest = self.bundle.manifest
        tokens = np.zeros((1, manifest.sources, manifest.embedding_dim), np.float32)
        shares = np.zeros((1, manifest.sources), np.float32)
        for slot, (label, weight) in enumerate(weights.items()):
            tokens[0, slot] = self.bundle.vocabulary[manifest.labels.index(label)]
            shares[0, slot] = weight
        still, other = np.random.default_rng(4).standard_normal((2, 1, 8, 18, 32), np.float32)
        noise = np.cos(drift) * still + np.sin(drift) * other
        feed = {"tokens": tokens, "weights": shares, "noise": noise.astype(np.float32)}
        return self.models.generators[steps].run(feed)["picture"][0].astype(np.int16)


@pytest.fixture(scope="module")
def shipped() -> Iterator[Shipped]:
    bundle = load_bundle(SHIPPED)
    models = bundle.models("onnxruntime", threads=2)
    yield Shipped(bundle, models)
    models.close()


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).mean())


def test_it_is_light_enough_to_ship(shipped: Shipped) -> None:
    manifest = shipped.bundle.manifest
    assert sum(file.bytes for file in manifest.files.values()) < LARGEST_MB * 1e6
    assert len(manifest.labels) >= 16
    assert manifest.credits


def test_it_hears_the_synthesised_sounds(shipped: Shipped) -> None:
    manifest = shipped.bundle.manifest
    encoder = Encoder(
        shipped.models.encoder,
        shipped.bundle.vocabulary,
        manifest.labels,
        manifest.label_temperature,
    )
    hits = 0
    for label in SYNTHESISED:
        sound = synthesise(label, 4.0, manifest.sample_rate_hz, seed=12345)
        heard = [name for name, _ in encoder.labels(encoder.embed(sound[None])[0], top=3)]
        hits += label in heard
    assert hits >= 0.6 * len(SYNTHESISED)


def test_each_sound_has_its_own_picture(shipped: Shipped) -> None:
    pictures = [shipped.paint({label: 0.9}) for label in ("rain", "fire", "frog", "waves")]
    for index, one in enumerate(pictures):
        for other in pictures[index + 1 :]:
            assert _difference(one, other) > 8


def test_a_sound_that_fades_leaves_the_picture_without_a_jump(shipped: Shipped) -> None:
    path = [shipped.paint({"sheep": 0.8, "fire": w}) for w in np.linspace(1.0, 0.0, 21)]
    whole = _difference(path[0], path[-1])
    steps = [_difference(a, b) for a, b in itertools.pairwise(path)]
    assert whole > 3
    assert max(steps) < 0.5 * sum(steps)


def test_steady_sound_gives_a_calm_picture(shipped: Shipped) -> None:
    """A twentieth of a second of the noise's walk (about half a degree) is hardly seen."""
    still = shipped.paint({"rain": 0.8, "dog": 0.8})
    moved = shipped.paint({"rain": 0.8, "dog": 0.8}, drift=0.01)
    other = shipped.paint({"rain": 0.8, "dog": 0.8}, drift=np.pi / 2)
    assert _difference(still, moved) < 0.15 * _difference(still, other)


def test_one_step_shows_what_two_show(shipped: Shipped) -> None:
    one, two = shipped.paint({"fire": 0.9}, steps=1), shipped.paint({"fire": 0.9}, steps=2)
    other = shipped.paint({"waves": 0.9}, steps=2)
    assert _difference(one, two) < _difference(one, other)
