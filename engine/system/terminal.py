"""What reaches a person's terminal: lines in which nothing can act on it, and streams that may end.

A name on a disk may hold escape codes, line breaks, letters that turn the writing round, or bytes
that are no text. Everything printed for people goes through `say` or `print_error`; JSON, which
other programs read, through `say_json`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterator
from typing import TextIO

STANDARD_OUTPUT = "standard output"
"""What an OSError names as its file when standard output takes no more."""

_ACTS = (
    "\x00-\x1f\x7f-\x9f"  # control characters, escape among them
    "\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # unseen, or turn writing round
    "\u2028\u2029"  # further line breaks
    "\ud800-\udfff"  # bytes of a name that are no UTF-8, as Python keeps them
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # unseen notes
)
_ACTING = re.compile(f"[{_ACTS}]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def harmless(text: str) -> str:
    """Return text as one line in which each character that acts is shown as its escape instead.

    A byte that is no UTF-8 is shown as `\\xff`, a line break as `\\n`. Doing it twice is doing it
    once.
    """
    return _ACTING.sub(lambda found: _escaped(found.group()), text)


def _escaped(letter: str) -> str:
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:  # a byte, as in the names of files
        code -= 0xDC00
    if letter in _NAMED:
        return _NAMED[letter]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def say(text: str = "", *, flush: bool = False) -> None:
    """Print the lines of text on standard output, each harmless.

    Raises:
        OSError: standard output takes no more; its file name is STANDARD_OUTPUT.
        BrokenPipeError: whoever read it has gone.
    """
    _print("\n".join(harmless(line) for line in text.split("\n")), flush)


def say_json(text: str) -> None:
    """Print JSON on standard output, which it stays; raises like `say`.

    What acts on a terminal is written as JSON's own escape, and so is every letter that the
    terminal's encoding lacks.
    """
    encoding = (sys.stdout.encoding or "utf-8") if sys.stdout is not None else "utf-8"
    text = "".join(
        letter if letter == "\n" or _is_plain(letter, encoding) else _json_escaped(letter)
        for letter in text
    )
    _print(text, False)


def _is_plain(letter: str, encoding: str) -> bool:
    if " " <= letter <= "~":
        return True
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return not _ACTING.fullmatch(letter)


def _json_escaped(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _print(text: str, flush: bool) -> None:
    out = sys.stdout
    if out is not None and out.encoding:
        text = text.encode(out.encoding, "backslashreplace").decode(out.encoding)
    with _named():
        print(text, flush=flush)


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Give a fault of standard output the name of its file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), STANDARD_OUTPUT) from error


def print_error(who: str, line: str) -> None:
    """Print `who: line` on standard error, harmless and in one line; never fails for that.

    Without a `who` the line stands alone.
    """
    if sys.stderr is None:
        return
    encoding = sys.stderr.encoding or "utf-8"
    text = harmless(f"{who}: {line.strip()}" if who else line.strip())
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:  # there is nobody to tell
        _let_go(sys.stderr)


@contextlib.contextmanager
def deliver_output() -> Iterator[None]:
    """Around a whole program: what it printed has been taken by standard output at the end.

    A program that is started with a standard stream closed would give its number to the first file
    that it opens, and what a library prints would go into that file; so the numbers are held.

    Raises:
        OSError: standard output is closed, or takes no more; its file name is STANDARD_OUTPUT.
        BrokenPipeError: whoever read it has gone.
    """
    if _hold_streams():
        raise OSError(errno.EBADF, "it is closed", STANDARD_OUTPUT)
    try:
        yield
    except SystemExit:  # help was printed
        _finish_output()
        raise
    except BaseException:
        with contextlib.suppress(OSError):  # the first fault is the one to tell
            _finish_output()
        raise
    _finish_output()


def _hold_streams() -> bool:
    """Give the number of each closed stream to nothing; return whether standard output was one."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    closed = sys.stdout is None
    if closed:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    return closed


def _finish_output() -> None:
    try:
        with _named():
            sys.stdout.flush()
    except OSError:
        _let_go(sys.stdout)
        raise


def _let_go(stream: TextIO) -> None:
    """Send what waits in a stream that takes no more, and all that follows, nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
