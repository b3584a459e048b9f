"""Reading a folder of recordings, and the split that keeps whole collections away."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.sound.recordings import (
    FOLDS,
    Recording,
    credits,
    hold_out,
    keep_usable,
    read_manifest,
    read_mono,
    sounds_folder,
)

ROWS = [
    ("a.wav", "rain", "Ann", "CC0", "effects"),
    ("b.wav", "rain", "Ann", "CC0", "world"),
    ("c.wav", "train", "Bob", "CC BY 4.0", "effects"),
    ("d.wav", "dog", "Bob", "CC0", "effects"),
    ("e.wav", "dog", "Cem", "CC0", "effects"),
    ("f.wav", "piano", "Cem", "CC0", "effects"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = ["file,label,seconds,author,licence,collection"]
    for name, label, author, licence, collection in ROWS:
        tone = np.sin(np.arange(44100) / 20)[:, None] * np.array([[0.5, 0.1]]) + 0.1
        soundfile.write(tmp_path / name, tone, 44100)
        lines.append(f"{name},{label},1.0,{author},{licence},{collection}")
    (tmp_path / "manifest.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_manifest_is_read_and_kin_are_named_by_the_vocabulary(folder: Path) -> None:
    recordings = read_manifest(folder)
    assert [r.label for r in recordings] == ["rain", "rain", "train", "dog", "dog", "music"]
    assert recordings[5].own_label == "piano"
    samples = read_mono(recordings[0].path, 16000)
    assert samples.shape == (16000,)
    assert abs(float(samples.mean())) < 1e-3


def test_whole_collections_are_held_out_and_every_label_has_some(folder: Path) -> None:
    assert hold_out(read_manifest(folder), 1) == {"b.wav", "c.wav", "d.wav"}


def recording(label: str, number: int, collection: str, author: str) -> Recording:
    name = f"{label}{number}"
    return Recording(Path(name), name, label, label, author, "CC0", collection)


def test_folds_hold_out_other_collections_in_turn() -> None:
    recordings = [
        recording("dog", 0, "effects", "Ann"),
        recording("dog", 1, "world", "Bob"),
        recording("dog", 2, "pets", "Cem"),
        recording("dog", 3, "ambience", "Dan"),
        recording("camel", 0, "pets", "Eve"),
    ]
    kept = [hold_out(recordings, fold) for fold in range(len(FOLDS))]
    assert kept == [{"dog0"}, {"dog1", "dog3"}, {"dog2", "camel0"}]


def test_one_collection_is_quartered_and_turned_and_an_only_one_always_away() -> None:
    recordings = [recording("clock", i, "effects", f"A{i}") for i in range(8)]
    only = [recording("boat", 0, "effects", "Ann")]
    assert hold_out(recordings) == {"clock6", "clock7"}
    assert hold_out(recordings, 1) == {"clock4", "clock5"}
    assert hold_out(only) == hold_out(only, 2) == {"boat0"}


def test_takes_by_a_trained_author_are_not_held_out_where_there_are_others() -> None:
    steps = [recording("footsteps", i, "effects", "ABCDEFFG"[i]) for i in range(8)]
    assert hold_out(steps) == {"footsteps7"}
    same = [recording("parrot", i, "effects", "Ann") for i in range(4)]
    assert hold_out(same) == {"parrot3"}


def test_credits_count_files_by_author_and_licence(folder: Path) -> None:
    assert credits(read_manifest(folder))[0]["files"] == 2
    assert {row["author"] for row in credits(read_manifest(folder))} == {"Ann", "Bob", "Cem"}


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no manifest\.csv"):
        read_manifest(tmp_path)


def test_the_folder_comes_from_the_option_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOUNDGLASS_SOUNDS", raising=False)
    assert sounds_folder(None) is None
    monkeypatch.setenv("SOUNDGLASS_SOUNDS", str(tmp_path))
    assert sounds_folder(None) == tmp_path
    assert sounds_folder(Path("x")) == Path("x")


def test_a_silent_recording_is_left_out_by_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(folder / "d.wav", np.full(4000, 1e-5), 44100)
    soundfile.write(folder / "e.wav", np.zeros(0), 44100)
    kept = [r.name for r in keep_usable(read_manifest(folder))]
    assert kept == ["a.wav", "b.wav", "c.wav", "f.wav"]
    assert "being silent: d.wav" in capsys.readouterr().out


def test_what_cannot_be_read_is_left_out_by_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.wav").unlink()
    (folder / "c.wav").write_bytes(b"no sound")
    kept = [r.name for r in keep_usable(read_manifest(folder))]
    assert kept == ["b.wav", "d.wav", "e.wav", "f.wav"]
    said = capsys.readouterr().out
    assert "not being readable: a.wav" in said
    assert "not being readable: c.wav" in said


def test_a_manifest_without_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("file,label\na.wav,rain\n")
    with pytest.raises(ValueError, match="lacks the column author"):
        read_manifest(tmp_path)


def test_a_byte_order_mark_and_short_rows_are_no_harm(folder: Path) -> None:
    manifest = folder / "manifest.csv"
    manifest.write_text("\ufeff" + manifest.read_text() + "g.wav\nh.wav,thunder\n")
    assert [r.name for r in read_manifest(folder)][5:] == ["f.wav", "h.wav"]
