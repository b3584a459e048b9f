"""From nothing to an exported painter, every stage for real, at the smallest size that learns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from export.bundle.picture import INPUTS, FewStepPainter, export_painters, random_inputs
from training.painting import autoencoder_training, finish_training, generator_training
from training.painting import decoder_training as decoder_refining
from training.painting import distillation as distilling
from training.painting.autoencoder import Autoencoder, to_model
from training.painting.drawings import COLUMNS, ROWS, drawing_table
from training.painting.finish import FINISHED, Finish, Painted
from training.painting.generator import CONCEPT, EMBEDDING, TEMPLATE, Concepts, Painter
from training.painting.latents import mirror
from training.painting.pictures import PoolPlan, paint_pool
from training.vocabulary import LABELS
from training.world.atlas import gather_atlas

SMALL = (
    PoolPlan("scenes", "scene", 128, 64, 0, 24),
    PoolPlan("panels", "panel", 64, 64, 1_000_000, 24),
)
LARGE = (
    PoolPlan("large-scenes", "scene", 256, 128, 0, 8),
    PoolPlan("large-panels", "panel", 128, 128, 1_000_000, 8),
)
SIZES = {"fine": 32, "coarse": 64, "deep": 1}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("runs")
    pools = [paint_pool(folder, plan).pictures for plan in SMALL]
    autoencoder_training.train(pools, folder / "autoencoder.pt", minutes=1, steps=40, side=64)
    return folder


def test_a_pool_knows_what_is_in_its_pictures(runs: Path) -> None:
    pool = paint_pool(runs, SMALL[0])
    sounding = pool.labels >= 0
    assert pool.pictures.shape == (24, 64, 128, 3)
    assert sounding.any()
    assert np.all(pool.weights[sounding] > 0)
    assert np.all(pool.weights[~sounding] == 0)
    np.testing.assert_allclose(pool.atmosphere.sum(1), 3.0, atol=1e-4)
    np.testing.assert_allclose(mirror(mirror(pool.places)), pool.places, atol=1e-6)


def test_autoencoder_learns_and_scales_its_latents(runs: Path) -> None:
    pictures = to_model(torch.from_numpy(paint_pool(runs, SMALL[0]).pictures.copy()))
    model = autoencoder_training.load_autoencoder(runs / "autoencoder.pt")
    with torch.no_grad():
        latents = model.encode(pictures)
        error = (model.decode(latents) - pictures).abs().mean()
        fresh = Autoencoder()
        untrained = (fresh.decode(fresh.encode(pictures)) - pictures).abs().mean()
    assert latents.std((0, 2, 3)).sub(1).abs().max() < 0.05
    assert error < 0.8 * untrained


def test_decoder_is_refined_alone(runs: Path) -> None:
    pools = [paint_pool(runs, plan).pictures for plan in SMALL]
    before = autoencoder_training.load_autoencoder(runs / "autoencoder.pt")
    after = decoder_refining.train(
        pools, autoencoder_training.load_autoencoder(runs / "autoencoder.pt"), runs / "decoder.pt",
        minutes=1, steps=3, side=64,
    )  # fmt: skip
    for mine, theirs in zip(
        before.encoder.parameters(), after.encoder.parameters(), strict=True
    ):
        assert torch.equal(mine, theirs)
    moved = before.decoder.net[-2].weight - after.decoder.net[-2].weight
    assert moved.abs().max() > 0


def test_teacher_and_student_learn_and_resume(runs: Path) -> None:
    generator_training.train(runs, minutes=1, batch=8, pictures=SMALL, steps=3, **SIZES)
    before = torch.load(runs / "teacher.pt", weights_only=True)["step"]
    teacher = generator_training.train(runs, minutes=1, batch=8, pictures=SMALL, steps=5, **SIZES)
    assert torch.load(runs / "teacher.pt", weights_only=True)["step"] == before + 2 == 5
    pairs = torch.softmax(torch.randn(len(LABELS), 2, len(LABELS)), dim=2)
    student = distilling.train(runs, minutes=1, batch=8, pictures=SMALL, steps=6, pairs=pairs)
    assert torch.equal(student.table, teacher.table)
    moved = student.generator.leave.weight - teacher.generator.leave.weight
    assert moved.abs().max() > 0


def test_the_last_stage_learns_and_resumes(runs: Path) -> None:
    if not (runs / "student.pt").exists():
        generator_training.train(runs, minutes=1, batch=8, pictures=SMALL, steps=1, **SIZES)
        distilling.train(runs, minutes=1, batch=8, pictures=SMALL, steps=1)
    fresh = Finish(decoder_refining.load_refined(runs).decoder)
    for steps in (2, 4):
        painted = finish_training.train(
            runs, minutes=1, batch=2, pictures=LARGE, steps=steps, side=16
        )
    assert torch.load(runs / "finish.pt", weights_only=True)["step"] == 4
    assert (painted.finish.leave.weight - fresh.leave.weight).abs().max() > 0
    change = painted.drawings.light[-1]
    assert isinstance(change, torch.nn.Linear)
    assert change.bias.abs().max() > 0
    loaded = finish_training.load_painted(runs / "finish.pt")
    for name, value in painted.state_dict().items():
        assert torch.equal(value, loaded.state_dict()[name])


def test_mean_velocity_follows_the_path() -> None:
    """On z' = z the mean over a path is the way gone over the time taken."""
    start = torch.randn(2, 16, 4, 4)
    seen: list[tuple[float, float]] = []

    def growing(noisy: torch.Tensor, t: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
        seen.append((float(t[0]), float(r[0])))
        return noisy

    mean = distilling.mean_velocity(growing, start, torch.ones(2), 0.5, 2)
    assert seen == [(1.0, 0.75), (0.75, 0.5)]
    torch.testing.assert_close(start - 0.5 * mean, 0.75 * 0.75 * start)


def test_a_name_gets_its_own_drawing_and_a_blend_lies_between() -> None:
    torch.manual_seed(0)
    vocabulary = torch.nn.functional.normalize(torch.randn(len(LABELS), EMBEDDING), dim=1)
    table = torch.randn(len(LABELS), 8, CONCEPT + TEMPLATE)
    concepts = Concepts(table, vocabulary, temperature=0.07)
    third = torch.eye(8)[3].expand(len(LABELS), 8)
    drawn = concepts(vocabulary, third)
    assert torch.cdist(drawn, table[:, 3]).argmin(1).tolist() == list(range(len(LABELS)))
    middle = concepts(vocabulary[:1] + vocabulary[1:2], third[:1])
    torch.testing.assert_close(middle[0], table[:2, 3].mean(0), atol=0.1, rtol=0.1)


def test_exported_painters_equal_torch_and_share_their_weights(tmp_path: Path) -> None:
    torch.manual_seed(1)
    painter = Painter(**SIZES)
    torch.nn.init.normal_(painter.generator.leave.weight, std=0.05)
    vocabulary = torch.nn.functional.normalize(torch.randn(len(LABELS), EMBEDDING), dim=1)
    concepts = Concepts(painter.table, vocabulary, temperature=0.07)
    autoencoder, table = Autoencoder(), drawing_table(gather_atlas(ROWS, COLUMNS))
    painted = Painted(Finish(autoencoder.decoder))
    painters = {
        steps: FewStepPainter(
            concepts, painter.generator, autoencoder, table, painted, steps
        ).eval()
        for steps in (1, 2)
    }
    files = export_painters(painters, tmp_path)
    shared = (tmp_path / "generator.weights").stat().st_size
    assert shared > max(file.stat().st_size for file in files.values())
    for steps, file in files.items():
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        for batch, rows, columns in ((1, 18, 32), (3, 16, 16)):
            given = random_inputs(batch, rows, columns, np.random.default_rng(steps))
            made = np.asarray(session.run(None, given)[0])
            with torch.no_grad():
                true = painters[steps](*(torch.from_numpy(given[n]) for n in INPUTS)).numpy()
            assert made.shape == (batch, FINISHED * rows, FINISHED * columns, 3)
            # weights are stored in half precision: a level of 255 here and there
            assert np.abs(made.astype(int) - true).mean() < 0.5
