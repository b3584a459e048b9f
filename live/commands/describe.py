"""`soundglass describe`: say what is heard when in a sound file."""

from __future__ import annotations

import argparse
import sys

from engine.system.terminal import say, say_json
from live.commands.live import save_if_asked
from live.paths.apart import check_apart
from live.settings.options import SOUNDS, OneLineParser, add_settings, gather_settings
from live.settings.places import places_read

ABOUT = "Say what is heard when in a sound file (or in `demo`, the built-in soundscape)."
EXAMPLES = """
soundglass describe rain.flac
soundglass describe demo --json | head
arecord -f cd -d 60 | soundglass describe -
"""


def parser() -> OneLineParser:
    """Return the parser of `soundglass describe`."""
    made = OneLineParser("describe", ABOUT, EXAMPLES)
    made.add_argument("file", metavar="FILE", help=SOUNDS)
    made.add_argument(
        "--json", action="store_true", help="print one JSON line per hop, as live --events does"
    )
    add_settings(made, ("bundle", "window", "hop", "runtime", "threads", "sensitivity"))
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the timeline, or the event lines; return the exit code."""
    settings = gather_settings(parsed)
    if save_if_asked(parsed, settings):
        return 0
    check_apart(places_read(parsed, settings), ())
    from engine.bundle.load import load_bundle
    from live.files.offline import hear_sound, open_hearer
    from live.files.timeline import spans, table
    from live.output.events import event_line
    from live.progress import sound_progress
    from live.show.models import open_models
    from live.sounds.damage_report import report_damage
    from live.sounds.file import open_sound

    sound = open_sound(parsed.file, at_least_s=settings.window_s)
    bundle = load_bundle(settings.bundle)
    models = open_models(bundle, settings, steps=())
    hearer = open_hearer(bundle, models, settings)
    heard = []
    with sound_progress("hearing", sound.seconds) as bar:
        for hearing in hear_sound(sound, hearer):
            if parsed.json:
                say_json(event_line(hearing))
            else:
                heard.append(hearing)
            bar.update(settings.hop_s)
    models.close()
    if not parsed.json:
        utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        say(
            f"{sound.name}: {sound.seconds:.1f} s, {sound.sample_rate_hz} Hz, "
            f"{sound.channels} channel(s)\n"
        )
        say(table(spans(heard, settings.hop_s), sound.seconds, plain=not utf8).rstrip("\n"))
    return report_damage(sound.fault)
