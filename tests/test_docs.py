"""What a reader of README.md and docs/ relies on: links lead somewhere, commands are as written.

Commands stand in blocks indented by four spaces, where `#` begins a remark, and in `code`.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from live import cli
from live.settings.options import gather_settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
MOST_LINES = 200
"""Of the README: a stranger reads no more."""
MOST_BYTES = 250_000
"""Of a picture."""

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"(?<!`)`([^`\n]+)`")
PATHS = re.compile(r"(?:engine|live|training|export|tests|scripts|docs)/[\w./-]*")
NOT_OURS = ("pytest", "timeit", "pip")
"""Modules that are run but are not of this project."""


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def without_code(page: Path) -> Iterator[str]:
    """Yield the lines of a page that are no block of code."""
    for line in page.read_text("utf-8").splitlines():
        if not line.startswith("    "):
            yield line


def slug(heading: str) -> str:
    """Return what a heading is linked by."""
    text = LINK.sub("", heading).lower().replace(" ", "-")
    return re.sub(r"[^\w-]", "", text)


def headings(page: Path) -> set[str]:
    return {slug(line.lstrip("#").strip()) for line in without_code(page) if line.startswith("#")}


def blocks(page: Path) -> Iterator[str]:
    """Yield the commands of the indented blocks, each whole, without its remark."""
    waiting = ""
    for line in page.read_text("utf-8").splitlines():
        if not line.startswith("    ") and not waiting:
            continue
        waiting += line.strip()
        if waiting.endswith("\\"):
            waiting = waiting[:-1]
            continue
        yield from waiting.split(" | ")
        waiting = ""


def inline(page: Path) -> Iterator[str]:
    """Yield what stands in `code`; one may go over the end of a line."""
    paragraphs = "\n".join(without_code(page)).replace("\n\n", "\0").replace("\n", " ")
    for text in paragraphs.split("\0"):
        yield from CODE.findall(text)


def words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:  # no command: an apostrophe in an example of output
        return []


def commands(page: Path) -> Iterator[tuple[list[str], bool]]:
    """Yield the words of each `soundglass ...` and `python -m ...`, and whether it is whole."""
    for text, whole in ((blocks(page), True), (inline(page), False)):
        for command in text:
            said = words(command)
            while said and re.fullmatch(r"[A-Z_]+=\S*|mkdir|strace|-f|-e|trace=network", said[0]):
                said = said[1:]
            program = said[:1] == ["soundglass"] and len(said) > 1
            if program or (said[:2] == ["python", "-m"] and said[2] not in NOT_OURS):
                yield said, whole


@cache
def help_of(module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"],
        capture_output=True, text=True, cwd=ROOT, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, f"python -m {module} --help: {done.stderr}"
    return done.stdout


def options(said: list[str]) -> list[str]:
    return [word.partition("=")[0] for word in said if re.match(r"--?[a-z]", word)]


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= MOST_LINES


def test_the_readme_leads_to_every_page() -> None:
    found = set(LINK.findall((ROOT / "README.md").read_text("utf-8")))
    for page in PAGES[1:]:
        assert name_of(page) in found, f"no link from the README to {name_of(page)}"


def test_the_readme_names_every_key() -> None:
    pytest.importorskip("PyQt6.QtCore")
    from live.window.controls.keys import key_rows

    text = (ROOT / "README.md").read_text("utf-8")
    cells = {cell.strip() for line in text.splitlines() for cell in line.split("|")}
    keys = {key for cell in cells for key in (cell, *cell.split(", "))}
    for written, meaning in key_rows():
        assert written in keys or {*written.split(", ")} <= keys, f"{written} ({meaning})"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall("\n".join(without_code(page))):
        if "://" in target:
            continue
        file, _, heading = target.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), f"{name_of(page)}: {target} is not there"
        if heading:
            assert heading in headings(there), f"{name_of(page)}: no heading for {target}"


def test_every_picture_is_shown_and_none_is_large() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in PAGES
        for target in LINK.findall(page.read_text("utf-8"))
    }
    for picture in (ROOT / "docs").glob("*.jpg"):
        assert picture in shown, f"nobody shows {name_of(picture)}"
        assert picture.stat().st_size < MOST_BYTES, name_of(picture)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_named_is_there(page: Path) -> None:
    for text in (*blocks(page), *inline(page)):
        for word in words(text):
            if PATHS.fullmatch(word) and not word.endswith(".jpg"):
                assert (ROOT / word).exists(), f"{name_of(page)} names {word}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_is_as_written(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for said, whole in commands(page):
        where = f"{name_of(page)}: {' '.join(said)}"
        if said[:2] == ["soundglass", "export"] and said[2] in ("turbo", "paper"):
            said = ["python", "-m", f"export.{said[2]}", *said[3:]]
        if said[0] == "python":
            text = help_of(said[2])
            for option in options(said[3:]):
                assert re.search(rf"(?<![\w-]){option}(?![\w-])", text), f"{where}: no {option}"
        elif said[1] not in ("COMMAND", "--help"):
            assert said[1] in cli.COMMANDS, f"{where}: no such command"
            parser = import_module(f"live.commands.{said[1]}").parser()
            known = parser._option_string_actions
            for option in options(said[2:]):
                assert option in known, f"{where}: no {option}"
            if whole and "--help" not in said:
                parsed = parser.parse(said[2:])
                if hasattr(parsed, "settings"):
                    parsed.settings = parsed.profile = None  # no files of whoever runs the test
                    gather_settings(parsed)  # raises UserError where a value is not allowed


def test_make_knows_every_target_named() -> None:
    rules = (ROOT / "Makefile").read_text("utf-8")
    for page in PAGES:
        for text in (*blocks(page), *inline(page)):
            said = words(text)
            if said[:1] == ["make"] and len(said) > 1:
                assert re.search(rf"^{said[1]}:", rules, re.M), f"{name_of(page)}: {text}"


def test_every_room_has_its_line() -> None:
    text = (ROOT / "docs" / "how-it-works.md").read_text("utf-8")
    for package in ("engine", "live", "training", "export"):
        for room in (ROOT / package).iterdir():
            if (room / "__init__.py").is_file():
                assert f"| `{name_of(room)}/` |" in text, f"{name_of(room)} has no line there"
