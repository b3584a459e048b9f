"""What is seen of a running show: its pictures, its state and the line it has for people."""

from __future__ import annotations

import math

from live.messages import Messages
from live.output.writers import Outputs
from live.show.input_selector import InputSelector
from live.show.pipeline import Pipeline
from live.view.picture import USUAL_ASPECT, Status, View
from live.view.reactive import ReactiveView


def view_of(
    inputs: InputSelector,
    pipeline: Pipeline,
    outputs: Outputs,
    reactive: ReactiveView,
    messages: Messages,
    bundle: str,
    dark: float,
) -> View:
    """Return the show at this moment; waits for nothing.

    bundle: its name. dark: how far it has faded to black.
    """
    painting = pipeline.painting
    shown = painting.shown
    return View(
        pictures=shown.pictures if shown else None,
        hearing=pipeline.hearing.latest,
        reactive=reactive.now(),
        panels=shown.panels if shown else (),
        status=status_of(inputs, pipeline, outputs, bundle),
        message=messages.current(inputs.message),
        pictures_at_s=shown.at_s if shown else 0.0,
        aspect=painting.aspect or USUAL_ASPECT,
        dark=dark,
    )


def status_of(inputs: InputSelector, pipeline: Pipeline, outputs: Outputs, bundle: str) -> Status:
    """Return the figures and names of the show at this moment."""
    painting = pipeline.painting
    ages = painting.ages.percentiles()
    sound_s, lost = inputs.progress()
    return Status(
        input_name=inputs.name,
        input_fault=inputs.fault,
        sound_to_picture_p50_ms=ages.p50 if ages.count else math.nan,
        sound_to_picture_p95_ms=ages.p95 if ages.count else math.nan,
        pictures_per_s=painting.pictures_per_s,
        dropped=pipeline.dropped,
        lost_samples=lost + pipeline.hearing.overrun,
        runtime=pipeline.runtime,
        building=pipeline.building,
        given_up=painting.given_up,
        recording=outputs.recording,
        missing=outputs.missing,
        frozen=painting.frozen,
        sensitivity_db=pipeline.sensitivity_db,
        bundle=bundle,
        sound_s=sound_s,
        asked=pipeline.atmosphere.choice,
        seen=pipeline.atmosphere.names,
    )
