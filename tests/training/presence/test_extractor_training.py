"""The extractor learns, from a small pool of synthesised sounds, to give what it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from training import train_extractor  # noqa: E402
from training.hearing.separator import Separator, SeparatorShape  # noqa: E402
from training.presence.extractor import Extractor  # noqa: E402
from training.presence.extractor_training import (  # noqa: E402
    QuestionDrawer,
    extraction_loss,
    load_extractor,
    measure,
)
from training.presence.pool import Job, Pool, build, load  # noqa: E402
from training.vocabulary import LABELS  # noqa: E402

SMALL = SeparatorShape(width=32, hidden=48, dilations=(1, 2, 4), stacks=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    jobs = [Job(label, False, seed, None) for label in LABELS[:5] for seed in (0, 1)]
    place = tmp_path_factory.mktemp("pools") / "pool"
    build(jobs, place)
    return place


@pytest.fixture(scope="module")
def pool(folder: Path) -> Pool:
    return load(folder)


def test_a_question_names_what_sounds_or_asks_for_silence(pool: Pool) -> None:
    drawn = QuestionDrawer(pool, None, seed=1, seconds=1.0).next(64)
    silent = drawn.wanted.square().sum(1) == 0
    assert 0 < int(silent.sum()) < 40
    alone = (drawn.mixture - drawn.wanted).abs().amax(1) < 1e-6
    assert alone[~silent].any()
    assert not alone[~silent].all()
    again = QuestionDrawer(pool, None, seed=1, seconds=1.0).next(64)
    assert torch.equal(drawn.mixture, again.mixture)
    assert torch.equal(drawn.label, again.label)


def test_in_pieces_it_gives_what_it_gives_at_once() -> None:
    torch.manual_seed(0)
    model = Extractor(SMALL).eval()
    audio = torch.randn(1, 128 * 40) * 0.1
    asked = torch.eye(len(LABELS))[[3, 7]]
    with torch.no_grad():
        whole, _ = model(audio, asked, model.initial_state(2))
        state, pieces = model.initial_state(2), []
        for part in audio.split(128 * 9, dim=1):
            piece, state = model(part, asked, state)
            pieces.append(piece)
        together = model.extract_together(audio[0], torch.tensor([3, 7]))
    assert torch.allclose(torch.cat(pieces, dim=1), whole, atol=1e-5)
    assert not torch.allclose(whole[0], whole[1])
    late = model.shape.latency
    assert torch.allclose(together[:, :-late], whole[:, late:], atol=1e-5)


def test_no_bin_is_given_twice() -> None:
    """What all rows claim alike they share, and nothing is left over or owed."""
    torch.manual_seed(0)
    model = Extractor(SMALL).eval()
    torch.nn.init.constant_(model.masks.bias, 20.0)  # everything is everybody's
    audio = torch.randn(128 * 40) * 0.1
    with torch.no_grad():
        given = model.extract_together(audio, torch.tensor([1, 2, 3]))
    assert torch.allclose(given.sum(0), audio, atol=1e-4)


def test_it_begins_as_a_separator_hears() -> None:
    separator, model = Separator(SMALL), Extractor(SMALL)
    model.begin_from(separator)
    assert torch.equal(model.enter.weight, separator.enter.weight)
    assert torch.equal(model.masks.weight, separator.masks.weight[: SMALL.bins])
    with pytest.raises(ValueError, match="no start"):
        Extractor().begin_from(separator)


def test_another_question_gets_another_answer() -> None:
    torch.manual_seed(0)
    model = Extractor(SMALL).eval()
    audio = (torch.randn(1, 128 * 20) * 0.1).expand(2, -1)
    with torch.no_grad():
        given = model.extract(audio, torch.tensor([0, 1]))
    assert not torch.allclose(given[0], given[1], atol=1e-4)


def test_the_loss_prefers_what_was_asked_for() -> None:
    torch.manual_seed(0)
    model = Extractor(SMALL)
    audio = torch.randn(1, 16000) * 0.1
    model.ask(model.labels(torch.tensor([0])))
    found = model.masks_for(audio, model.labels(torch.tensor([0])))
    whole = model.spectra_of(audio)
    nothing = tuple(torch.zeros_like(each) for each in whole)
    opened = type(found)(torch.ones_like(found.mask), found.re, found.im)
    closed = type(found)(torch.zeros_like(found.mask), found.re, found.im)
    assert extraction_loss(opened, whole) < extraction_loss(closed, whole) - 10
    assert extraction_loss(closed, nothing) < extraction_loss(opened, nothing) - 1


def test_it_trains_resumes_and_is_measured(
    folder: Path, pool: Pool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "extractor.pt"
    given = ["--pool", str(folder), "-o", str(out), "--batch", "2"]
    assert train_extractor.main([*given, "--steps", "1"]) == 0
    assert train_extractor.main([*given, "--steps", "2"]) == 0
    assert isinstance(json.loads(capsys.readouterr().out.splitlines()[-1]), dict)
    assert measure(load_extractor(out), pool, 0, mixes=1) is None  # nothing recorded in this pool


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"train_extractor"):
        load_extractor(tmp_path / "none.pt")
