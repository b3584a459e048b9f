"""A spec says exactly what a bundle is made of, or which field is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

from engine.bundle.fields import BundleError
from export.bundle import spec
from export.bundle.spec import read_spec

SHIPPED = Path(spec.__file__).parents[1] / "picturebook.toml"


def test_the_shipped_one_holds() -> None:
    found = read_spec(SHIPPED)
    assert found.name == "picturebook"
    assert found.generator.steps == (1, 2)
    assert found.generator.batch == (1, 17)
    assert found.generator.largest == (1152, 2048)
    assert found.separator.checkpoint == SHIPPED.parent / "../runs/separator.pt"
    assert len(found.checkpoints()) == 6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('precision = "int8"', 'precision = "fp8"', 'generator.precision is "fp8"'),
        ("steps = [1, 2]", "steps = [2, 1]", "generator.steps must ascend"),
        ("steps = [1, 2]", "steps = [0]", "whole numbers 1 to 64"),
        ("steps = [1, 2]", "stepps = [1, 2]", 'lacks generator.steps .*by "stepps"'),
        ("batch = [1, 17]", "batch = [17, 1]", "the first the smaller"),
        ("batch = [1, 64]", "batch = 64", "encoder.batch must be a list"),
        ("largest = [1152, 2048]", "largest = [1150, 2048]", "multiples of 64"),
        ('kind = "student"', 'kind = "pupil"', "must be one of student, teacher"),
        ('name = "picturebook"', 'name = "picturebook', "is no TOML .*line"),
        ('licence = "CC-BY-4.0"', 'licence = "CC-BY-4.0"\nauthor = "me"', "unknown field author"),
    ],
)
def test_faults_are_named_in_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "one.toml"
    text = SHIPPED.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BundleError, match=said) as caught:
        read_spec(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        read_spec(tmp_path / "none.toml")
