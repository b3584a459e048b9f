"""The bundle that ships: it hears the project's own sounds, and its pictures follow them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from engine.bundle.load import Bundle, BundleModels, load_bundle
from engine.packets import F32, HeardSource, Hearing, Stamp
from engine.painting.atmosphere import LIGHTS, STYLES, Atmosphere, Choice
from engine.painting.conditioning import Conditioner
from engine.painting.painter import Painter
from engine.synthesis.catalogue import SYNTHESISED, synthesise

SHIPPED = "picturebook"
LARGEST_MB = 60
DAY = Choice("day", "summer", "picturebook")


@dataclass(frozen=True, slots=True)
class Shipped:
    bundle: Bundle
    models: BundleModels

    def embedding(self, label: str) -> F32:
        return self.bundle.vocabulary[self.bundle.manifest.labels.index(label)]

    def hearing(self, sources: Mapping[int, tuple[F32, float]], window_id: int = 0) -> Hearing:
        """Tracks with their embeddings and significances."""
        heard = tuple(
            HeardSource(track, embedding, (("", 1.0),), -20.0, significance)
            for track, (embedding, significance) in sources.items()
        )
        return Hearing(Stamp(window_id, 0, 0, 16000, 16000, 0.0), heard, -20.0)

    def paint(
        self, weights: Mapping[str, float], choice: Choice = DAY, steps: int = 2, at_s: float = 30.0
    ) -> np.ndarray:
        """Scene of some labels with their significances, i16 (h, w, 3), once all has settled."""
        conditioner = Conditioner(self.bundle, 4, 0, Atmosphere(4, choice=choice))
        sources = {n: (self.embedding(name), w) for n, (name, w) in enumerate(weights.items())}
        conditioner.hear(self.hearing(sources), 0.0)
        painter = Painter(self.models.generators)
        return painter.paint(conditioner.conditions(at_s, steps)).scene.astype(np.int16)


@pytest.fixture(scope="module")
def shipped() -> Iterator[Shipped]:
    bundle = load_bundle(SHIPPED)
    models = bundle.models("onnxruntime", threads=2)
    yield Shipped(bundle, models)
    models.close()


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).mean())


def _changed(a: np.ndarray, b: np.ndarray) -> float:
    """Share of the pixels that differ plainly."""
    return float((np.abs(a - b).max(axis=2) > 25).mean())


def test_it_is_light_enough_to_ship(shipped: Shipped) -> None:
    manifest = shipped.bundle.manifest
    assert sum(file.bytes for file in manifest.files.values()) < LARGEST_MB * 1e6
    assert len(manifest.labels) >= 48
    assert manifest.credits


def test_it_hears_the_synthesised_sounds(shipped: Shipped) -> None:
    manifest = shipped.bundle.manifest
    hits = 0
    for label in SYNTHESISED:
        sound = synthesise(label, 4.0, manifest.sample_rate_hz, seed=12345)
        (presence,) = shipped.models.encoder.run({"audio": sound[None]})["presence"]
        likeliest = np.argsort(-presence[:-1])[:3]
        hits += label in {manifest.labels[i] for i in likeliest}
    assert hits >= 0.6 * len(SYNTHESISED)


def test_each_sound_has_its_own_picture(shipped: Shipped) -> None:
    pictures = [shipped.paint({label: 0.9}) for label in ("rain", "fire", "frog", "waves")]
    for one, other in itertools.combinations(pictures, 2):
        assert _difference(one, other) > 5


@pytest.mark.parametrize("label", ["dog", "cow", "church bells", "fire"])
def test_a_louder_source_takes_more_of_the_picture(shipped: Shipped, label: str) -> None:
    none = shipped.paint({})
    faint, plain, loud = (_changed(shipped.paint({label: w}), none) for w in (0.2, 0.6, 1.0))
    assert faint < plain < loud


def test_two_sounds_give_both_subjects(shipped: Shipped) -> None:
    """Each takes its own part of the picture away when it falls silent."""
    both = shipped.paint({"elephant": 0.8, "car horn": 0.8})
    without_first = np.abs(both - shipped.paint({"elephant": 0.0, "car horn": 0.8})).mean((0, 2))
    without_second = np.abs(both - shipped.paint({"elephant": 0.8, "car horn": 0.0})).mean((0, 2))
    assert without_first.max() > 10
    assert without_second.max() > 10
    columns = np.arange(both.shape[1])
    first, second = (
        (columns * part**2).sum() / (part**2).sum() for part in (without_first, without_second)
    )
    assert abs(first - second) > 0.15 * both.shape[1]


def test_walking_between_two_sounds_makes_no_jump(shipped: Shipped) -> None:
    # both at home in the same kind of land, which otherwise changes over with them
    start, end = shipped.embedding("dog"), shipped.embedding("fire")
    path = []
    for share in np.linspace(0, 1, 21):
        between = (1 - share) * start + share * end
        unit = (between / np.linalg.norm(between)).astype(np.float32)
        conditioner = Conditioner(shipped.bundle, 4, 0, Atmosphere(4, choice=DAY), blend=True)
        conditioner.hear(shipped.hearing({0: (start, 0.8)}), 0.0)
        conditioner.hear(shipped.hearing({0: (unit, 0.8)}, 1), 0.1)
        scene = Painter(shipped.models.generators).paint(conditioner.conditions(30.0, 2)).scene
        path.append(scene.astype(np.int16))
    whole = _difference(path[0], path[-1])
    steps = [_difference(a, b) for a, b in itertools.pairwise(path)]
    assert whole > 2
    assert max(steps) < 0.5 * sum(steps)


def test_silence_is_a_quiet_landscape(shipped: Shipped) -> None:
    silence, crowded = shipped.paint({}), shipped.paint({"cow": 0.9, "train": 0.9, "dog": 0.9})

    def unrest(picture: np.ndarray) -> float:
        return float(np.abs(np.diff(picture, axis=1)).mean())

    assert unrest(silence) < 0.9 * unrest(crowded)
    assert silence.std() > 5


def test_every_light_and_style_is_another_picture(shipped: Shipped) -> None:
    lights = [shipped.paint({"dog": 0.7}, Choice(n, "summer", "picturebook")) for n in LIGHTS]
    styles = [shipped.paint({"dog": 0.7}, Choice("day", "summer", n)) for n in STYLES]
    for pictures in (lights, styles):
        for one, other in itertools.combinations(pictures, 2):
            assert _difference(one, other) > 4
    night, day = lights[LIGHTS.index("night")], lights[LIGHTS.index("day")]
    assert night.mean() < 0.7 * day.mean()


def test_steady_sound_gives_a_picture_that_lives_calmly(shipped: Shipped) -> None:
    sounding = {"cow": 0.8, "dog": 0.8}
    still, soon, later = (shipped.paint(sounding, at_s=s) for s in (30.0, 30.05, 90.0))
    assert _difference(still, soon) < 0.15 * _difference(still, later)


def test_one_step_shows_what_two_show(shipped: Shipped) -> None:
    one, two = shipped.paint({"fire": 0.9}, steps=1), shipped.paint({"fire": 0.9}, steps=2)
    assert _difference(one, two) < _difference(one, shipped.paint({"waves": 0.9}))
