"""Runs every model of a bundle once: what it gives must have the promised shape and be finite."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.bundle.load import Bundle, BundleError
from engine.runtimes.model import Array, Model, ModelError


def try_models(bundle: Bundle, runtime: str = "onnxruntime") -> None:
    """Raises BundleError, naming the model, when one does not do what the manifest promises."""
    manifest = bundle.manifest
    models = bundle.models(runtime)
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> Array:
        return rng.standard_normal(shape, dtype=np.float32)

    try:
        samples = 8 * manifest.separator.frame_samples
        _try(
            "separator",
            models.separator,
            {
                "audio": 0.1 * normal(1, samples),
                "state": np.zeros((1, manifest.separator.state_size), np.float32),
            },
            {"sources": (1, manifest.sources, samples)},
        )
        window = round(manifest.window_s * manifest.sample_rate_hz)
        for batch in (1, 3):
            found = _try(
                "encoder",
                models.encoder,
                {"audio": 0.1 * normal(batch, window)},
                {
                    "embedding": (batch, manifest.embedding_dim),
                    "presence": (batch, len(manifest.labels) + 1),
                },
            )
            lengths = np.linalg.norm(found["embedding"], axis=1)
            if np.abs(lengths - 1).max() > 1e-2:
                raise BundleError(f"the encoder's embeddings are {lengths.max():.3f} long, not 1")
            presence = found["presence"]
            if presence.min() < 0 or presence.max() > 1:
                raise BundleError("the encoder's presences are no probabilities, 0 to 1")
        pictures = manifest.pictures
        for steps, model in models.generators.items():
            for rows, size in ((1, pictures.scene), (2, pictures.panel)):
                looks = np.zeros((rows, manifest.sources, pictures.looks), np.float32)
                looks[..., 0] = 1
                atmosphere = np.zeros((rows, pictures.atmosphere_size), np.float32)
                atmosphere[:, [0, len(pictures.lights), -1]] = 1
                told = {
                    "tokens": normal(rows, manifest.sources, manifest.embedding_dim) / 10,
                    "weights": np.full((rows, manifest.sources), 0.5, np.float32),
                    "places": np.full((rows, manifest.sources, 4), 0.5, np.float32),
                    "looks": looks,
                    "atmosphere": atmosphere,
                    "noise": normal(rows, pictures.latent_channels, *pictures.latent(size)),
                }
                _try(
                    f"generator of {steps} steps",
                    model,
                    {name: told[name] for name in model.input_names},
                    {"picture": (rows, *size, 3)},
                )
    finally:
        models.close()


def _try(
    what: str, model: Model, inputs: Mapping[str, Array], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Array]:
    try:
        outputs = model.run(inputs)
    except ModelError as error:
        raise BundleError(f"the {what} does not run: {error}") from error
    for name, shape in shapes.items():
        if outputs[name].shape != shape:
            raise BundleError(f"the {what} gives {name} {outputs[name].shape}, promised {shape}")
    for name, array in outputs.items():
        if not np.isfinite(array).all():
            raise BundleError(f"the {what} gives {name} with numbers that are not finite")
    return outputs
