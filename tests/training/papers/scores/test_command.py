"""`python -m training.papers.score` on a folder of pictures."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.papers.datasets.made import sound_bytes
from tests.training.papers.finished_run import finished_run
from training.papers.datasets.sample import Picture, Sample
from training.papers.datasets.shards import write_shards
from training.papers.score import main
from training.papers.scores.networks.tiny import write_tiny
from training.papers.scores.painted import find_painted
from training.papers.scores.published import PUBLISHED

LABELS = ("dog", "rain", "train")
SOUNDS = 9


def png(seed: int) -> bytes:
    levels = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shards, painted pictures of all sounds but one (one has two), and tiny networks."""
    home = tmp_path_factory.mktemp("scores")
    samples = [
        Sample(
            f"-k_{i}", sound_bytes(0.3, 200 + 50 * i), (Picture(0.0, png(i)),),
            (LABELS[i % 3],) if i < 5 else (LABELS[i % 3], LABELS[(i + 1) % 3]), (), "test",
        )
        for i in range(SOUNDS)
    ]  # fmt: skip
    write_shards(samples, home / "shards")
    (home / "painted").mkdir()
    for i in range(1, SOUNDS):
        (home / "painted" / f"-k_{i}.png").write_bytes(png(i))
    (home / "painted" / "-k_1.1.png").write_bytes(png(100))
    (home / "painted" / "stranger.png").write_bytes(png(101))
    write_tiny(home / "tiny", inception=False)
    return home


def run(place: Path, *more: str, pictures: str = "painted") -> int:
    tiny = place / "tiny"
    return main(
        ["--pictures", str(place / pictures), "--data", str(place / "shards"),
         "--clip", str(tiny / "clip"), "--wav2clip", str(tiny / "wav2clip.ckpt"),
         "--owl", str(tiny / "owl"), "--clap", str(tiny / "clap"), *more]
    )  # fmt: skip


def test_every_score_is_printed_with_what_it_rests_on(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(place, "--against", "published", "-o", str(place / "s.json")) == 0
    out = capsys.readouterr().out
    report = json.loads((place / "s.json").read_text())
    names = [each["name"] for each in report["scores"]]
    assert {"CLIP-FID", "AIS", "IIS", "AIC", "R@1", "R@2*", "CRS", "R@1 (sound)"} <= set(names)
    assert names.count("AIS") == names.count("IIS") == 3
    for each in report["scores"]:
        assert each["variant"]
        assert each["count"]
        assert each["weights"]
        assert all(len(digest) == 64 for digest in each["weights"].values())
    # the true pictures were painted, so all but the stray one are perfect
    ais = next(each for each in report["scores"] if each["name"] == "IIS")
    assert ais["value"] > 0.9
    assert ais["value"] > ais["shuffled"]
    assert report["unpainted"] == 1
    assert "1 sounds of test have no picture" in out
    assert ais["count"] == SOUNDS  # eight keys, one of them twice; the stranger belongs to nobody
    assert "MACS" in out
    assert "87.1" in out
    assert "Not measured here: FID" in out


def test_detections_of_another_program_count_by_the_pictures_names(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    painted = find_painted(place / "painted")
    lines: list[dict] = [{"detector": "mine", "sha256": "d" * 64}]
    for paths in painted.values():
        found = [{"label": label, "score": 0.5} for label in LABELS[:2]]
        lines += [{"picture": path.name, "detections": found} for path in paths]
    told = place / "detections.jsonl"
    told.write_text("\n".join(json.dumps(line) for line in lines))
    common = ["--pictures", str(place / "painted"), "--data", str(place / "shards")]
    code = main([*common, "--detections", str(told), "-o", str(place / "d.json")])
    capsys.readouterr()
    (crs,) = json.loads((place / "d.json").read_text())["scores"]
    # dog and rain are found everywhere, train nowhere: of keys 1 1 2 3 4 5 6 7 8 those without it
    assert (code, crs["name"], crs["count"]) == (0, "CRS", SOUNDS)
    assert crs["value"] == pytest.approx(5 / 9)


@pytest.mark.parametrize(
    ("more", "pictures", "line"),
    [
        (["--split", "train"], "painted", "no clips of split train"),
        ([], "nowhere", "no such folder of pictures"),
        ([], "tiny", "holds no pictures"),
        (["--threshold", "2"], "painted", "no probability"),
    ],
)
def test_what_cannot_be_scored_is_said_in_one_line(
    place: Path, capsys: pytest.CaptureFixture[str], more: list[str], pictures: str, line: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(place, *more, pictures=pictures)
    assert ended.value.code == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert line in said[-1]


def test_a_run_is_painted_where_it_is_not_yet_and_scored(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = finished_run(tmp_path / "run", "sound2vision", "gan")
    common = ["--run", str(folder), "--data", str(place / "shards"), "--most", "3"]
    asked = [*common, "--clip", str(place / "tiny" / "clip"), "--against", "published"]
    assert main(asked) == 0
    painted = sorted((folder / "painted" / "test").iterdir())
    assert [path.name for path in painted] == ["-k_0.png", "-k_1.png", "-k_2.png"]
    assert "No published figures of sound2vision" in capsys.readouterr().out
    report = json.loads((folder / "scores-test.json").read_text())
    assert {each["count"] for each in report["scores"] if each["name"] == "IIS"} == {3}
    before = painted[1].read_bytes()
    painted[1].unlink()  # painted anew it is the same, whatever is painted beside it
    assert main(asked) == 0
    assert painted[1].read_bytes() == before


def test_published_figures_are_shares_and_known_names() -> None:
    names = {"FID", "CLIP-FID", "KID", "IS", "AIS", "IIS", "CRS", "R@1", "R@2*"}
    for row in PUBLISHED:
        for name, value in row.scores:
            assert name in names
            assert value >= 0
            assert (value <= 1 or name in ("FID", "CLIP-FID", "IS"))
