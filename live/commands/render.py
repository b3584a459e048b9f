"""`soundglass render`: paint a sound file into an MP4, every frame."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.system.terminal import say, say_json
from live.commands.live import save_if_asked
from live.errors import UserError
from live.paths.apart import Place, check_apart
from live.paths.names import expand_path
from live.settings.options import SOUNDS, OneLineParser, add_settings, gather_settings
from live.settings.places import places_read, places_written

if TYPE_CHECKING:
    from live.settings.model import Settings
    from live.sounds.file import SoundFile

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
        "-o", "--output", metavar="OUT.mp4", type=expand_path, required=True,
        help="the film to write",
    )
    made.add_argument(
        "--json", action="store_true", help="print one event line per hop, as live --events does"
    )
    add_settings(
        made,
        (
            *("bundle", "window", "hop", "panels", "steps", "size", "seed"),
            *("light", "season", "style", "motion", "blend"),
            *("runtime", "threads", "precision", "sensitivity", "trace"),
        ),
    )
    return made


def run(parsed: argparse.Namespace) -> int:
    """Write the film, whole or not at all; return the exit code."""
    settings = gather_settings(parsed)
    if save_if_asked(parsed, settings):
        return 0
    if parsed.output.suffix.lower() != ".mp4":
        raise UserError(f"--output is {parsed.output}, but must end in .mp4.")
    of_a_film = replace(settings, events=None, frames=None, record=None)
    check_apart(
        places_read(parsed, settings),
        [Place(parsed.output, "--output"), *places_written(of_a_film)],
    )
    from live.files.rendering import FPS
    from live.output.trace_file import record_trace
    from live.sounds.damage_report import report_damage
    from live.sounds.file import open_sound

    sound = open_sound(parsed.file, at_least_s=settings.window_s)
    with record_trace(settings.trace):
        frames = _film(sound, settings, parsed.output, parsed.json)
    if not parsed.json:
        say(f"{parsed.output}: {frames} frames, {frames / FPS:.1f} s")
    return report_damage(sound.fault)


def _film(sound: SoundFile, settings: Settings, output: Path, as_json: bool) -> int:
    """Write the film and, as JSON, print what is heard; return the number of frames."""
    from engine.bundle.load import load_bundle
    from engine.trace import span
    from live.compose.frame import HEIGHT, WIDTH
    from live.files.rendering import FPS, render, steps_for
    from live.input.shared_ring import RING_HZ
    from live.output.events import event_line
    from live.output.movie import PaintedMovie
    from live.paths.write_whole import whole_file
    from live.progress import sound_progress
    from live.show.models import open_models

    bundle = load_bundle(settings.bundle)
    models = open_models(bundle, settings, steps=(steps_for(bundle, settings),))
    frames = 0
    with whole_file(output) as temporary:
        movie = PaintedMovie(temporary, WIDTH, HEIGHT, FPS, RING_HZ, said_as=output)
        try:
            with sound_progress("rendering", sound.seconds) as bar:
                for frame in render(sound, bundle, models, settings):
                    with span("record"):
                        movie.add_picture(frame.picture, frame.at_s)
                        movie.add_sound(frame.sound)
                    frames += 1
                    bar.update(1 / FPS)
                    for hearing in frame.hearings if as_json else ():
                        say_json(event_line(hearing))
        finally:
            movie.close()
            models.close()
    return frames
