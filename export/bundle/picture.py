"""Concepts, generator, decoder and finish to one ONNX file per number of steps.

The few-step sampler is unrolled inside the graph; what comes out are pixels. What the files have in
common lies once, beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import external_data_helper, numpy_helper
from torch import Tensor, nn

from export.graph.precision import (
    HALF_FROM,
    in_precision,
    store_in_bytes,
    store_in_half,
    store_in_levels,
)
from export.graph.quantise import quantise
from export.graph.to_onnx import to_graph
from export.graph.weights_file import SHARED, WeightsFile
from training.painting.autoencoder import LATENT_CHANNELS, Autoencoder
from training.painting.distillation import Velocity, guided_velocity, sample
from training.painting.drawings import ZERO, DrawingTable, span
from training.painting.finish import FINISHED, TRUNK, Painted
from training.painting.generator import (
    ATMOSPHERE,
    EMBEDDING,
    LOOKS,
    Concepts,
    Conditions,
    Generator,
    aspect,
)
from training.painting.lands import LEVELS, Lands, sample_on

SLOTS = 4
EXAMPLES = 24
"""Pictures from which the quantiser learns its ranges."""
SMALLEST = 128
"""Pixels of the smallest picture's side."""
BYTES = {"table.fine": (1 / 255, 0), "table.coarse": (1 / 255, ZERO)}
"""What is kept in bytes: the step from one to the next, and the byte of nothing."""
THIRDS = {"lands.codes": LEVELS}
"""What is kept three to a byte: how many levels it has."""
FINE = ("painted.finish.leave.weight",)
"""Weights of convolutions that make pixels: eight bits would show as bands."""
INPUTS = ("tokens", "weights", "places", "looks", "atmosphere", "noise")


class FewStepPainter(nn.Module):
    """Conditions and noise to pixels, in `steps` equal steps from t = 1 to t = 0.

    lands: those that the generator remembers, for one or two steps; None: it paints from noise.
    guided: the generator is a teacher, which knows the velocity at a time and no mean over a step;
    each step asks it twice, for its guidance (see `training.distil`).
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        concepts: Concepts,
        generator: Generator,
        autoencoder: Autoencoder,
        table: DrawingTable,
        painted: Painted,
        steps: int,
        guided: bool = False,
        lands: Lands | None = None,
    ) -> None:
        super().__init__()
        self.concepts, self.generator, self.steps = concepts, generator, steps
        self.lands = lands
        self.table, self.painted, self.guided = table, painted, guided
        self.trunk = autoencoder.decoder.net[:TRUNK]
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
        shares = self.concepts.shares(tokens, looks)
        asked = Conditions(self.concepts.mix(shares), weights, places, atmosphere, one)
        velocity = self._velocity(asked, noise)
        if self.lands is None:
            z = sample(velocity, noise, self.steps)
        else:
            land, where = self.lands(shares, weights, places, atmosphere, noise)
            z = sample_on(velocity, noise, self.steps, land, where)
        laid = self.painted.drawings(
            self.table(shares), weights, places, atmosphere,
            span(z, FINISHED, 3), span(z, FINISHED, 2), aspect(z)[:, 0],
        )  # fmt: skip
        features = self.trunk(z * self.std + self.mean)
        picture = self.painted.finish(features, laid).permute(0, 2, 3, 1)
        return ((picture.clamp(-1.0, 1.0) + 1.0) * 127.5 + 0.5).to(torch.uint8)

    def _velocity(self, asked: Conditions, like: Tensor) -> Velocity:
        if self.guided:
            return lambda z, t, _: guided_velocity(self.generator, z, t, asked)
        return partial(self.generator.velocity, prepared=self.generator.prepare(asked, like))


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


def export_painters(
    painters: Mapping[int, FewStepPainter],
    folder: Path,
    precision: str = "fp16-weights",
    batch: tuple[int, int] = (1, 64),
    largest: tuple[int, int] = (2048, 2048),
) -> dict[int, Path]:
    """Writes generator-STEPS.onnx for each number of steps, and the weights that they share.

    They take conditions and noise and give u8 pictures (b, h, w, 3). precision: one of PRECISIONS.
    batch, largest: see `to_onnx`. Returns the files by steps.
    """
    files, models = {}, []
    for steps, painter in painters.items():
        files[steps] = folder / f"generator-{steps}.onnx"
        model = to_onnx(painter, batch, largest)
        models.append(at_precision(model, precision, names_of(painter)))
    share_weights(models, folder / SHARED)
    for model, file in zip(models, files.values(), strict=True):
        onnx.save(model, str(file))
    return files


def at_precision(model: onnx.ModelProto, precision: str, names: np.ndarray) -> onnx.ModelProto:
    """A generator's graph, in single precision, in another of PRECISIONS. May change the given one.

    names: see `show_inputs`.
    """
    if precision != "int8":
        return in_precision(model, precision)
    made = quantise(model, show_inputs(names, EXAMPLES, seed=1), FINE)
    store_in_bytes(made, BYTES)
    store_in_levels(made, THIRDS)
    store_in_half(made)
    return made


def to_onnx(
    painter: FewStepPainter,
    batch: tuple[int, int] = (1, 64),
    largest: tuple[int, int] = (2048, 2048),
) -> onnx.ModelProto:
    """The painter as a graph in single precision.

    batch: fewest and most pictures. largest: (height, width) in pixels; from SMALLEST to there,
    every multiple of 64 works.
    """
    count = max(2, batch[0])  # an example of one would freeze the batch
    example = random_inputs(count, 4, 4, np.random.default_rng(0))
    pictures = torch.export.Dim("batch", min=batch[0], max=batch[1])
    # the network halves its latents once, hence the factor two
    rows, columns = (
        torch.export.Dim(name, min=SMALLEST // (2 * FINISHED), max=most // (2 * FINISHED))
        for name, most in zip(("rows", "columns"), largest, strict=True)
    )
    free: dict[str, dict[int, Any]] = {name: {0: pictures} for name in INPUTS}
    free["noise"] |= {2: 2 * rows, 3: 2 * columns}
    tensors = {name: torch.from_numpy(example[name]) for name in INPUTS}
    return to_graph(painter, tensors, ["picture"], free)


def names_of(painter: FewStepPainter) -> np.ndarray:
    """(labels, d) where the names that it paints by lie in the joint space."""
    return painter.concepts.vocabulary.numpy()


def show_inputs(
    names: np.ndarray,
    count: int,
    seed: int,
    sizes: Sequence[tuple[int, int]] = ((18, 32), (16, 16)),
) -> Iterator[dict[str, np.ndarray]]:
    """Inputs of one picture each, as a show has them: one to all sources sound, each near a name.

    names: (labels, d) unit vectors. sizes: rows and columns of latents, taken in turn.
    """
    rng = np.random.default_rng(seed)
    for index in range(count):
        given = random_inputs(1, *sizes[index % len(sizes)], rng)
        chosen = names[rng.integers(0, len(names), SLOTS)]
        given["tokens"] = (chosen + 0.02 * given["tokens"][0])[None].astype(np.float32)
        given["weights"][:, 1 + index % SLOTS :] = 0
        given["weights"][:, 0] = 0.3 + 0.7 * given["weights"][:, 0]
        yield given


def share_weights(models: Iterable[onnx.ModelProto], file: Path) -> None:
    """Moves the large weights of all models into one file, each only once."""
    with WeightsFile(file) as weights:
        for model in models:
            for tensor in model.graph.initializer:
                values = numpy_helper.to_array(tensor)
                if values.nbytes < 2 * HALF_FROM:
                    continue
                offset, length = weights.put(values)
                # the helper wants raw data to be there, and saving wants it gone
                tensor.raw_data = values.tobytes()
                external_data_helper.set_external_data(tensor, file.name, offset, length)
                tensor.ClearField("raw_data")
