"""`soundglass separate`: write each source of a sound file to its own WAV."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from live.commands.live import saved
from live.options import OneLineParser, add_settings, gather_settings

ABOUT = """\
Write each source of a sound file to its own WAV, source-<track>.wav, as long as the file and
aligned with it sample for sample, and sources.json, which says what they are."""
EXAMPLES = """
soundglass separate rain.flac -o sources
soundglass separate demo -o sources --json
"""
SCHEMA = 1


def parser() -> OneLineParser:
    """Return the parser of `soundglass separate`."""
    made = OneLineParser("separate", ABOUT, EXAMPLES)
    made.add_argument("file", metavar="FILE", help="WAV, FLAC, OGG or MP3, or demo")
    made.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="folder for the results"
    )
    made.add_argument("--json", action="store_true", help="print sources.json as well")
    add_settings(made, ("bundle", "window", "hop", "runtime", "sensitivity"))
    return made


def run(parsed: argparse.Namespace) -> int:
    """Write the sources; return the exit code."""
    settings = gather_settings(parsed)
    if saved(parsed, settings):
        return 0
    import soundfile

    from engine.bundle import load_bundle
    from engine.hearing import Hearer
    from live.offline import hear_to_the_end
    from live.progress import sound_progress
    from live.sound_file import open_sound
    from live.timeline import spans
    from live.track_sounds import TrackSounds
    from live.write_whole import make_folder, whole_file, write_whole

    sound = open_sound(parsed.file, at_least_s=settings.window_s)
    folder = make_folder(parsed.output)
    bundle = load_bundle(settings.bundle)
    models = bundle.models(settings.runtime)
    hearer = Hearer(
        bundle,
        models,
        settings.window_s,
        settings.hop_s,
        sensitivity_db=settings.sensitivity_db,
    )
    sounds = TrackSounds(hearer)
    heard = []
    with sound_progress("separating", sound.seconds) as bar:
        for hearing in hear_to_the_end(sound, hearer):
            sounds.add(hearing)
            heard.append(hearing)
            bar.update(settings.hop_s)
    models.close()
    found = {span.track: span for span in spans(heard, settings.hop_s)}
    entries: list[dict[str, Any]] = []
    for track in (track for track in sounds.tracks if track in found):
        span = found[track]
        name = f"source-{track}.wav"
        samples = sounds.sound_of(track, sound.sample_rate_hz, sound.frames)
        with whole_file(folder / name) as temporary:
            soundfile.write(temporary, samples, sound.sample_rate_hz, subtype="FLOAT")
        entries.append(
            {
                "track": track,
                "file": name,
                "label": span.label,
                "probability": round(span.probability, 4),
                "start_s": round(span.start_s, 3),
                "end_s": round(min(span.end_s, sound.seconds), 3),
                "lufs": round(span.loudness_lufs, 2),
                "significance": round(span.significance, 4),
            }
        )
    report = {
        "schema": SCHEMA,
        "file": sound.name,
        "sample_rate_hz": sound.sample_rate_hz,
        "frames": sound.frames,
        "bundle": bundle.name,
        "sources": entries,
    }
    text = json.dumps(report, indent=1)
    write_whole(folder / "sources.json", (text + "\n").encode("utf-8"))
    if parsed.json:
        print(text)
        return 0
    for entry in entries:
        print(f"{folder / entry['file']}  {entry['label']} {entry['probability']:.0%}")
    print(f"{folder / 'sources.json'}  {len(entries)} source(s)")
    return 0
