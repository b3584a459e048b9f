"""`soundglass separate`: write each source of a sound file to its own WAV."""

from __future__ import annotations

import argparse
import json

from engine.system.terminal import say, say_json
from live.commands.live import save_if_asked
from live.paths.apart import Place, check_apart
from live.paths.names import expand_path
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
SCHEMA, SLOTS_SCHEMA = 2, 1
"""Of sources.json: with what is left, and without a significance; of bundles that name slots."""
FILES = r"source-(?:\d+|rest)\.wav|sources\.json"
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
    import numpy as np

    from engine.bundle.load import load_bundle
    from engine.hearing.hearer import Hearer as SlotHearer
    from engine.hearing.unmixing import unmix
    from live.files.offline import resample_to_bundle
    from live.files.taking_apart import take_apart
    from live.files.timeline import spans
    from live.files.track_files import write_track
    from live.paths.write_whole import make_folder, write_whole
    from live.progress import sound_progress
    from live.show.models import open_models
    from live.sounds.damage_report import report_damage
    from live.sounds.file import open_sound

    sound = open_sound(parsed.file, at_least_s=settings.window_s)
    folder = make_folder(parsed.output)
    bundle = load_bundle(settings.bundle)
    models = open_models(bundle, settings, steps=())
    rest: dict[str, object] = {}
    if bundle.manifest.detects:
        entries, left = take_apart(sound, folder, bundle, models, settings)
        rest["rest"] = left
    else:
        hearer = SlotHearer(
            bundle, models, settings.window_s, settings.hop_s, bundle.manifest.sources,
            settings.sensitivity_db,
        )  # fmt: skip
        rate = hearer.sample_rate_hz
        samples = np.concatenate(list(resample_to_bundle(sound, rate)))
        with sound_progress("separating", sound.seconds) as bar:
            unmixed = unmix(hearer, samples, lambda done: bar.update(done / rate - bar.n))
        entries = [
            write_track(folder, unmixed, span, sound)
            for span in spans(unmixed.hearings, settings.hop_s)
            if span.track in unmixed.segments
        ]
    models.close()
    report = {
        "schema": SCHEMA if bundle.manifest.detects else SLOTS_SCHEMA,
        "file": sound.name,
        "sample_rate_hz": sound.sample_rate_hz,
        "frames": sound.frames,
        "bundle": bundle.name,
        "sources": entries,
        **rest,
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
