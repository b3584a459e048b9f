"""What is printed for people acts on no terminal, and a stream that ends is no traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.system.terminal import harmless, print_error, say, say_json

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
NAMES = st.binary(max_size=40).map(os.fsdecode)
"""Names as a disk holds them: bytes, of any kind."""


def acts(letter: str) -> bool:
    turns = unicodedata.bidirectional(letter) in {
        *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
    }
    return turns or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")


@settings(deadline=None)
@given(ANY_TEXT | NAMES)
def test_nothing_in_a_line_acts(text: str) -> None:
    line = harmless(text)
    assert not [letter for letter in line if acts(letter)]
    line.encode("utf-8")
    assert harmless(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rain.wav", "rain.wav"),
        ("Vögel 🐦 雨.wav", "Vögel 🐦 雨.wav"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("a\x9b31mb\x7f", "a\\x9b31mb\\x7f"),
        ("gpj.\u202efdp", "gpj.\\u202efdp"),
        (os.fsdecode(b"na\xff\xfeme"), "na\\xff\\xfeme"),
    ],
)
def test_what_acts_is_shown_as_its_escape(text: str, line: str) -> None:
    assert harmless(text) == line


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
@settings(deadline=None)
@given(name=ANY_TEXT | NAMES)
def test_json_stays_json_in_every_encoding(encoding: str, name: str) -> None:
    for escaped in (True, False):
        told = json.dumps({"file": name}, ensure_ascii=escaped, indent=1)
        printed = printed_in(encoding, told, as_json=True)
        assert json.loads(printed) == {"file": name}
        assert not [letter for letter in printed.replace("\n", "") if acts(letter)]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
@settings(deadline=None)
@given(name=ANY_TEXT | NAMES)
def test_a_line_is_printed_in_every_encoding(encoding: str, name: str) -> None:
    printed = printed_in(encoding, name.replace("\n", " "), as_json=False)
    assert printed.count("\n") == 1
    assert not [letter for letter in printed[:-1] if acts(letter)]


def printed_in(encoding: str, text: str, as_json: bool) -> str:
    """What a standard output of this encoding is given."""
    taken = io.BytesIO()
    stream = io.TextIOWrapper(taken, encoding=encoding)
    before, sys.stdout = sys.stdout, stream
    try:
        (say_json if as_json else say)(text)
        stream.flush()
    finally:
        sys.stdout = before
    return taken.getvalue().decode(encoding)


def test_a_table_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    say("one\ntw\x1bo\n\nthree")
    assert capsys.readouterr().out == "one\ntw\\x1bo\n\nthree\n"


def test_a_complaint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("soundglass", "there is no a\nb\x1b[2J.wav\n")
    assert capsys.readouterr().err == "soundglass: there is no a\\nb\\x1b[2J.wav\n"


_PROGRAM = """
import sys
from engine.system.terminal import print_error, say, deliver_output
try:
    with deliver_output():
        open(sys.argv[1], "w").close()
        print_error("here", "a line")
        say("printed")
except OSError as error:
    sys.exit(f"{error.filename}: {error.strerror}")
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ("2>&-", 0), ("2>/dev/full", 0), ("<&-", 0), ("<&- 2>&-", 0), (">&-", 1),
        (">/dev/full", 1), (">&- 2>&-", 1), (">/dev/full 2>/dev/full", 1), ("<&- >&- 2>&-", 1),
    ],
)  # fmt: skip
def test_streams_that_are_closed_or_full(tmp_path: Path, streams: str, code: int) -> None:
    """None of them changes the exit code, but that of what was to be printed."""
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-c", _PROGRAM,
         str(tmp_path / "file")],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if code and "2>" not in streams:
        assert done.stderr.splitlines()[-1].startswith("standard output: ")
    if (tmp_path / "file").exists():
        assert (tmp_path / "file").read_bytes() == b""  # no stream took the file's place
