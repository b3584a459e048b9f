"""The evaluation of a tiny bundle: every part runs, says what is missing, counts by the book."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.bundle.load import load_bundle
from tests import tiny_models
from tests.training.judge.test_network import squares
from training import train_judge
from training.evaluate import __main__ as evaluate
from training.evaluate import parts as evaluate_parts
from training.evaluate.bundle_painter import BundlePainter, PictureRequest, silence
from training.evaluate.hearing.tracks import identity_rows
from training.evaluate.pairs import measure_joint_detection, pair_rows, takes_of
from training.evaluate.report.table import LESS, TARGETS, Row, row, table, unmeasured_rows
from training.evaluate.setting import QUICK, NotMeasuredError, Setting, Sounds
from training.evaluate.show import meet, mixed_rows, onset, owners, reaction_rows
from training.evaluate.teacher import sample_latents
from training.hearing.pool import Pool
from training.judge.network import Judge, TrainedJudge, load_judge
from training.painting.generator import Conditions
from training.painting.painted_pictures import PaintedPictures
from training.vocabulary import LABELS

KNOWN = [name for name in tiny_models.LABELS if name in LABELS]


def real_pictures(count: int, height: int, width: int, sources: int) -> PaintedPictures:
    """Pictures whose truth asks for labels that the tiny bundle knows."""
    made = squares(count, height, width, 3)
    labels = np.full_like(made.labels, -1)
    for row_ in range(count):
        for slot in range(sources):
            labels[row_, slot] = LABELS.index(KNOWN[(2 * row_ + slot) % len(KNOWN)])
    weights = np.where(labels >= 0, np.float32(0.7), np.float32(0))
    atmosphere = np.zeros((count, 14), np.float32)
    atmosphere[:, [1, 7, 11]] = 1
    places = np.tile(np.float32([0.5, 0.6, 0.4, 1.0]), (count, 4, 1))
    return PaintedPictures(made.pictures, labels, weights, places, made.looks, atmosphere)


@pytest.fixture(scope="module")
def tones() -> Pool:
    """Tones that the tiny encoder knows, as a pool of held-out windows."""
    chosen = (KNOWN[0], KNOWN[8], KNOWN[-1])
    clips = np.stack([tiny_models.tone_of(name) for name in chosen]).astype(np.float16)
    labels = np.array([tiny_models.LABELS.index(name) for name in chosen])
    levels = np.zeros((len(chosen), 249, 64), np.float16)
    taught = np.zeros((len(chosen), 1), np.float16)
    return Pool(
        clips, levels, taught, taught, labels, tuple(tiny_models.LABELS), np.ones(3, bool),
        np.array([""] * 3), (), False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def setting(
    small_bundle: Path, tones: Pool, tmp_path_factory: pytest.TempPathFactory
) -> Setting:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    bundle = load_bundle(small_bundle)
    held_out = {"crs_two_subjects": 1.0, "crs_spread": 0.0, "crs_scenes": 4, "precision": 1.0,
                "recall": 1.0, "r_at_1_panels": 1.0, "r_at_1_spread": 0.0, "panels": 4,
                "mean_average_precision": 1.0}  # fmt: skip
    judge = TrainedJudge(Judge(width=12).eval(), 0.5, {"held_out": held_out})
    out = tmp_path_factory.mktemp("evaluation")
    models = bundle.models("onnxruntime", threads=1)
    return Setting(
        bundle, models, out, out, QUICK, 0, judge,
        real_pictures(16, 144, 256, 2), real_pictures(8, 112, 112, 1),
        Sounds(tones, tones.plain, "tones", True, False),
    )  # fmt: skip


def test_every_part_runs_and_the_report_is_whole(setting: Setting) -> None:
    kept: list[bool] = []
    rows, details = evaluate_parts.run_parts(
        setting, (), lambda rows, details, complete: kept.append(complete)
    )
    assert kept == [False] * len(evaluate_parts.PARTS) + [True]
    assert tuple(name for name, *_ in evaluate_parts.PARTS) == evaluate.NAMES
    names = [each.name.strip() for each in rows]
    known = {name for name in names if name in TARGETS}
    assert known == set(TARGETS)
    assert len(known) == sum(name in TARGETS for name in names)
    json.dumps([each.as_json() for each in rows] + [details], allow_nan=False)
    by_name = {each.name: each for each in rows}
    assert by_name["scene + 4 panels, median"].value > 0
    assert by_name["all files of the bundle"].reached == "push"
    assert "no teacher" in by_name["few-step gap, 2 steps"].note
    assert (setting.out / "scenes.png").stat().st_size > 1000
    assert (setting.out / "panels.png").stat().st_size > 1000
    assert {"panel_confusion", "crs_judge_by_pair", "distances", "hearing"} <= set(details)
    assert by_name["  here: hearing accuracy, top-1"].value == 100
    assert by_name["expected calibration error"].value < 0.05
    printed = table([*rows, *evaluate_parts.judge_rows(setting.judge)])
    assert "the judge itself" in printed


def test_plots_show_what_was_found(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from training.evaluate.report.plots import draw_plots

    details = {
        "hearing": {"confusion": np.eye(48).tolist()},
        "reliability": [{"said": 0.2, "observed": 0.3, "count": 7}],
        "panel_confusion": np.eye(48, dtype=int).tolist(),
        "crs_judge_by_pair": [{"pair": ["rain", "dog"], "asked": 2, "found": 1}],
        "distances": {
            "1": {"kid_judge": 0.02, "kid_spread": 0.001},
            "teacher 50": {"kid_judge": 0.01, "kid_spread": 0.001},
        },
    }
    made = draw_plots(details, tmp_path)
    assert len(made) == 5
    for name in made:
        assert (tmp_path / name).stat().st_size > 1000
    assert draw_plots({}, tmp_path) == []


def test_without_judge_and_sounds_each_row_says_why(setting: Setting) -> None:
    bare = replace(setting, judge=None, scenes=None, panels=None, sounds=None)
    neither = ("cost", "ladder", "louder", "calm")
    only = [name for name, *_ in evaluate_parts.PARTS if name not in neither]
    rows, _ = evaluate_parts.run_parts(bare, only, lambda *_: None)
    assert rows
    for each in rows:
        if each.name in TARGETS:
            assert math.isnan(each.value)
            assert each.note.startswith("not measured: ")


def test_the_command_writes_a_report_and_is_gentle_with_mistakes(
    small_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [str(small_bundle), "--runs", str(tmp_path), "--runtime", "onnxruntime", "--quick"]
    assert evaluate.main([*asked, "--only", "cost"]) == 0
    assert "scene + 4 panels" in capsys.readouterr().out
    report = json.loads((tmp_path / "evaluation" / "evaluation.json").read_text())
    assert report["complete"]
    assert report["bundle"]["name"] == "tiny"
    assert len(report["bundle"]["seal"]) == 64
    assert "--only cost" in report["command"]
    assert report["machine"]["cores"] >= 1
    with pytest.raises(SystemExit, match="2"):
        evaluate.main([str(tmp_path / "none"), "--runs", str(tmp_path)])


def test_ctrl_c_keeps_what_was_measured(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: Setting) -> None:
        raise KeyboardInterrupt

    parts = (evaluate_parts.PARTS[0], ("sounds", stopped, ()))
    monkeypatch.setattr(evaluate_parts, "PARTS", parts)
    asked = [str(small_bundle), "--runs", str(tmp_path), "--runtime", "onnxruntime", "--quick"]
    assert evaluate.main(asked) == 130
    report = json.loads((tmp_path / "evaluation" / "evaluation.json").read_text())
    assert not report["complete"]
    assert any(each["name"] == "all files of the bundle" for each in report["rows"])


def test_the_painter_composes_by_the_show_s_rules(setting: Setting) -> None:
    painter: BundlePainter = setting.painter
    atmosphere = np.zeros(14, np.float32)
    standing = [name for name in KNOWN if name not in tiny_models.OF_THE_AIR][:2]
    air = next(name for name in KNOWN if name in tiny_models.OF_THE_AIR)
    requests = [PictureRequest((*standing, air), (0.2, 0.9, 0.5), atmosphere)] * 2
    asked = painter.compose(requests, "scene", 5)
    again = painter.compose(requests[:1], "scene", 5)
    np.testing.assert_array_equal(asked.places[0], again.places[0])
    x = asked.places[0, :2, 0]
    assert abs(x[0] - x[1]) > 0.2
    assert asked.places[0, 0, 2] < asked.places[0, 1, 2]
    np.testing.assert_allclose(asked.places[0, 2], (0.5, 0.5, 1, 0), atol=0.02)
    np.testing.assert_allclose(asked.looks.sum(2), 1)
    assert (asked.looks[:, 2, 0] == 1).all()  # no other drawing of rain was ever painted
    made = painter.paint(asked, 1)
    assert made.shape[0] == 2
    empty = painter.paint(silence(asked), 1)
    assert np.abs(made.astype(int) - empty).mean() > 0.5
    panel = painter.compose([PictureRequest((standing[0],), (0.1,), atmosphere)], "panel", 5)
    assert panel.weights[0, 0] == 1
    assert panel.places[0, 0, 0] == 0.5


def test_targets_are_reached_in_their_own_direction() -> None:
    assert row("separation, 2 sources", 9).reached == "first"
    assert row("separation, 2 sources", 12).reached == "push"
    assert row("separation, 2 sources", 1).reached == "short"
    assert row("few-step gap, 1 step", 1.5).reached == "short"
    assert row("few-step gap, 1 step", 1.1).reached == "push"
    (missing,) = unmeasured_rows(["separation, 2 sources"], "no sounds")
    assert missing.reached == ""
    assert missing.as_json()["value"] is None
    assert Row("x", 1.0, "", first=2, push=1, better=LESS).reached == "push"
    assert "not measured: no sounds" in table([missing])


def test_a_track_is_owned_by_the_sound_it_holds(setting: Setting) -> None:
    late = setting.bundle.manifest.separator.latency_samples
    clips = np.random.default_rng(0).standard_normal((2, 8000)).astype(np.float32)
    delayed = np.pad(clips, ((0, 0), (late, 0)))[:, :8000]
    heard = {7: delayed[1], 9: 0.5 * delayed[0]}
    assert owners(heard, clips, setting.bundle) == [9, 7]
    assert owners({7: delayed[1]}, clips, setting.bundle) == [None, 7]
    assert owners({}, clips, setting.bundle) == [None, None]
    both = {7: delayed[1] + 3 * delayed[0]}
    assert owners(both, clips, setting.bundle, 0.5) == [7, None]
    # A track that is hardly like any of them holds none.
    other = np.random.default_rng(1).standard_normal(8000).astype(np.float32)
    assert owners({7: delayed[1], 8: other}, clips, setting.bundle, 0.5) == [None, 7]


def test_who_holds_a_sound_goes_on_while_it_is_like_it(setting: Setting) -> None:
    late = setting.bundle.manifest.separator.latency_samples
    clips = np.random.default_rng(0).standard_normal((2, 8000)).astype(np.float32)
    delayed = np.pad(clips, ((0, 0), (late, 0)))[:, :8000]
    heard = {7: 0.8 * delayed[0] + 0.6 * delayed[1], 9: delayed[0]}
    assert owners(heard, clips, setting.bundle, 0.5) == [9, 7]
    assert owners(heard, clips, setting.bundle, 0.5, [7, None]) == [7, None]
    # Too little like it to be held, or gone: another one takes over.
    assert owners(heard, clips, setting.bundle, 0.9, [7, None]) == [9, None]
    assert owners(heard, clips, setting.bundle, 0.5, [8, None]) == [9, 7]


def test_two_sounds_meet_where_both_have_just_been_heard() -> None:
    rate = 16000
    rain = np.ones(4 * rate, np.float32)
    dog = np.zeros(4 * rate, np.float32)
    dog[2 * rate : 5 * rate // 2] = 1
    assert meet(np.stack([rain, dog]), rate) == pytest.approx(3.0 * rate, abs=0.05 * rate)
    assert meet(np.stack([rain, rain]), rate) == pytest.approx(4.0 * rate, abs=0.05 * rate)
    early = np.roll(dog, -2 * rate)
    late = np.roll(dog, rate)
    assert meet(np.stack([early, late]), rate) == 0


def test_a_pair_is_seen_while_the_judge_finds_both(setting: Setting, tones: Pool) -> None:
    assert setting.judge is not None
    labels = (KNOWN[0], KNOWN[-1])
    rows = np.arange(len(tones.labels))
    synthesised, recorded = takes_of(tones, rows, labels[0], 16000)
    assert synthesised.shape[1] == recorded.shape[1] == tones.clips.shape[1]
    mixture = synthesised[0] + takes_of(tones, rows, labels[1], 16000)[1][0]
    for threshold, share in ((-1.0, 1.0), (2.0, 0.0)):
        blind = replace(setting, judge=replace(setting.judge, threshold=threshold))
        assert measure_joint_detection(blind, labels, mixture, 0) == share
    made = replace(setting, effort=replace(QUICK, newcomers=8))
    whole = [row_ for row_ in pair_rows(made).rows if "both in the scene" in row_.name]
    assert [row_.count for row_ in whole] == [8, 8]


def test_a_pool_of_another_vocabulary_is_no_end_of_the_evaluation(
    setting: Setting, tones: Pool
) -> None:
    foreign = replace(tones, names=tuple(reversed(tones.names)))
    asked = replace(setting, sounds=Sounds(foreign, foreign.plain, "foreign", True, False))
    for part in (pair_rows, mixed_rows, identity_rows):
        with pytest.raises(NotMeasuredError, match="another vocabulary"):
            part(asked)


def test_an_onset_is_where_a_sound_begins() -> None:
    sound = np.zeros(16000, np.float32)
    sound[5000:] = 0.3
    assert abs(onset(sound, 16000) - 5000) <= 320
    assert onset(np.zeros(1600, np.float32), 16000) == 0


def test_the_end_to_end_parts_need_two_kinds_of_sounds(setting: Setting) -> None:
    assert setting.sounds is not None
    pool = setting.sounds.pool
    one = replace(pool, labels=np.zeros_like(pool.labels))
    alone = replace(setting, sounds=replace(setting.sounds, pool=one))
    for part in (mixed_rows, reaction_rows):
        with pytest.raises(NotMeasuredError, match="two kinds"):
            part(alone)


def test_the_teacher_s_flow_ends_at_the_picture() -> None:
    class Straight(torch.nn.Module):
        def forward(self, noisy: torch.Tensor, t: torch.Tensor, *_: object) -> torch.Tensor:
            return noisy / t[:, None, None, None]  # the flow of noise alone, towards zero

    noise = torch.randn(2, 16, 4, 4)
    asked = Conditions(torch.zeros(2, 4, 192), torch.zeros(2, 4), torch.zeros(2, 4, 4),
                  torch.zeros(2, 14), torch.ones(2))  # fmt: skip
    assert sample_latents(Straight(), noise, asked, 10).abs().max() < 1e-4


def test_a_judge_from_a_smoke_run_can_be_used(tmp_path: Path) -> None:
    pytest.importorskip("skia")
    try:
        assert train_judge.main([str(tmp_path), "--smoke"]) == 0
    except ImportError as error:
        pytest.skip(f"the image world cannot be painted here: {error}")
    judge = load_judge(tmp_path / "judge.pt")
    assert 0 < judge.threshold < 1
