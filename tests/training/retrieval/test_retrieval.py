"""Pictures find the sounds of what they show, and not always the same ones."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from engine.sound.loudness import loudness_lufs
from training.hearing import encoder_training
from training.hearing.pool import Pool
from training.retrieval import __main__ as retrieval
from training.retrieval import bank as retrieval_bank
from training.retrieval import pairs as retrieval_pairs
from training.retrieval.match import candidates, draw, scores
from training.retrieval.mix import draw_loudness, mix, scale_to_lufs
from training.retrieval.setting import OWN, PAPER
from training.vocabulary import LABELS

RATE = retrieval_pairs.RATE


def _unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_scores_are_signed_roots_of_cosines() -> None:
    texts = np.eye(2, dtype=np.float32)
    sounds = np.array([[0.25, 0.9682458], [-0.25, -0.9682458]], np.float32)
    assert scores(texts, sounds)[0].tolist() == pytest.approx([0.5, -0.5])


def test_all_that_clear_the_mean_of_the_best_are_drawn_alike() -> None:
    row = np.array([0.9, 0.8, 0.8, 0.1, -0.5, 0.9], np.float32)
    assert candidates(row, best=4).tolist() == [0, 5]  # the mean of the four is 0.85
    drawn = draw(np.random.default_rng(0), row, 2000, best=4)
    assert np.bincount(drawn, minlength=6)[[0, 5]] == pytest.approx([1000, 1000], abs=120)
    assert candidates(np.full(3, -0.2, np.float32)).size == 0
    assert candidates(np.full(7, 0.3, np.float32)).size == 7
    assert draw(np.random.default_rng(0), np.empty(0, np.float32)).size == 0


def test_loudness_is_drawn_from_the_whole_range_and_reached() -> None:
    rng = np.random.default_rng(0)
    many = draw_loudness(rng, 1000)
    assert many.min() < OWN.quietest_lufs + 1
    assert many.max() > OWN.loudest_lufs - 1
    narrow = draw_loudness(rng, 1000, PAPER)
    assert narrow.min() >= PAPER.quietest_lufs
    assert narrow.max() <= PAPER.loudest_lufs
    assert 1 < np.ptp(narrow) <= 2
    sound = rng.normal(0, 0.01, RATE).astype(np.float32)
    assert loudness_lufs(scale_to_lufs(sound, RATE, -30.0), RATE) == pytest.approx(-30, abs=0.1)
    assert not scale_to_lufs(np.zeros(RATE, np.float32), RATE, -20.0).any()


def test_a_mix_adds_up_and_never_clips() -> None:
    rng = np.random.default_rng(0)
    sounds = [rng.normal(0, 0.1, RATE).astype(np.float32) for _ in range(2)]
    quiet = mix(sounds, [-40.0, -30.0], RATE)
    alone = scale_to_lufs(sounds[0], RATE, -40.0) + scale_to_lufs(sounds[1], RATE, -30.0)
    np.testing.assert_allclose(quiet, alone, atol=1e-6)
    assert np.abs(mix(sounds, [0.0, 0.0], RATE)).max() <= 0.971
    assert not mix([np.zeros(RATE, np.float32)], [-20.0], RATE).any()


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("dog and church-bells_03", ["dog", "church bells"]),
        ("A cow, a rooster & rain", ["a cow", "a rooster", "rain"]),
        ("sand with seagull", ["sand", "seagull"]),
        ("IMG_2041", ["img"]),
        ("2041", []),
    ],
)
def test_things_are_read_off_captions_and_names(text: str, things: list[str]) -> None:
    assert retrieval_pairs.things_of(text) == things


class _Ear(torch.nn.Module):
    """Hears how low or high a tone is."""

    def forward(self, sound: torch.Tensor) -> tuple[torch.Tensor, None]:
        crossings = (sound[:, 1:].sign() != sound[:, :-1].sign()).float().mean(1)
        high = (crossings > 0.05).float()
        return torch.stack([1 - high, high], dim=1), None


class _Reader(torch.nn.Module):
    def forward(self, texts: list[str]) -> torch.Tensor:
        return torch.tensor([[0.0, 1.0] if "bird" in text else [1.0, 0.0] for text in texts])


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    images, sounds = tmp_path / "images", tmp_path / "sounds"
    (images / "more").mkdir(parents=True)
    sounds.mkdir()
    for name in ("bird.png", "whale.png", "more/7.png"):
        Image.new("RGB", (4, 4)).save(images / name)
    (images / "captions.csv").write_text("file,text\nmore/7.png,whale and bird\n")
    time = np.arange(9 * RATE) / RATE
    for name, hz in (("low", 100.0), ("high", 3000.0)):
        soundfile.write(sounds / f"{name}.wav", 0.1 * np.sin(2 * np.pi * hz * time), RATE)
    return images, sounds


def test_own_folders_are_paired(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_training, "load_encoder", lambda _: _Ear())
    monkeypatch.setattr(encoder_training, "load_texts", lambda _: _Reader())
    out, mixes = tmp_path / "pairs.csv", tmp_path / "mixes"
    given = ["--images", str(folders[0]), "--sounds", str(folders[1]), "--best", "2"]
    assert retrieval.main([*given, "-o", str(out), "--mixes", str(mixes)]) == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(row["image"], row["text"], Path(row["sound"]).stem) for row in rows]
    assert found == [
        ("bird.png", "bird", "high"),
        ("more/7.png", "whale", "low"),
        ("more/7.png", "bird", "high"),
        ("whale.png", "whale", "low"),
    ]
    assert {float(row["start_s"]) for row in rows} <= {0.0, 4.0, 8.0}
    assert all(OWN.quietest_lufs <= float(row["lufs"]) <= OWN.loudest_lufs for row in rows)
    assert soundfile.info(mixes / "more/7.png.flac").frames == 4 * RATE


def test_the_papers_pieces_are_longer_and_all_are_taken() -> None:
    assert retrieval_pairs.starts_s(12.0, OWN) == [0.0, 4.0, 8.0]
    assert retrieval_pairs.starts_s(10.3, PAPER) == [0.0, 5.0]
    assert len(retrieval_pairs.starts_s(3600.0, OWN)) == 16
    assert len(retrieval_pairs.starts_s(3600.0, PAPER)) == 720
    assert retrieval_pairs.starts_s(0.2, PAPER) == [0.0]


def test_an_empty_folder_is_said(folders: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no pictures"):
        retrieval_pairs.captions(folders[1])
    with pytest.raises(ValueError, match="holds no sounds"):
        retrieval_pairs.pieces(folders[0])
    given = ["--images", str(folders[0]), "--sounds", str(folders[0])]
    with pytest.raises(SystemExit):
        retrieval.main([*given, "-o", str(tmp_path / "pairs.csv")])
    assert not (tmp_path / "pairs.csv").exists()


def test_a_bank_holds_training_sounds_that_fit_each_label(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    texts = _unit(rng.standard_normal((len(LABELS), 128)))
    truth = np.repeat(np.arange(len(LABELS)), 6)
    sounds = _unit(texts[truth] + 0.02 * rng.standard_normal((truth.size, 128)))
    plain = np.array([False, False, False, False, False, True] * len(LABELS))
    taught = np.zeros((truth.size, 1), np.float16)
    pool = Pool(
        taught, sounds.astype(np.float16), taught, taught, truth, LABELS, plain,
        np.array([""] * truth.size), (), False,
    )  # fmt: skip

    def presences(_: object, levels: torch.Tensor) -> tuple[None, torch.Tensor]:
        return None, levels

    monkeypatch.setattr(retrieval_bank, "load", lambda _: pool)
    monkeypatch.setattr(retrieval_bank, "load_encoder", lambda _: None)
    monkeypatch.setattr(retrieval_bank, "presences", presences)
    bank = retrieval_bank.retrieved_embeddings(
        Path("pool"), Path("encoder"), texts, count=8, best=5
    )
    assert bank.shape == (len(LABELS), 8, 128)
    nearest = np.einsum("lnd,kd->lnk", bank, texts).argmax(2)
    assert (nearest == np.arange(len(LABELS))[:, None]).all()
    kept = sounds[plain].astype(np.float16)
    assert np.einsum("lnd,ld->ln", bank, kept).max() < 0.99999
