"""Concepts, generator and decoder to one ONNX file per number of steps.

The few-step sampler is unrolled inside the graph; what comes out are pixels. Weights are stored in
half precision and cast on load, which halves the files and leaves the arithmetic in single; what
the files have in common lies once, beside them.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import external_data_helper, helper, numpy_helper
from torch import Tensor, nn

from training.autoencoder import LATENT_CHANNELS, Autoencoder
from training.generator import ATMOSPHERE, EMBEDDING, LOOKS, Asked, Concepts, Generator

OPSET, IR_VERSION, SLOTS = 18, 10, 4
HALF_FROM = 1024
"""Tensors with fewer elements stay in single precision, inside the file: they weigh nothing."""
SHARED = "generator.weights"
INPUTS = ("tokens", "weights", "places", "looks", "atmosphere", "noise")


class FewStepPainter(nn.Module):
    """Conditions and noise to pixels, in `steps` equal steps from t = 1 to t = 0."""

    mean: Tensor
    std: Tensor

    def __init__(
        self, concepts: Concepts, generator: Generator, autoencoder: Autoencoder, steps: int
    ) -> None:
        super().__init__()
        self.concepts, self.generator, self.steps = concepts, generator, steps
        self.decoder = autoencoder.decoder
        self.register_buffer("mean", autoencoder.latent_mean)
        self.register_buffer("std", autoencoder.latent_std)

    def forward(
        self,
        tokens: Tensor,
        weights: Tensor,
        places: Tensor,
        looks: Tensor,
        atmosphere: Tensor,
        noise: Tensor,
    ) -> Tensor:
        one = torch.ones_like(weights[:, 0])
        asked = Asked(self.concepts(tokens, looks), weights, places, atmosphere, one)
        prepared, z = self.generator.prepare(asked, noise), noise
        for step in range(self.steps):
            t, r = 1 - step / self.steps, 1 - (step + 1) / self.steps
            z = z - (t - r) * self.generator.velocity(z, t * one, r * one, prepared)
        picture = self.decoder(z * self.std + self.mean).permute(0, 2, 3, 1)
        return ((picture.clamp(-1.0, 1.0) + 1.0) * 127.5 + 0.5).to(torch.uint8)


def random_inputs(
    batch: int, rows: int, columns: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Inputs of every kind for pictures of rows by columns latents."""
    places = np.concatenate(
        [rng.uniform(0.2, 0.8, (batch, SLOTS, 3)), rng.choice([-1.0, 1.0], (batch, SLOTS, 1))], 2
    )
    given = {
        "tokens": rng.standard_normal((batch, SLOTS, EMBEDDING)),
        "weights": rng.random((batch, SLOTS)),
        "places": places,
        "looks": np.eye(LOOKS)[rng.integers(0, LOOKS, (batch, SLOTS))],
        "atmosphere": rng.dirichlet(np.ones(ATMOSPHERE), batch),
        "noise": rng.standard_normal((batch, LATENT_CHANNELS, rows, columns)),
    }
    return {name: value.astype(np.float32) for name, value in given.items()}


def export_painters(painters: Mapping[int, FewStepPainter], folder: Path) -> dict[int, Path]:
    """Writes generator-STEPS.onnx for each number of steps, and the weights that they share.

    They take conditions and noise and give u8 pictures (b, h, w, 3). Returns the files by steps.
    """
    files, models = {}, []
    for steps, painter in painters.items():
        files[steps] = folder / f"generator-{steps}.onnx"
        models.append(to_onnx(painter))
    share_weights(models, folder / SHARED)
    for model, file in zip(models, files.values(), strict=True):
        onnx.save(model, str(file))
    return files


def to_onnx(painter: FewStepPainter) -> onnx.ModelProto:
    """The painter as a graph of any batch and any even latent size, weights in half precision."""
    example = random_inputs(2, 18, 32, np.random.default_rng(0))
    batch = torch.export.Dim("batch", min=1, max=64)
    # the network halves its latents once, hence the factor two
    rows, columns = torch.export.Dim("rows", min=2, max=64), torch.export.Dim("columns", max=64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            painter.eval(),
            tuple(torch.from_numpy(example[name]) for name in INPUTS),
            input_names=list(INPUTS),
            output_names=["picture"],
            dynamic_shapes=(*({0: batch} for _ in INPUTS[:-1]),
                            {0: batch, 2: 2 * rows, 3: 2 * columns}),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )  # fmt: skip
    assert program is not None
    program.optimize()
    model = program.model_proto
    model.ir_version = IR_VERSION
    store_in_half(model)
    return model


def store_in_half(model: onnx.ModelProto) -> None:
    """Stores large weights as float16, each with a cast back to single in front of its use."""
    casts, kept = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < HALF_FROM:
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + "_half"))
        casts.append(
            helper.make_node(
                "Cast", [tensor.name + "_half"], [tensor.name], to=onnx.TensorProto.FLOAT
            )
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)


def share_weights(models: Iterable[onnx.ModelProto], file: Path) -> None:
    """Moves the large weights of all models into one file, each only once."""
    places: dict[str, int] = {}
    with file.open("wb") as out:
        for model in models:
            for tensor in model.graph.initializer:
                raw = numpy_helper.to_array(tensor).tobytes()
                if len(raw) < 2 * HALF_FROM:
                    continue
                key = hashlib.sha256(raw).hexdigest()
                if key not in places:
                    places[key] = out.tell()
                    out.write(raw)
                # the helper wants raw data to be there, and saving wants it gone
                tensor.raw_data = raw
                external_data_helper.set_external_data(
                    tensor, file.name, offset=places[key], length=len(raw)
                )
                tensor.ClearField("raw_data")
