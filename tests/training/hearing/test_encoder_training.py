"""The encoder learns from a small pool of synthesised sounds and a random teacher."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training import taught_pool, train_presence  # noqa: E402
from training.hearing.encoder import HIDDEN, PRESENCES, Encoder  # noqa: E402
from training.hearing.encoder_training import masked_cross_entropy, measure  # noqa: E402
from training.hearing.lessons import LessonDrawer  # noqa: E402
from training.hearing.pool import Job, Pool, build, held_out, load, plan_jobs  # noqa: E402
from training.hearing.tagger import CLASSES_FILE, WEIGHTS_FILE, Tagger  # noqa: E402
from training.sound.recordings import FOLDS, Recording  # noqa: E402
from training.vocabulary import LABELS  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pool of a dozen labels, taught by a tagger of random weights."""
    torch.manual_seed(0)
    teacher = tmp_path_factory.mktemp("teachers")
    tagger = Tagger()
    for layer in tagger.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.constant_(layer.weight, 2.0)  # or nothing of a sound comes through
    torch.save(tagger.state_dict(), teacher / WEIGHTS_FILE)
    rows = ["index,mid,display_name", *(f"{i},/m/{i},{i}" for i in range(527))]
    (teacher / CLASSES_FILE).write_text("\n".join(rows))
    jobs = [Job(label, False, seed, None) for label in LABELS[:12] for seed in (0, 1)]
    place = tmp_path_factory.mktemp("pools") / "pool"
    build(jobs, place, teacher)
    return place


@pytest.fixture(scope="module")
def pool(folder: Path) -> Pool:
    return load(folder)


def test_a_pool_holds_what_the_teacher_heard(pool: Pool) -> None:
    assert pool.has_teacher
    assert pool.clips.shape == (24, 64000)
    assert pool.levels.shape == (24, 249, 64)
    assert pool.features.shape == (24, 384)
    assert np.abs(pool.logits).max() > 0
    assert not np.array_equal(pool.logits[0], pool.logits[1])


def test_rare_labels_get_more_takes_of_each_recording() -> None:
    def named(label: str, number: int) -> list[Recording]:
        return [
            Recording(Path(), f"{label}{i}.ogg", label, label, "somebody", "CC0", "effects")
            for i in range(number)
        ]

    jobs = plan_jobs([*named("rain", 40), *named("boat", 2), *named("geyser", 3)])

    def takes(label: str, *, made: bool) -> int:
        return sum(j.label == label and not j.plain and (j.recording is None) == made for j in jobs)

    assert takes("boat", made=False) / 2 > takes("rain", made=False) / 40
    assert takes("boat", made=True) == 2 * takes("rain", made=True)
    assert takes("geyser", made=True) == 0


def test_lessons_say_what_sounds(pool: Pool) -> None:
    lessons = LessonDrawer(pool, None, seed=3).next(64)
    assert lessons.levels.shape[0] == 64
    assert lessons.levels.shape[1] in (63, 125, 249)
    assert torch.isfinite(lessons.levels).all()
    total = lessons.shares.sum(1)
    assert (((total - 1).abs() < 1e-4) | (total == 0)).all()
    told = lessons.present.nan_to_num(0.5)
    assert set(told.unique().tolist()) <= {0.0, 0.5, 1.0}
    # the loudest sound of a row is always there to be told
    rows = total > 0
    loudest = lessons.shares[rows][:, : len(LABELS)].argmax(1)
    assert (lessons.present[rows][torch.arange(int(rows.sum())), loudest] == 1).all()
    several = (lessons.present == 1).sum(1) > 1
    assert several.any()
    assert lessons.features[several].isnan().all()
    again = LessonDrawer(pool, None, seed=3).next(64)
    assert torch.equal(again.levels, lessons.levels)


def test_a_fold_keeps_its_collections_away(pool: Pool) -> None:
    recordings = tuple(
        Recording(Path(), f"{i}.ogg", "rain", "rain", f"by {i}", "CC0", collection)
        for i, collection in enumerate(("effects", "esc50", "world", "esc50"))
    )
    names = np.array([r.name for r in recordings])
    some = Pool(
        pool.clips[:4], pool.levels[:4], pool.features[:4], pool.logits[:4], np.zeros(4, int),
        pool.names, np.zeros(4, bool), names, recordings, True,
    )  # fmt: skip
    assert held_out(some, 0).tolist() == [True, False, False, False]
    assert held_out(some, 1).tolist() == [False, False, True, False]
    assert not held_out(some, None).any()
    assert len(FOLDS) == 3


def test_what_nobody_can_say_is_not_asked() -> None:
    logits = torch.tensor([[9.0, -9.0, 5.0]])
    wanted = torch.tensor([[1.0, 0.0, torch.nan]])
    assert float(masked_cross_entropy(logits, wanted)) < 1e-3
    assert float(masked_cross_entropy(logits, torch.full((1, 3), torch.nan))) == 0.0


def test_it_tells_presences_and_a_point_beside_texts(pool: Pool) -> None:
    encoder = Encoder().eval()
    hidden = encoder.features(torch.from_numpy(pool.levels[:2].astype(np.float32)))
    assert hidden.shape == (2, HIDDEN)
    assert encoder.presence(hidden).shape == (2, PRESENCES)
    length = encoder.embedding(hidden).norm(dim=1)
    assert torch.allclose(length, torch.ones(2), atol=1e-4)
    # nobody's recordings are kept away: there is nothing to measure by
    words = torch.eye(128)[: len(LABELS)]
    assert measure(encoder, words, pool, 0) is None


def test_it_learns_and_goes_on(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "presence.pt"
    for steps in (1, 2):
        given = ["--pool", str(folder), "-o", str(out), "--steps", str(steps), "--batch", "4"]
        assert train_presence.main(given) == 0
        told = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert told["taught"]
        assert "top1" not in told, "nothing is kept away to measure by"
        assert torch.load(out, weights_only=True)["step"] == steps


def test_where_it_goes_on_it_does_not_begin_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--pool", str(folder), "-o", str(tmp_path / "presence.pt"), "--batch", "4"]
    assert train_presence.main([*given, "--steps", "1"]) == 0

    def not_again(*_: object) -> None:
        raise AssertionError("the bundle's encoder is taken back though training goes on")

    monkeypatch.setattr("training.shipped.encoder.encoder_of", not_again)
    assert train_presence.main([*given, "--steps", "2"]) == 0


def test_without_its_teacher_a_pool_is_made_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--teacher", str(tmp_path), "-o", str(tmp_path / "pool"), "--share", "0.001"]
    assert taught_pool.main(given) == 0
    assert WEIGHTS_FILE in capsys.readouterr().err
    untaught = load(tmp_path / "pool")
    assert not untaught.has_teacher
    assert LessonDrawer(untaught, None).next(4).tags.isnan().all()
