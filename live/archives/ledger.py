"""Which recordings there are and which are described, in a table on the disk instead of in memory.

SQLite's own file of a moment: it has no name, and is gone with the process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from live.archives.lines import Line, Recording
from live.errors import UserError

_TABLES = """
CREATE TABLE there (name BLOB PRIMARY KEY, bytes INTEGER, modified INTEGER) WITHOUT ROWID;
CREATE TABLE told (
    name BLOB PRIMARY KEY, bytes INTEGER, modified INTEGER, at INTEGER, length INTEGER,
    error INTEGER, damaged INTEGER
) WITHOUT ROWID;
CREATE TABLE folders (id INTEGER PRIMARY KEY, name BLOB, identity TEXT UNIQUE);
CREATE TABLE links (name BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_SAME = "k.name = t.name AND k.bytes = t.bytes AND k.modified = t.modified"
_AT_ONCE = 1000
"""Rows that are in memory at a time."""


class Ledger:
    """Both tables, and the folders that are still to be looked through."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def add_recordings(self, found: Iterable[Recording]) -> None:
        """Note files that are there."""
        rows = ((each.name, each.bytes, each.modified_ns) for each in found)
        self._db.executemany("INSERT OR IGNORE INTO there VALUES (?, ?, ?)", rows)

    def add_line(self, line: Line, at: int, length: int) -> None:
        """Note a line and where in the output it stands; a later one takes an earlier's place."""
        it = line.recording
        flags = (line.error is not None, line.damaged is not None)
        row = (it.name, it.bytes, it.modified_ns, at, length, *flags)
        self._db.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def missing(self) -> Iterator[Recording]:
        """Yield what is there and not told as it is, by name; lines may be added meanwhile."""
        last = b""
        while rows := self._db.execute(
            f"SELECT t.* FROM there t LEFT JOIN told k ON {_SAME}"
            " WHERE k.name IS NULL AND t.name > ? ORDER BY t.name LIMIT ?", (last, _AT_ONCE),
        ).fetchall():  # fmt: skip
            yield from (Recording(*row) for row in rows)
            last = rows[-1][0]

    def lines_in_order(self) -> Iterator[tuple[int, int]]:
        """Yield (at, length) of every line, by name."""
        yield from self._db.execute("SELECT at, length FROM told ORDER BY name")

    def count(self, what: str) -> int:
        """How many there are of `there`, `told`, `missing`, `error`, `damaged` or `gone`."""
        asked = {
            "missing": f"there t LEFT JOIN told k ON {_SAME} WHERE k.name IS NULL",
            "error": "told WHERE error",
            "damaged": "told WHERE damaged",
            "gone": "told k LEFT JOIN there t ON k.name = t.name WHERE t.name IS NULL",
        }.get(what, what)
        (number,) = self._db.execute(f"SELECT count(*) FROM {asked}").fetchone()
        return int(number)

    def add_folder(self, name: bytes, identity: str) -> None:
        """Note a folder to be looked through, unless it was by another name already."""
        row = (name, identity)
        self._db.execute("INSERT OR IGNORE INTO folders (name, identity) VALUES (?, ?)", row)

    def add_link(self, name: bytes) -> None:
        """Note a link to a folder, to be followed when all real ones were looked through."""
        self._db.execute("INSERT OR IGNORE INTO links VALUES (?)", (name,))

    def next_folder(self, after: int) -> tuple[int, bytes] | None:
        """Return the number and name of the folder that was noted next."""
        return self._db.execute(
            "SELECT id, name FROM folders WHERE id > ? ORDER BY id LIMIT 1", (after,)
        ).fetchone()

    def next_link(self) -> bytes | None:
        """Take the first link by name."""
        row = self._db.execute("SELECT name FROM links ORDER BY name LIMIT 1").fetchone()
        if row:
            self._db.execute("DELETE FROM links WHERE name = ?", row)
        return row and row[0]


@contextmanager
def open_ledger() -> Iterator[Ledger]:
    """Yield an empty ledger.

    Raises:
        UserError: there is no room for it on the disk of temporary files.
    """
    ledger: Ledger | None = None
    try:
        ledger = Ledger()
        yield ledger
    except sqlite3.OperationalError as error:
        raise UserError(
            f"there is no room for the list of recordings ({error}): make room on the disk of "
            "temporary files, or name another folder in TMPDIR."
        ) from error
    finally:
        if ledger is not None:
            ledger.close()
