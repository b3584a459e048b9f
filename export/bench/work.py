"""The pieces of work that peers and engines are measured by, and how each contender does them.

A contender paints a frame: `paint(inputs) -> u8 (b, h, w, 3)`. Peers run torch, ours run a graph
that this package exported from the same weights.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.bundle.fields import BundleError
from engine.runtimes.open import load_model
from export.bench import turbo as peer_turbo
from export.bench.configurations import COMPILED, PLAIN, Architecture, Work
from export.bundle.picture import FewStepPainter, random_inputs
from export.graph.eight_bit_matrices import matrices_in_eight_bits
from export.graph.to_onnx import IR_VERSION, to_program
from training.painting.autoencoder import Autoencoder
from training.painting.drawings import COLUMNS, ROWS, drawing_table
from training.painting.finish import FINISHED, Finish, Painted
from training.painting.generator import Concepts, Painter
from training.vocabulary import LABELS
from training.world.atlas import gather_atlas

Inputs = dict[str, np.ndarray]
Paint = Callable[[Inputs], np.ndarray]


def inputs(work: Work, size: Architecture, seed: int) -> Inputs:
    """What a frame is painted from."""
    if work.model == "turbo":
        return peer_turbo.inputs(size, work.batch, work.height, seed)
    rng = np.random.default_rng(seed)
    return random_inputs(work.batch, work.height // FINISHED, work.width // FINISHED, rng)


def export_work(
    work: Work, size: Architecture, path: Path, eight_bits: bool = False
) -> None:
    """Write the ONNX file of a piece of work, of fixed shapes, weights beside it."""
    with torch.no_grad():
        module = painter() if work.model == "bundled" else _one_step(size)
        example = {n: torch.from_numpy(a) for n, a in inputs(work, size, 0).items()}
        program = to_program(module, example, ["picture"], {})
    if eight_bits:
        matrices_in_eight_bits(program.model.graph)
    program.model.ir_version = IR_VERSION
    program.save(str(path), external_data=True)


def painter() -> FewStepPainter:
    """The bundled generator's architecture with random weights, in one step."""
    torch.manual_seed(0)
    made = Painter()
    torch.nn.init.normal_(made.generator.leave.weight, std=0.02)
    names = torch.nn.functional.normalize(torch.randn(len(LABELS), 128), dim=1)
    concepts = Concepts(made.table, names, 0.1)
    autoencoder, table = Autoencoder(), drawing_table(gather_atlas(ROWS, COLUMNS))
    painted = Painted(Finish(autoencoder.decoder))
    return FewStepPainter(concepts, made.generator, autoencoder, table, painted, 1).eval()


def _one_step(size: Architecture) -> torch.nn.Module:
    return peer_turbo.OneStep(*peer_turbo.build(size)).eval()


def contender(
    name: str, work: Work, size: Architecture, device: str, path: Path
) -> Paint:
    """How one contender paints. Raises BundleError for a name that nobody has.

    path: the file of `export_work`, for engines; for EIGHT_BITS the one in eight bits.
    """
    if name in (PLAIN, COMPILED):
        make = _bundled_peer if work.model == "bundled" else _diffusers
        return make(size, device, name == COMPILED)
    if not path.is_file():
        raise BundleError(f"{path} is not exported yet")
    model = load_model(path, name.removesuffix("-int8"), None, False)
    return lambda given: model.run(given)["picture"]


def _diffusers(size: Architecture, device: str, compiled: bool) -> Paint:
    """The loop of diffusers' own pipelines, prompts already encoded, as StreamDiffusion has it."""
    from diffusers.image_processor import VaeImageProcessor
    from diffusers.schedulers.scheduling_euler_discrete import EulerDiscreteScheduler

    kind = torch.float16 if device == "cuda" else torch.bfloat16
    unet, decoder = (m.to(device, kind) for m in peer_turbo.build(size))
    if compiled:
        unet.compile()
        decoder.decoder.compile()
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear",
        timestep_spacing="trailing",
    )  # fmt: skip
    processor = VaeImageProcessor(vae_scale_factor=8)

    @torch.inference_mode()
    def paint(given: Inputs) -> np.ndarray:
        noise, states = (torch.from_numpy(a).to(device, kind) for a in given.values())
        scheduler.set_timesteps(1, device=device)
        latents = noise * (peer_turbo.NOISE * peer_turbo.sigma())
        for step in scheduler.timesteps:
            scaled = scheduler.scale_model_input(latents, step)
            answer = unet(scaled, step, encoder_hidden_states=states, return_dict=False)[0]
            latents = scheduler.step(answer, step, latents, return_dict=False)[0]
        pictures = decoder.decode(latents, return_dict=False)[0]
        array: Any = processor.postprocess(pictures, output_type="np")
        return (array * 255).round().astype(np.uint8)

    return paint


def _bundled_peer(size: Architecture, device: str, compiled: bool) -> Paint:
    """The bundled generator in torch, under autocast, as `training` runs it."""
    module = painter().to(device).to(memory_format=torch.channels_last)  # pyright: ignore
    if compiled:
        module.compile()
    kind = torch.float16 if device == "cuda" else torch.bfloat16

    @torch.inference_mode()
    def paint(given: Inputs) -> np.ndarray:
        with torch.autocast(device, kind):
            made = module(*(torch.from_numpy(a).to(device) for a in given.values()))
        return made.cpu().numpy()

    return paint
