"""`soundglass separate`: write each source of a sound file to its own WAV."""

from __future__ import annotations

import argparse
import json

from engine.system.terminal import say, say_json
from live.commands.live import save_if_asked
from live.paths.apart import Place, check_apart
from live.paths.names import SOURCES, expand_path
from live.settings.options import SOUNDS, OneLineParser, add_settings, gather_settings
from live.settings.places import places_read

ABOUT = """\
Write each source of a sound file to its own WAV, source-<track>.wav, and what is left to
source-rest.wav, all as long as the file and aligned with it sample for sample: together they are
the file again. sources.json says what they are."""
EXAMPLES = """
soundglass separate rain.flac -o sources
soundglass separate demo -o sources --json
"""
SCHEMA = 2
"""Of sources.json."""
FILES = rf"{SOURCES}|sources\.json"
"""Names of the files in the folder."""


def parser() -> OneLineParser:
    """Return the parser of `soundglass separate`."""
    made = OneLineParser("separate", ABOUT, EXAMPLES)
    made.add_argument("file", metavar="FILE", help=SOUNDS)
    made.add_argument(
        "-o", "--output", metavar="DIR", type=expand_path, required=True,
        help="folder for the results",
    )
    made.add_argument("--json", action="store_true", help="print sources.json as well")
    add_settings(made, ("bundle", "window", "hop", "runtime", "threads", "sensitivity"))
    return made


def run(parsed: argparse.Namespace) -> int:
    """Write the sources; return the exit code."""
    settings = gather_settings(parsed)
    if save_if_asked(parsed, settings):
        return 0
    check_apart(places_read(parsed, settings), [Place(parsed.output, "--output", FILES)])
    from engine.bundle.load import load_bundle
    from live.files.taking_apart import take_apart
    from live.paths.write_whole import make_folder, write_whole
    from live.show.models import open_models
    from live.sounds.damage_report import report_damage
    from live.sounds.file import open_sound

    sound = open_sound(parsed.file, at_least_s=settings.window_s)
    folder = make_folder(parsed.output)
    bundle = load_bundle(settings.bundle)
    models = open_models(bundle, settings, steps=())
    entries, rest = take_apart(sound, folder, bundle, models, settings)
    models.close()
    report = {
        "schema": SCHEMA,
        "file": sound.name,
        "sample_rate_hz": sound.sample_rate_hz,
        "frames": sound.frames,
        "bundle": bundle.name,
        "sources": entries,
        "rest": rest,
    }
    text = json.dumps(report, indent=1)
    write_whole(folder / "sources.json", (text + "\n").encode("utf-8"))
    if parsed.json:
        say_json(text)
        return report_damage(sound.fault)
    for entry in entries:
        say(f"{folder / entry['file']}  {entry['label']} {entry['probability']:.0%}")
    say(f"{folder / 'sources.json'}  {len(entries)} source(s)")
    return report_damage(sound.fault)
