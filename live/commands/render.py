"""`soundglass render`: paint a sound file into an MP4, every frame."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.terminal import say, say_json
from live.apart import Place, check_apart
from live.commands.live import saved
from live.errors import UserError
from live.options import SOUNDS, OneLineParser, add_settings, gather_settings
from live.path_names import expanded
from live.places import places_read, places_written

if TYPE_CHECKING:
    from live.settings import Settings
    from live.sound_file import SoundFile

ABOUT = """\
Paint a sound file into an MP4 with picture and sound: every frame, as finely as the bundle can,
the same for the same seed."""
EXAMPLES = """
soundglass render rain.flac -o rain.mp4
soundglass render demo -o demo.mp4 --seed 7 --panels 0
soundglass render rain.flac -o rain.mp4 --light dusk --style watercolour
"""


def parser() -> OneLineParser:
    """Return the parser of `soundglass render`."""
    made = OneLineParser("render", ABOUT, EXAMPLES)
    made.add_argument("file", metavar="FILE", help=SOUNDS)
    made.add_argument(
        "-o", "--output", metavar="OUT.mp4", type=expanded, required=True, help="the film to write"
    )
    made.add_argument(
        "--json", action="store_true", help="print one event line per hop, as live --events does"
    )
    add_settings(
        made,
        (
            *("bundle", "window", "hop", "panels", "steps", "size", "seed"),
            *("light", "season", "style", "runtime", "threads", "precision"),
            *("sensitivity", "trace"),
        ),
    )
    return made


def run(parsed: argparse.Namespace) -> int:
    """Write the film, whole or not at all; return the exit code."""
    settings = gather_settings(parsed)
    if saved(parsed, settings):
        return 0
    if parsed.output.suffix.lower() != ".mp4":
        raise UserError(f"--output is {parsed.output}, but must end in .mp4.")
    of_a_film = replace(settings, events=None, frames=None, record=None)
    check_apart(
        places_read(parsed, settings),
        [Place(parsed.output, "--output"), *places_written(of_a_film)],
    )
    from live.rendering import FPS
    from live.sound_faults import report_damage
    from live.sound_file import open_sound
    from live.trace_file import traced

    sound = open_sound(parsed.file, at_least_s=settings.window_s)
    with traced(settings.trace):
        frames = _film(sound, settings, parsed.output, parsed.json)
    if not parsed.json:
        say(f"{parsed.output}: {frames} frames, {frames / FPS:.1f} s")
    return report_damage(sound.fault)


def _film(sound: SoundFile, settings: Settings, output: Path, as_json: bool) -> int:
    """Write the film and, as JSON, print what is heard; return the number of frames."""
    from engine.bundle import load_bundle
    from engine.trace import span
    from live.compose import HEIGHT, WIDTH
    from live.events import event_line
    from live.models import open_models
    from live.movie import Movie
    from live.progress import sound_progress
    from live.rendering import FPS, render, steps_for
    from live.shared_ring import RING_HZ
    from live.write_whole import whole_file

    bundle = load_bundle(settings.bundle)
    models = open_models(bundle, settings, steps=(steps_for(bundle, settings),))
    frames = 0
    with whole_file(output) as temporary:
        movie = Movie(temporary, WIDTH, HEIGHT, FPS, RING_HZ, said_as=output)
        try:
            with sound_progress("rendering", sound.seconds) as bar:
                for frame in render(sound, bundle, models, settings):
                    with span("record"):
                        movie.add_picture(frame.picture, frame.at_s)
                        movie.add_sound(frame.sound)
                    frames += 1
                    bar.update(1 / FPS)
                    for hearing in frame.heard if as_json else ():
                        say_json(event_line(hearing))
        finally:
            movie.close()
            models.close()
    return frames
