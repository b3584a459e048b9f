"""The public file of moments in its layouts, and the nearest picture by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training.papers.world import picture, sound, wav
from training.papers import select
from training.papers.datasets.sample import Picture, Sample
from training.papers.datasets.shards import write_shards
from training.papers.selection.frames import read_frames
from training.papers.selection.public import read_moments

MOMENTS = {
    "9fhhMaXTraI_44000_54000": [47, 46, 45, 23, 42, 9, 44, 56, 27, 17],
    "-_abcdefghi_2000_12000": [1, 100],
    "elsewhere-0_0_10000": [5],
}


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def film(key: str) -> Sample:
        frames = tuple(Picture(0.5 + i, picture(i).data) for i in range(10))
        return Sample(key, wav(sound(1)), frames, (), (), "train")

    keys = ("9fhhMaXTraI_000044", "-_abcdefghi_000002", "9fhhMaXTraI_000004")
    mute = Sample("elsewhere-0_000000", b"", (picture(0),), (), (), "train")
    folder = tmp_path_factory.mktemp("moments") / "shards"
    write_shards([*map(film, keys), mute], folder)
    return folder


@pytest.mark.parametrize("boxes", [None, {}, {"9fhhMaXTraI_44000_54000": [[1, 2, 3, 4]]}])
def test_the_nearest_picture_to_the_best_moment(
    boxes: dict | None, films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "top1_boxes_top10_moments.json"
    file.write_text(json.dumps(MOMENTS if boxes is None else [boxes, MOMENTS]))
    asked = ["--data", str(films), "--moments", str(file), "-o", str(tmp_path / "out")]
    assert select.main(asked) == 0
    told = capsys.readouterr().out
    assert "3 clips, 2 of them with another picture than the middle one" in told
    assert "1 clips have no moment" in told
    # the 47th of ten frames a second is at 4.65 s, nearest to the picture at 4.5 s
    wanted = {"9fhhMaXTraI_000044": 4, "-_abcdefghi_000002": 0, "9fhhMaXTraI_000004": 5}
    found = read_frames(tmp_path / "out" / "frames.json")
    assert found.frames == wanted
    assert found.by.startswith("top1_boxes_top10_moments.json ")
    before = (tmp_path / "out" / "frames.json").read_bytes()
    assert select.main(asked) == 0
    assert (tmp_path / "out" / "frames.json").read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["frames.json"]


def test_frames_are_counted_from_1_and_are_their_middle(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(MOMENTS))
    assert read_moments(file) == {
        "9fhhMaXTraI_000044": 4.65, "-_abcdefghi_000002": 0.05, "elsewhere-0_000000": 0.45,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "holds no moments"),
        ("[1, 2]", "holds no moments"),
        ('[{}, {"a": [1]}, {}]', "holds no moments"),
        ('{"9fhhMaXTraI_44000_54000": "47"}', "holds no moments"),
        ('{"9fhhMaXTraI_44000_54000": [4.7]}', "holds no moments"),
        ('{"9fhhMaXTraI_44000_54000": []}', "has no best frame"),
        ('{"9fhhMaXTraI_44000_54000": [-3]}', "has no best frame"),
        ('{"rain.wav": [3]}', "rain.wav names no clip"),
        ('{"9fhhMaXTraI": [3]}', "9fhhMaXTraI names no clip"),
        ('{"9fhhMaXTraI_1000_11000": [3]}', "none of the clips"),
        ("{}", "none of the clips"),
        (None, "No such file"),
    ],
)
def test_what_is_no_such_file_is_one_line(
    content: str | None, told: str, films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "moments.json"
    if content is not None:
        file.write_text(content)
    asked = ["--data", str(films), "--moments", str(file), "-o", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as ended:
        select.main(asked)
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert told in error
    assert not (tmp_path / "out").exists()
