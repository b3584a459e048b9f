"""From a folder of recordings to a file with a line for each of them."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.bundle.load import load_bundle
from engine.system.cores import usable_processors
from live.archives.ear import How, how_to_hear
from live.archives.ledger import Ledger, open_ledger
from live.archives.lines import SCHEMA, Recording, read_line
from live.archives.listing import Looked, look_through
from live.archives.output import Output, open_output
from live.archives.processes import Heard, hear_on_cores
from live.errors import UserError
from live.progress import count_progress
from live.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Described:
    """What became of a folder."""

    output: Path
    recordings: int
    """Lines in the output."""
    now: int
    """Of these, written by this run."""
    errors: int
    """Lines of recordings that cannot be read."""
    damaged: int
    """Of such that can in part."""
    gone: int
    """Of such that are there no longer."""
    looked: Looked

    @property
    def told(self) -> str:
        """What became of it, in words."""
        lines = [f"{self.output}: recordings {self.recordings:,}, described now {self.now:,}"]
        for count, what in (
            (self.errors, "cannot be read (the line has an error)"),
            (self.damaged, "damaged (the line says where)"),
            (self.gone, "there no longer (the line stays)"),
            (self.looked.others, "passed over for their endings"),
            (self.looked.shut, f"folders shut to you ({self.looked.first_shut})"),
        ):
            if count:
                lines.append(f"  {what}: {count:,}")
        return "\n".join(lines)

    def as_json(self) -> str:
        """The same for programs."""
        return json.dumps(
            {
                "schema": SCHEMA,
                "output": str(self.output),
                "recordings": self.recordings,
                "described_now": self.now,
                "errors": self.errors,
                "damaged": self.damaged,
                "gone": self.gone,
                "other_files": self.looked.others,
                "shut_folders": self.looked.shut,
            }
        )


def describe_folder(folder: Path, output: Path, settings: Settings, ray: str | None) -> Described:
    """Describe what is not described yet, and put the lines in order.

    Killed at any moment it leaves whole lines, and goes on from there when it is called again.

    Args:
        folder: of the recordings.
        output: for the lines; there already, if this goes on.
        settings: `threads` is the number of processes, 0 for one a core.
        ray: the address of a cluster to hear on instead of this machine.

    Raises:
        UserError: there is nothing to describe, the output is something else or heard in another
            way, the disk is full, or what hears cannot be opened.
    """
    how = how_to_hear(settings, load_bundle(settings.bundle))
    path = os.fsencode(os.path.abspath(folder))
    with open_output(output) as file, open_ledger() as ledger:
        _read_told(file, ledger, how)
        with count_progress("looking through the folder", "recordings") as bar:
            looked = look_through(path, ledger, bar.update)
        if not ledger.count("there"):
            raise UserError(
                f"{folder} holds no recordings (.wav, .flac, .mp3, ...): name the folder that does."
            )
        if (told := ledger.count("told")) and ledger.count("gone") == told:
            raise UserError(
                f"none of the recordings in {output} is in {folder}: name the folder that it is "
                "of, or another --output."
            )
        now = 0
        total, missing = ledger.count("there"), ledger.count("missing")
        hearing = _hear(ledger.missing(), path, how, missing, ray)
        bar = count_progress("describing", "recordings", total, total - missing)
        with bar, closing(hearing):
            for recording, line in hearing:
                if line is not None:
                    new = read_line(line)
                    assert new is not None
                    assert new.recording == recording
                    ledger.add_line(new, file.append(line), len(line))
                    now += 1
                bar.update()
        if not _is_in_order(file, ledger):
            file.put_in_order(ledger.lines_in_order())
        return Described(
            output, ledger.count("told"), now, ledger.count("error"), ledger.count("damaged"),
            ledger.count("gone"), looked,
        )  # fmt: skip


def _hear(
    recordings: Iterator[Recording], folder: bytes, how: How, count: int, ray: str | None
) -> Generator[Heard, None, None]:
    if not count:
        return
    if ray is not None:
        from live.archives.cluster import hear_on_cluster

        yield from hear_on_cluster(recordings, folder, how, ray)
    else:
        processes = how.settings.threads or usable_processors()
        yield from hear_on_cores(recordings, folder, how, processes)


def _read_told(file: Output, ledger: Ledger, how: How) -> None:
    for line, at, length in file.read():
        if line.by != how.by:
            raise UserError(
                f"{file.path} was heard by {line.by}, and with these settings it is {how.by}: give "
                "the bundle and settings of then, or name another --output."
            )
        ledger.add_line(line, at, length)


def _is_in_order(file: Output, ledger: Ledger) -> bool:
    end = 0
    for at, length in ledger.lines_in_order():
        if at != end:
            return False
        end += length
    return end == file.end
