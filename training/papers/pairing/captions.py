"""What a picture shows, out of any captioner's file, without the pictures that show signs."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from training.loop.plain_errors import InputError
from training.papers.datasets.layouts.tables import named_rows
from training.retrieval.pairs import things_of

SIGNS = ("logo", "icon", "emblem", "symbol", "trademark", "sign")
"""The paper's: a drawing of a bell rings no more than the word does."""
_SIGNS = re.compile(rf"\b(?:{'|'.join(SIGNS)})s?\b", re.IGNORECASE)
_KEYS = ("key", "file", "image", "id")
_TEXTS = ("text", "caption", "concepts")


def read_captions(path: Path) -> dict[str, tuple[str, ...]]:
    """Captions by the key of their picture, which a file's suffix may follow.

    A CSV with a heading, or JSON lines; what names the picture is called key, file, image or id,
    and what is said of it text, caption or concepts (in JSON a list of them too).

    Raises:
        InputError: it is neither.
    """
    told: defaultdict[str, list[str]] = defaultdict(list)
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
            lines = path.read_text("utf-8-sig").splitlines()
            rows = [json.loads(line) for line in lines if line.strip()]
        else:
            rows = [row for _, row in named_rows(path)]
        for row in rows:
            key = next(str(row[name]) for name in _KEYS if name in row)
            text = next(row[name] for name in _TEXTS if name in row)
            told[key] += [text] if isinstance(text, str) else [", ".join(text)]
    except (ValueError, TypeError, StopIteration, UnicodeError) as error:
        raise InputError(
            f"{path} holds no captions: give CSV with the columns key,text, or JSON lines with them"
        ) from error
    return {key: tuple(texts) for key, texts in told.items()}


def captions_of(key: str, told: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A picture's captions; the captioner may have named it by its file."""
    for suffix in ("", ".jpg", ".jpeg", ".png"):
        if key + suffix in told:
            return told[key + suffix]
    return ()


def shows_signs(captions: Sequence[str]) -> bool:
    """Whether any of the captions has one of the words."""
    return any(_SIGNS.search(caption) for caption in captions)


def concepts(captions: Sequence[str]) -> list[str]:
    """The things that captions name, each once, in small letters."""
    return list(dict.fromkeys(thing for caption in captions for thing in things_of(caption)))
