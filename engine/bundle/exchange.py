"""Changing to a better runtime while a show goes on, between two of its ticks."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bundle.load import Bundle, BundleModels
from engine.bundle.spans import spans_of
from engine.runtimes.model import Array, Model, TensorSpec
from engine.runtimes.trial_inputs import trial_inputs


class Exchangeable:
    """A model that can be exchanged for another between two of its calls. See `Model`."""

    def __init__(self, model: Model) -> None:
        self.model = model
        """Assign another at any time: a call that is on its way ends with the one it began with,
        and the last that uses a model lets go of it."""

    @property
    def runtime(self) -> str:
        """Of the present model."""
        return self.model.runtime

    @property
    def inputs(self) -> Mapping[str, TensorSpec]:
        """Of the present model."""
        return self.model.inputs

    @property
    def outputs(self) -> Mapping[str, TensorSpec]:
        """Of the present model."""
        return self.model.outputs

    @property
    def input_names(self) -> tuple[str, ...]:
        """Of the present model."""
        return self.model.input_names

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """By the present model."""
        return self.model.run(inputs)

    def close(self) -> None:
        """Let go of the present model."""
        self.model.close()


def exchangeable(models: BundleModels) -> BundleModels:
    """The same models, for `exchange` to put others in their place while they are used."""
    return BundleModels(
        Exchangeable(models.separator),
        Exchangeable(models.encoder),
        dict(models.generators),
        models.runtime,
    )


def exchange(models: BundleModels, better: BundleModels) -> None:
    """Let those who use `models` use the better ones from their next tick on.

    Hearing calls each model once a tick. Painting takes its generator out of `generators` once a
    tick and paints scene and panels with it.
    """
    for now, then in ((models.separator, better.separator), (models.encoder, better.encoder)):
        assert isinstance(now, Exchangeable)
        now.model = then
    models.generators.update(better.generators)
    models.runtime = better.runtime


def warm(bundle: Bundle, models: BundleModels) -> None:
    """Run every kind of call once, so that the first one of the show is no slower than the rest.

    Raises ModelError.
    """
    manifest = bundle.manifest
    models.encoder.run(trial_inputs(spans_of(manifest, manifest.file("encoder"))[0].usual))
    for steps, generator in models.generators.items():
        scene, panels, *_ = spans_of(manifest, manifest.file("generator", steps))
        generator.run(trial_inputs(scene.usual))
        for rows in range(1, manifest.sources + 1):
            generator.run(
                trial_inputs({name: (rows, *shape[1:]) for name, shape in panels.usual.items()})
            )
