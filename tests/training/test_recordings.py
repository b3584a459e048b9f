"""Reading a folder of recordings, and the split that keeps whole collections away."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.recordings import credits, held_out, read_manifest, read_mono, sounds_folder

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
    assert held_out(read_manifest(folder)) == {"b.wav", "c.wav", "e.wav"}


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
