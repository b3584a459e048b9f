"""Every data set, as it lies on people's disks, is found by its layout and read as it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training.papers.datasets.laid_out import ALL, lay_out, write_list
from tests.training.papers.datasets.made import write_picture, write_sound, write_video
from training.loop.plain_errors import InputError
from training.papers import prepare
from training.papers.datasets.decode import Taking, begin_s
from training.papers.datasets.layouts.clips import Clip, Listing
from training.papers.datasets.layouts.find import LAYOUTS, read_layout
from training.papers.datasets.layouts.names import moment
from training.papers.datasets.make import make_dataset
from training.papers.datasets.sample import Sample, hear
from training.papers.datasets.shards import read_shards

TAKING = Taking(pictures=2)


@pytest.mark.parametrize(
    ("name", "video", "start"),
    [
        ("---g-f_I2yQ_000001.mp4", "---g-f_I2yQ", 1),
        ("---g-f_I2yQ_000300", "---g-f_I2yQ", 300),
        ("___g-f_I2y__30000_40000", "___g-f_I2y_", 30),
        ("_jCEufrlXm4_20_30", "_jCEufrlXm4", 20),
        ("CI0jX5TMs0Q#457#467", "CI0jX5TMs0Q", 457),
        ("-BfvyPmVMo4_20.000.flac", "-BfvyPmVMo4", 20),
        ("BfvyPmVMo40_120000.wav", "BfvyPmVMo40", 120),
        ("BfvyPmVMo40_012000.wav", "BfvyPmVMo40", 12000),
        ("Y--4gqARaEJE.wav", "--4gqARaEJE", None),
        ("YYYYYYYYYYY_3_13", "YYYYYYYYYYY", 3),
        ("12345678901", "12345678901", None),
        ("aaaaaaaa_12", "aaaaaaaa_12", None),
    ],
)
def test_names_mean_the_same_in_every_spelling(name: str, video: str, start: float | None) -> None:
    found = moment(name)
    assert found is not None
    assert (found.video, found.start_s) == (video, start)


@pytest.mark.parametrize("name", ["", "short", "twelve_chars", "---g-f_I2yQ_", "---g-f_I2yQ_a_b"])
def test_what_names_no_clip_is_none(name: str) -> None:
    assert moment(name) is None


def prepared(name: str, tmp_path: Path, where: str = "shards") -> tuple[list[Sample], dict]:
    root = tmp_path / name
    if not root.exists():
        lay_out(name, root)
    out = tmp_path / where
    make_dataset("auto", root, (), out, TAKING, (), 64, 1)
    index = json.loads((out / "index.json").read_text())
    samples = [clip for split in index["splits"] for clip in read_shards(out, split)]
    return sorted(samples, key=lambda clip: clip.key), json.loads((out / "report.json").read_text())


@pytest.mark.parametrize("name", ALL)
def test_twice_prepared_is_byte_for_byte_the_same(name: str, tmp_path: Path) -> None:
    first, _ = prepared(name, tmp_path, "first")
    assert first
    prepared(name, tmp_path, "second")
    files = [path.relative_to(tmp_path / "first") for path in (tmp_path / "first").rglob("*.*")]
    there = [path.relative_to(tmp_path / "second") for path in (tmp_path / "second").rglob("*.*")]
    assert sorted(files) == sorted(there)
    for file in files:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_vggsound(tmp_path: Path) -> None:
    clips, report = prepared("vggsound", tmp_path)
    assert [(clip.key, clip.labels, clip.split) for clip in clips] == [
        ("---g-f_I2yQ_000001", ("people marching, in step",), "test"),
        ("-0jeONf82dE_000021", ("horse clip-clop",), "train"),
        ("_0m_w0yXxXk_000030", ("rain",), "train"),
        ("whole_video_000002", ("dog barking",), "train"),
    ]
    assert all(len(clip.pictures) == 2 for clip in clips)
    assert hear(clips[3], 16_000).size == 160_000  # ten seconds of the whole video
    assert report["counts"] == {
        "ready": 4, "missing": 1, "broken": 2, "duplicate": 2, "unread": 1
    }  # fmt: skip
    assert report["missing"] == [{"key": "zzzzzzzzzzz_000030", "why": "no file of it"}]
    assert {one["key"]: one["why"] for one in report["broken"]} == {
        "a_broken_01_000007":
            "its sound cannot be read (Invalid data found when processing input)",
        "no_sound_at_000000": "its sound cannot be read (the file has none)",
    }  # fmt: skip
    assert report["duplicate"] == [
        {"key": "_0m_w0yXxXk_000030", "why": "listed again"},
        {"key": "---g-f_I2yQ_000001", "why": "in test already, so not in train"},
    ]
    assert report["unread"] == ["vggsound.csv:10"]


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        ("test.csv", ["---g-f_I2yQ_000030.mp4,rain"]),
        ("data/test.csv", ["---g-f_I2yQ_30000_40000,rain"]),
        ("meta.csv", ["ytid,class,set", "---g-f_I2yQ,rain,test"]),
        ("meta.csv", ["set,x,class,ytid", "test,1,rain,---g-f_I2yQ_000030"]),
        ("meta.csv", ["# YouTube ID,start seconds,label,train/test split",
                      "---g-f_I2yQ,30,rain,test"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["_000030", "_30000_40000", "_30_40"])
def test_vggsound_in_every_spelling(file: str, lines: list[str], name: str, tmp_path: Path) -> None:
    write_list(tmp_path / file, *lines)
    write_video(tmp_path / f"video/---g-f_I2yQ{name}.mp4", 0.5)
    write_sound(tmp_path / f"audio/---g-f_I2yQ{name}.wav", 0.5)
    listing = read_layout("auto", tmp_path)
    [clip] = listing.clips
    assert (clip.key, clip.labels, clip.split) == ("---g-f_I2yQ_000030", ("rain",), "test")
    assert clip.sound == tmp_path / f"audio/---g-f_I2yQ{name}.wav"
    assert clip.start_s == 0.0
    assert not listing.missing + listing.duplicate
    assert not listing.unread


def test_frames_in_folders_and_sounds_without_pictures(tmp_path: Path) -> None:
    write_list(tmp_path / "test.csv", "---g-f_I2yQ_000030,rain", "zzzzzzzzzzz_000001,dog")
    write_sound(tmp_path / "audio/---g-f_I2yQ_000030.wav")
    write_sound(tmp_path / "audio/zzzzzzzzzzz_000001.wav")
    assert len(read_layout("vggsound", tmp_path).clips) == 2  # a set of sounds alone
    for number in (1, 2, 10):
        write_picture(tmp_path / f"test_frames/---g-f_I2yQ_000030/frame_{number:05d}.jpg")
    listing = read_layout("vggsound", tmp_path)
    assert [still.time for still in listing.clips[0].stills] == [1, 2, 10]
    assert listing.missing == [("zzzzzzzzzzz_000001", "sound, but no video or picture")]


def test_llp(tmp_path: Path) -> None:
    clips, report = prepared("llp", tmp_path)
    assert [(clip.key, clip.labels, clip.split) for clip in clips] == [
        ("-jCEufrlXm4_20_30", ("Speech", "Acoustic guitar"), "train"),
        ("BjCEufrlXm4_20_30", ("Car", "Speech"), "test"),  # its sound is beside the video
        ("_jCEufrlXm4_0_10", ("Dog",), "val"),
    ]
    assert report["unread"] == ["AVVP_test_pd.csv:3"]


def test_audioset(tmp_path: Path) -> None:
    clips, report = prepared("audioset", tmp_path)
    assert [(clip.key, clip.labels, clip.split) for clip in clips] == [
        ("--4gqARaEJE_000000", ("Domestic animals, pets", "Squeak"), "eval"),
        ("-BfvyPmVMo4_000020", ("/m/unknown",), "eval"),
    ]
    assert report["missing"] == [{"key": "gone_gone_0_000030", "why": "no file of it"}]
    assert report["unread"] == ["eval_segments.csv:5"]


def test_fsd50k(tmp_path: Path) -> None:
    clips, report = prepared("fsd50k", tmp_path)
    assert [(clip.key, clip.labels, clip.split) for clip in clips] == [
        ("16399", ("Dog",), "val"),
        ("37199", ("Rain",), "eval"),
        ("64760", ("Electric guitar", "Guitar", "Music"), "train"),
    ]
    assert hear(clips[0], 16_000).size == 8000
    assert report["missing"] == [{"key": "7", "why": "no FSD50K.dev_audio/7.wav"}]


def test_landscape(tmp_path: Path) -> None:
    clips, report = prepared("landscape", tmp_path)
    assert [(clip.key, clip.labels, clip.split) for clip in clips] == [
        ("-I0jX5TMs0Q#0#10", ("thunder",), "all"),
        ("CI0jX5TMs0Q#457#467", ("waterfall burbling",), "all"),
    ]
    assert report["counts"]["missing"] == 1


def test_landscape_in_folders(tmp_path: Path) -> None:
    clips, report = prepared("landscape_folders", tmp_path)
    assert [(clip.key, clip.labels, clip.split, len(clip.pictures)) for clip in clips] == [
        ("-b_2", ("splashing water",), "train", 1),
        ("a_1", ("splashing water",), "train", 1),
        ("c_3", ("splashing water",), "test", 1),
    ]
    assert report["missing"] == [{"key": "odd_4", "why": "no picture beside it"}]


def test_greatest_hits(tmp_path: Path) -> None:
    clips, report = prepared("greatest_hits", tmp_path)
    assert [(clip.key, clip.labels, clip.captions, clip.split) for clip in clips] == [
        ("2015-02-16-16-49-06_000", ("wood",), ("wood hit", "wood scratch"), "train"),
        ("2015-02-16-16-49-06_010", ("metal",), ("metal hit",), "train"),
        ("2015-03-28-19-53-24_000", ("leaf",), ("leaf hit",), "test"),
    ]
    assert hear(clips[0], 16_000).size == 160_000
    assert hear(clips[1], 16_000).size == 32_000  # the last two seconds
    assert report["missing"] == [{"key": "gone", "why": "no gone_denoised.mp4"}]
    assert report["unread"] == ["2015-02-16-16-49-06_times.txt:5"]


def test_macs(tmp_path: Path) -> None:
    clips, report = prepared("macs", tmp_path)
    assert [(clip.key, clip.split) for clip in clips] == [
        ("-jCEufrlXm4_20_30", "train"),
        ("_jCEufrlXm4_20_30", "test"),
    ]
    assert [picture.time for picture in clips[0].pictures] == [2, 10]
    assert report["missing"] == [{"key": "alone", "why": "no test/image/ file of it"}]


def test_manifest(tmp_path: Path) -> None:
    clips, report = prepared("manifest", tmp_path)
    a, b, alone, c = clips
    assert (a.key, a.labels) == ("-a", ("dog", "big, old cat"))
    assert a.captions == ("A dog, and a cat.", "Two animals.")
    assert hear(a, 16_000).size == 3200
    assert (b.key, len(b.pictures), b.split) == ("_b", 2, "train")
    assert (alone.key, alone.audio, len(alone.pictures)) == ("alone", b"", 1)
    assert (c.key, len(c.pictures)) == ("c.c", 2)
    assert {one["key"]: one["why"].rpartition("/")[2] for one in report["missing"]} == {
        "gone": "gone.wav", "none": "no file is named"
    }  # fmt: skip
    assert report["unread"] == ["manifest.csv:7"]


def test_a_cut_video_and_a_whole_one_may_have_the_same_name() -> None:
    clip = Clip("a", "train", start_s=30.0, seconds=10.0, cut=True)
    assert begin_s(clip, 10.4) == 0.0
    assert begin_s(clip, 200.0) == 30.0
    assert begin_s(Clip("a", "train", start_s=5.0, seconds=10.0), 12.0) == 5.0
    with pytest.raises(Exception, match=r"its file ends at 20\.0 s, before it begins"):
        begin_s(clip, 20.0)


def test_every_layout_is_in_the_help() -> None:
    assert {"auto", *LAYOUTS} == set(prepare.LAYOUTS)


def test_a_wrong_layout_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="looks like none of the data sets known: say which of"):
        read_layout("auto", tmp_path)
    with pytest.raises(InputError, match=r"has none of this: FSD50K: .*; name lists elsewhere"):
        read_layout("fsd50k", tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        read_layout("auto", tmp_path / "none")
    lay_out("fsd50k", tmp_path / "both")
    lay_out("macs", tmp_path / "more")
    (tmp_path / "more/LLP-multi").rename(tmp_path / "both/LLP-multi")
    with pytest.raises(InputError, match="looks like several data sets"):
        read_layout("auto", tmp_path / "both")
    write_list(tmp_path / "test.csv", "---g-f_I2yQ_000030.mp4,rain")
    with pytest.raises(InputError, match=r"none of the 1 clips that .*test\.csv lists has its"):
        read_layout("vggsound", tmp_path)
    (tmp_path / "test.csv").write_bytes(b"---g-f_I2yQ_000030.mp4,Gef\xfchl\n")
    with pytest.raises(InputError, match=r"test\.csv is no list of clips .*save it as UTF-8"):
        read_layout("vggsound", tmp_path)
    write_list(tmp_path / "manifest.csv", "name,audio", "a,a.wav")
    with pytest.raises(InputError, match="lacks a column: it needs key and one of audio"):
        read_layout("auto", tmp_path)


def test_a_list_may_be_elsewhere_and_in_utf_16(tmp_path: Path) -> None:
    lay_out("vggsound", tmp_path / "root")
    whole = read_layout("vggsound", tmp_path / "root")
    text = (tmp_path / "root/vggsound.csv").read_text("utf-8-sig")
    (tmp_path / "list.csv").write_text(text, encoding="utf-16")
    (tmp_path / "root/vggsound.csv").unlink()
    again: Listing = read_layout("vggsound", tmp_path / "root", [tmp_path / "list.csv"])
    assert again.clips == whole.clips
    with pytest.raises(InputError, match="is not there"):
        read_layout("vggsound", tmp_path / "root", [tmp_path / "none.csv"])
