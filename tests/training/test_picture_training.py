"""From nothing to an exported painter, every stage for real, at the smallest size that learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from export.picture import FewStepPainter, export_painter
from training import distil, train_autoencoder, train_generator
from training.autoencoder import Autoencoder, to_model
from training.generator import Concepts, Generator
from training.pictures import paint_pool
from training.world.subjects import FontMissingError, cut_out

SIZES = (("pictures", 64, 48, 0, 96), ("pictures-small", 48, 32, 900, 48))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        cut_out("🐄")
    except FontMissingError as missing:
        pytest.skip(str(missing))
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("runs")
    pool = paint_pool(folder / "pictures", 0, 96, 64, 48)
    train_autoencoder.train(pool.pictures, folder / "autoencoder.pt", minutes=1, steps=40)
    return folder


def test_autoencoder_learns_and_scales_its_latents(runs: Path) -> None:
    pictures = to_model(
        torch.from_numpy(paint_pool(runs / "pictures", 0, 96, 64, 48).pictures.copy())
    )
    model = train_autoencoder.load_autoencoder(runs / "autoencoder.pt")
    with torch.no_grad():
        latents = model.encode(pictures)
        error = (model.decode(latents) - pictures).abs().mean()
        fresh = Autoencoder()
        untrained = (fresh.decode(fresh.encode(pictures)) - pictures).abs().mean()
    assert latents.std((0, 2, 3)).sub(1).abs().max() < 0.05
    assert error < 0.8 * untrained


def test_teacher_and_student_learn_and_resume(runs: Path) -> None:
    train_generator.train(runs, minutes=1, batch=8, sizes=SIZES, steps=3)
    before = torch.load(runs / "teacher.pt", weights_only=True)["step"]
    teacher = train_generator.train(runs, minutes=1, batch=8, sizes=SIZES, steps=5)
    assert torch.load(runs / "teacher.pt", weights_only=True)["step"] == before + 2 == 5
    student = distil.train(runs, minutes=1, batch=8, sizes=SIZES, steps=6)
    assert torch.equal(student.table, teacher.table)
    moved = student.generator.leave.weight - teacher.generator.leave.weight
    assert moved.abs().max() > 0


def test_split_target_is_exact_on_a_straight_path() -> None:
    class Straight(torch.nn.Module):
        def forward(self, noisy: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
            return torch.full_like(noisy, 0.75)

    painter = torch.nn.Module()
    painter.generator = Straight()
    t, weights = torch.ones(2), torch.zeros(2, 4)
    target = distil.split_target(
        painter,
        torch.randn(2, 8, 4, 4),
        t,
        1.0,
        torch.zeros(2, 4, 192),
        weights,  # type: ignore[arg-type]
    )
    assert torch.allclose(target, torch.full_like(target, 0.75))


def test_a_name_gets_its_own_concept_and_a_blend_lies_between() -> None:
    torch.manual_seed(0)
    vocabulary = torch.nn.functional.normalize(torch.randn(24, 128), dim=1)
    table = torch.randn(24, 192)
    concepts = Concepts(table, vocabulary, temperature=0.07)
    assert torch.cdist(concepts(vocabulary), table).argmin(1).tolist() == list(range(24))
    middle = concepts(vocabulary[:1] + vocabulary[1:2])
    torch.testing.assert_close(middle[0], table[:2].mean(0), atol=0.1, rtol=0.1)


@pytest.mark.parametrize("steps", [1, 2])
def test_exported_painter_equals_torch(steps: int, tmp_path: Path) -> None:
    torch.manual_seed(steps)
    generator = Generator(fine=32, coarse=64, deep=1)
    torch.nn.init.normal_(generator.leave.weight, std=0.05)
    vocabulary = torch.nn.functional.normalize(torch.randn(24, 128), dim=1)
    concepts = Concepts(torch.randn(24, 192), vocabulary, temperature=0.07)
    painter = FewStepPainter(concepts, generator, Autoencoder(), steps).eval()
    export_painter(painter, tmp_path / "generator.onnx")
    session = onnxruntime.InferenceSession(
        str(tmp_path / "generator.onnx"), providers=["CPUExecutionProvider"]
    )
    for batch, rows, columns in ((1, 18, 32), (5, 14, 24)):
        tokens, weights = torch.randn(batch, 4, 128), torch.rand(batch, 4)
        noise = torch.randn(batch, 8, rows, columns)
        feed = {"tokens": tokens.numpy(), "weights": weights.numpy(), "noise": noise.numpy()}
        made = np.asarray(session.run(None, feed)[0])
        with torch.no_grad():
            true = painter(tokens, weights, noise).numpy()
        assert made.shape == (batch, 8 * rows, 8 * columns, 3)
        # weights are stored in half precision: a level of 255 here and there
        assert np.abs(made.astype(int) - true).mean() < 0.5
