"""Reading the painter back out of a bundle."""

import dataclasses
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from engine.bundle.load import Bundle, load_bundle
from engine.runtimes.dequantise import dequantise_model
from engine.runtimes.onnxruntime import load
from export.bundle.picture import INPUTS, FewStepPainter, show_inputs
from training import shipped_painter
from training.loop.plain_errors import InputError
from training.painting.decoder_training import load_refined
from training.painting.drawings import COLUMNS, ROWS, drawing_table
from training.painting.finish_training import SHIPPED, load_painted, train
from training.painting.generator import Concepts
from training.painting.pictures import PoolPlan
from training.shipped.painter import painter_of
from training.world.atlas import gather_atlas


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return load_bundle("picturebook")


def test_it_paints_what_the_graph_paints(shipped: Bundle, tmp_path: Path) -> None:
    painter, autoencoder, painted, lands = painter_of(shipped)
    names = torch.from_numpy(np.array(shipped.vocabulary))
    model = onnx.load(str(shipped.path("generator", 2)))
    dequantise_model(model)
    onnx.save(model, str(tmp_path / "single.onnx"))
    concepts = Concepts(painter.table, names, shipped.manifest.label_temperature)
    table = drawing_table(gather_atlas(ROWS, COLUMNS))
    again = FewStepPainter(
        concepts, painter.generator, autoencoder, table, painted, steps=2, lands=lands
    ).eval()
    asked = next(show_inputs(names.numpy(), 1, seed=3, sizes=((6, 10),)))
    with torch.no_grad():
        made = again(*(torch.from_numpy(asked[name]) for name in INPUTS)).numpy()
    true = load(tmp_path / "single.onnx").run(asked)["picture"]
    assert true.std() > 10
    assert np.abs(made.astype(int) - true).mean() < 0.5


def test_another_graph_is_refused_by_the_first_weight_that_it_lacks(
    shipped: Bundle, tmp_path: Path
) -> None:
    for path in shipped.folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    other = tmp_path / shipped.path("generator").name
    other.unlink()
    other.symlink_to(shipped.path("encoder"))
    with pytest.raises(InputError, match=r"has no concepts\.table: it is no generator"):
        painter_of(dataclasses.replace(shipped, folder=tmp_path))


def test_its_last_stage_goes_on_learning_from_where_it_was(tmp_path: Path) -> None:
    assert shipped_painter.main(["picturebook", str(tmp_path)]) == 0
    began = load_painted(tmp_path / SHIPPED)
    small = (
        PoolPlan("large-scenes", "scene", 256, 128, 0, 4),
        PoolPlan("large-panels", "panel", 128, 128, 1_000_000, 4),
    )
    painted = train(tmp_path, minutes=1, batch=1, pictures=small, steps=1, side=16)
    moved = (painted.finish.leave.weight - began.finish.leave.weight).abs().max()
    assert 0 < moved < 0.01
    last = load_refined(tmp_path).decoder.net[-2]
    assert isinstance(last, torch.nn.Conv2d)
    assert torch.equal(last.weight, began.finish.leave.weight[:48])  # what is not drawn
