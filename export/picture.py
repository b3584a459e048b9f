"""Concepts, generator and decoder to one ONNX file per number of steps.

The few-step sampler is unrolled inside the graph; what comes out are pixels. Weights are stored in
half precision and cast on load, which halves the file and leaves the arithmetic in single.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from training.autoencoder import LATENT_CHANNELS, Autoencoder
from training.generator import EMBEDDING, Concepts, Generator

OPSET, IR_VERSION, SLOTS = 18, 10, 4
HALF_FROM = 1024
"""Tensors with fewer elements stay in single precision: they weigh nothing."""


class FewStepPainter(nn.Module):
    """Tokens, weights and noise to pixels, in `steps` equal steps from t = 1 to t = 0."""

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

    def forward(self, tokens: Tensor, weights: Tensor, noise: Tensor) -> Tensor:
        concepts, one = self.concepts(tokens), torch.ones_like(weights[:, 0])
        z = noise
        for step in range(self.steps):
            t, r = 1 - step / self.steps, 1 - (step + 1) / self.steps
            z = z - (t - r) * self.generator(z, t * one, r * one, concepts, weights, one)
        picture = self.decoder(z * self.std + self.mean).permute(0, 2, 3, 1)
        return ((picture.clamp(-1.0, 1.0) + 1.0) * 127.5 + 0.5).to(torch.uint8)


def export_painter(painter: FewStepPainter, path: Path) -> None:
    """Writes the ONNX file: tokens, weights and noise in, u8 pictures out (b, h, w, 3)."""
    example = (
        torch.randn(2, SLOTS, EMBEDDING),
        torch.rand(2, SLOTS),
        torch.randn(2, LATENT_CHANNELS, 18, 32),
    )
    batch = torch.export.Dim("batch", min=1, max=64)
    # the network halves its latents once, hence the factor two
    rows, columns = torch.export.Dim("rows", min=2, max=64), torch.export.Dim("columns", max=64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            painter.eval(),
            example,
            input_names=["tokens", "weights", "noise"],
            output_names=["picture"],
            dynamic_shapes=({0: batch}, {0: batch}, {0: batch, 2: 2 * rows, 3: 2 * columns}),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    program.optimize()
    model = program.model_proto
    model.ir_version = IR_VERSION
    store_in_half(model)
    onnx.save(model, str(path))


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
