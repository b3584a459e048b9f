"""The shapes that a show asks of a bundle's models: what their engines are built and tried for.

No number of steps, panels or seconds that a person can set is outside them, and no picture size
up to the bundle's own, and no shape of a window: nothing of that needs an engine to be built again.
"""

from __future__ import annotations

from engine.bundle.manifest import FileSpec, Manifest
from engine.runtimes.spec import Shape, Span

_SHORTEST_S, _LONGEST_S = 1.0, 10.0
"""Windows that a person can ask for."""


def spans_of(manifest: Manifest, spec: FileSpec) -> tuple[Span, ...]:
    """Each kind of call of a model, the most frequent first; () for what is no model."""
    if spec.role == "separator":
        frame = manifest.separator.frame_samples
        hop = max(1, round(manifest.hop_s * manifest.sample_rate_hz) // frame) * frame
        longest = round(_LONGEST_S * manifest.sample_rate_hz)
        return (_span(spec, (1, frame), (1, hop), (1, longest)),)
    if spec.role == "encoder":
        rows = 1 + manifest.sources
        window = round(manifest.window_s * manifest.sample_rate_hz)
        shortest, longest = (
            round(seconds * manifest.sample_rate_hz) for seconds in (_SHORTEST_S, _LONGEST_S)
        )
        usual = (rows, window)
        return (
            _span(spec, (1, window), usual, usual),
            _span(spec, (1, min(shortest, window)), usual, (rows, max(longest, window))),
        )
    if spec.role == "generator":
        return _painting(manifest, spec)
    return ()


def _painting(manifest: Manifest, spec: FileSpec) -> tuple[Span, ...]:
    pictures, panels = manifest.pictures, manifest.sources
    scene, panel = pictures.latent(pictures.scene), pictures.latent(pictures.panel)
    largest = (max(scene[0], panel[0]), max(scene[1], panel[1]))
    smallest = (min(scene[0], panel[0]) // 2 or 1, min(scene[1], panel[1]) // 2 or 1)
    return (
        _span(spec, (1, *scene), (1, *scene), (1, *scene)),
        _span(spec, (1, *panel), (panels, *panel), (1 + panels, *panel)),
        # The scene in windows of other shapes.
        _span(spec, (1, 2, 2), (1, scene[1], scene[0]), (1, *pictures.latent(pictures.longest))),
        # Any other size and number, not tuned for but there.
        _span(spec, (1, *smallest), (1, *panel), (1 + panels, *largest)),
    )


def _span(spec: FileSpec, least: Shape, usual: Shape, most: Shape) -> Span:
    """Sizes are the rows and then what is free beside them: samples, or the latent's two."""

    def shapes(size: Shape) -> dict[str, Shape]:
        return {name: _filled(tensor.shape, size) for name, tensor in spec.inputs.items()}

    return Span(shapes(least), shapes(usual), shapes(most))


def _filled(shape: tuple[int | str, ...], size: Shape) -> Shape:
    rows, *rest = size
    free = iter(rest)
    filled: list[int] = []
    for place, dimension in enumerate(shape):
        if isinstance(dimension, int):
            filled.append(dimension)
        else:
            filled.append(rows if place == 0 else next(free))
    return tuple(filled)
