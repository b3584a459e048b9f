"""The drawings of the subjects: eight each, at their place, turned as told, with their licences."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import skia

from engine.painting.atmosphere import STYLES
from training.vocabulary import LABELS
from training.world.gather_drawings import PACKAGES, list_used
from training.world.layout import AIR
from training.world.light import palette
from training.world.scene import Scene, Subject, compose
from training.world.subjects.draw import LOOKS, draw_subject, ink_box
from training.world.subjects.drawings import FOLDER, UnknownDrawingError, draw_look, svg

OPEN = {"CC-BY-4.0", "MIT", "Apache-2.0"}
SCENE = replace(compose((), (), 5), style="picturebook", lights=(0.0, 1.0, 0, 0, 0, 0, 0))


def painted(subject: Subject, scene: Scene = SCENE, width: int = 192, height: int = 108):
    """RGBA of the subject alone."""
    surface = skia.Surface(width, height)
    draw_subject(surface.getCanvas(), subject, scene, palette(scene), width, height)
    return surface.makeImageSnapshot().toarray()


def test_every_label_that_has_a_box_has_eight_looks() -> None:
    boxed = set(LABELS) - set(AIR)
    assert boxed <= set(LOOKS)
    assert {len(looks) for looks in LOOKS.values()} == {8}


@pytest.mark.parametrize("label", sorted(LOOKS))
def test_looks_of_a_label_are_different_drawings_that_are_not_too_wide(label: str) -> None:
    images = [draw_look(look) for look in LOOKS[label]]
    prints = {hashlib.sha256(image.tobytes()).hexdigest() for image in images}
    assert len(prints) == 8
    for image in images:
        assert (image.toarray()[..., 3] > 128).mean() > 0.05
        assert image.width() / image.height() <= 2.12


@pytest.mark.parametrize("label", ["dog", "train", "aircraft", "owl", "whale", "speech"])
def test_facing_mirrors_the_drawing(label: str) -> None:
    left = painted(Subject(label, 0, 0.5, 0.8, 0.5, -1))
    right = painted(Subject(label, 0, 0.5, 0.8, 0.5, 1))
    assert np.abs(left.astype(int) - right).mean() > 1.0


@pytest.mark.parametrize("style", STYLES)
def test_ink_fills_its_box(style: str) -> None:
    scene = replace(SCENE, style=style)
    subject = Subject("birds", 0, 0.4, 0.7, 0.5, 1)
    left, top, right, foot = ink_box(subject, style, 384, 216)
    assert (left + right) / 2 == pytest.approx(0.4 * 384)
    assert (top, foot) == pytest.approx((0.2 * 216, 0.7 * 216))
    alpha = painted(subject, scene, 384, 216)[..., 3] > 128
    rows, columns = alpha.any(1).nonzero()[0], alpha.any(0).nonzero()[0]
    found = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    assert found == pytest.approx((left, top, right, foot), abs=4.0)


def test_the_same_subject_is_the_same_to_the_pixel() -> None:
    subject = Subject("woodpecker", 3, 0.5, 0.7, 0.5, -1)
    assert np.array_equal(painted(subject), painted(subject))


def test_night_darkens_what_has_no_light_of_its_own() -> None:
    night = replace(SCENE, lights=(0.0, 0, 0, 1.0, 0, 0, 0))
    subject = Subject("sheep", 0, 0.5, 0.8, 0.6, 1)
    middle = (slice(45, 70), slice(86, 106), slice(0, 3))
    assert painted(subject, night)[middle].mean() < 0.85 * painted(subject)[middle].mean()


@pytest.mark.parametrize("family", sorted(list_used()))
def test_every_set_records_its_licence_and_its_authors(family: str) -> None:
    text = (FOLDER / f"{family}.json").read_text(encoding="utf-8")
    held = json.loads(text)
    assert held["licence"] in OPEN
    assert held["author"]
    assert held["name"]
    assert (held["package"], held["version"]) == PACKAGES[family]
    assert sorted(held["bodies"]) == list_used()[family]
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)


def test_a_drawing_that_no_set_holds_is_an_error() -> None:
    with pytest.raises(UnknownDrawingError, match="own:unicorn"):
        svg("own:unicorn")
