"""`python -m export.ears`: a bundle gets other ears, and hears with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from engine.bundle.load import available_bundles, load_bundle  # noqa: E402
from engine.hearing.hearer import Hearer  # noqa: E402  # noqa: E402
from export import ears  # noqa: E402
from export.bundle.sound_report import OBJECTIVES  # noqa: E402
from training.hearing.encoder_training import Student  # noqa: E402
from training.hearing.separator import Separator  # noqa: E402
from training.loop.checkpoints import save_checkpoint  # noqa: E402
from training.vocabulary import LABELS  # noqa: E402


def save(path: Path, weights: dict[str, torch.Tensor], **facts: float) -> Path:
    save_checkpoint(path, {"average": weights, "facts": facts, "step": 5, "spent_s": 60.0})
    return path


def test_a_bundle_with_new_ears_hears(tmp_path: Path) -> None:
    assert "picturebook" in available_bundles()
    torch.manual_seed(0)
    shutil.copytree(load_bundle("picturebook").folder, tmp_path / "mine")
    words = torch.from_numpy(np.array(load_bundle("picturebook").vocabulary))
    met = {"top1": 0.5, "slope": 0.8, "held_out": True}
    encoder = save(tmp_path / "presence.pt", Student(words).state_dict(), **met)
    met = {"two_sources_db": 4.0, "held_out": True}
    separator = save(tmp_path / "separator.pt", Separator().state_dict(), **met)
    given = [str(tmp_path / "mine"), "--encoder", str(encoder), "--separator", str(separator)]
    assert ears.main(given) == 0
    bundle = load_bundle(tmp_path / "mine")
    assert bundle.manifest.labels == LABELS
    assert bundle.manifest.training["separator"]["objective"] == OBJECTIVES["separator"]
    assert bundle.manifest.measured["hearing_top1_held_out"] == 0.5
    assert bundle.manifest.measured["si_sdr_improvement_two_sources_db"] == 4.0
    models = bundle.models("onnxruntime", threads=1, steps=())
    hearer = Hearer(bundle, models)
    rng = np.random.default_rng(0)
    assert len(hearer.push(0.1 * rng.standard_normal(16_000).astype(np.float32), 0.0)) == 5
    models.close()


def test_what_is_missing_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(load_bundle("picturebook").folder, tmp_path / "mine")
    nowhere = str(tmp_path / "none.pt")
    with pytest.raises(SystemExit):
        ears.main([str(tmp_path / "mine"), "--encoder", nowhere, "--separator", nowhere])
    assert "there is no checkpoint" in capsys.readouterr().err
    same = load_bundle(tmp_path / "mine").manifest.seal
    assert same == load_bundle("picturebook").manifest.seal
