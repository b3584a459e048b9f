"""`soundglass describe`: say what is heard when in a sound file."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from engine.system.terminal import say, say_json
from live.commands.live import save_if_asked
from live.errors import UserError
from live.paths.apart import Place, check_apart
from live.paths.input_path import is_folder
from live.paths.names import expand_path
from live.settings.options import SOUNDS, OneLineParser, add_settings, gather_settings
from live.settings.places import places_read

if TYPE_CHECKING:
    from live.settings.model import Settings

ABOUT = """\
Say what is heard when in a sound file (or in `demo`, the built-in soundscape).

Of a folder, with all that is below it, every recording is described: a JSON line for each goes into
the file of --output, in the order of their names. It works on all cores, a process of one thread
each (--threads N: so many), or with --ray on those of a cluster. Ended at any moment, it goes on
where it was when the same command is given again; recordings that are new or have changed by then
are described, too. One that cannot be read has a line that says why (exit code 3).
docs/archives.md explains the lines."""
EXAMPLES = """
soundglass describe rain.flac
soundglass describe demo --json | head
arecord -f cd -d 60 | soundglass describe -
soundglass describe recordings/ -o recordings.jsonl
soundglass describe /shared/recordings -o recordings.jsonl --ray head:6379
"""


def parser() -> OneLineParser:
    """Return the parser of `soundglass describe`."""
    made = OneLineParser("describe", ABOUT, EXAMPLES)
    made.add_argument("file", metavar="FILE|FOLDER", help=f"{SOUNDS}; or a folder of recordings")
    made.add_argument(
        "--json", action="store_true",
        help="print one JSON line per hop, as live --events does; of a folder, the counts",
    )
    made.add_argument(
        "-o", "--output", metavar="OUT.jsonl", type=expand_path,
        help="of a folder: the file for the lines, begun or gone on with",
    )
    made.add_argument(
        "--ray", metavar="ADDRESS",
        help="of a folder: hear on a Ray cluster (HOST:PORT, ray://HOST:PORT or auto), every "
        "machine of which sees the folder by the same name and has soundglass; "
        "pip install -c constraints.txt -e '.[cluster]'",
    )
    add_settings(made, ("bundle", "window", "hop", "runtime", "threads", "sensitivity"))
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the timeline, or the event lines, or describe a folder; return the exit code."""
    settings = gather_settings(parsed)
    if save_if_asked(parsed, settings):
        return 0
    if is_folder(parsed.file):
        return _describe_folder(parsed, settings)
    for option, given in (("--output", parsed.output), ("--ray", parsed.ray)):
        if given is not None:
            raise UserError(f"{option} is for folders of recordings, and {parsed.file} is none.")
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


def _describe_folder(parsed: argparse.Namespace, settings: Settings) -> int:
    if parsed.output is None:
        raise UserError(f"{parsed.file} is a folder: name a file for its lines, -o OUT.jsonl.")
    if parsed.output.suffix.lower() != ".jsonl":
        raise UserError(f"--output is {parsed.output}, but must end in .jsonl.")
    check_apart(places_read(parsed, settings), [Place(parsed.output, "--output")])
    if parsed.ray is not None:
        import_module("ray")  # what is missing is said before any work
    from live.archives.describing import describe_folder
    from live.sounds.damage_report import PART_READ

    done = describe_folder(expand_path(parsed.file), parsed.output, settings, parsed.ray)
    say_json(done.as_json()) if parsed.json else say(done.told)
    return PART_READ if done.errors or done.damaged else 0
