"""The phrases that a zero-shot bundle tells sounds by: AudioSet's class names, or a person's own.

A file of labels is plain text with one phrase a line; empty lines and lines that begin with # are
passed over.
"""

from __future__ import annotations

from pathlib import Path

from engine.system.plain_file import read_plain
from export.checkpoints.error import CheckpointError

AUDIOSET = Path(__file__).with_name("labels_audioset.txt")
MOST = 2000
"""Phrases; each takes a row of text states in the generator, 158 kB in half precision for
SD-Turbo and for each style."""
LONGEST = 120
"""Characters: a text tower reads 77 tokens, template and all."""


def read_labels(path: Path = AUDIOSET) -> tuple[str, ...]:
    """The phrases in a file. Raises CheckpointError where there are none, too many or doubles."""
    try:
        lines = read_plain(path, 1 << 20).decode("utf-8-sig").splitlines()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CheckpointError(f"{path} is no text in UTF-8; give one phrase a line") from error
    phrases = tuple(
        text for line in lines if (text := " ".join(line.split())) and not text.startswith("#")
    )
    if not phrases:
        raise CheckpointError(f"{path} holds no phrase; give one a line, such as: rain on a roof")
    if len(phrases) > MOST:
        raise CheckpointError(
            f"{path} holds {len(phrases)} phrases, at most {MOST} are taken; "
            "keep those that matter where you listen"
        )
    seen: dict[str, str] = {}
    for phrase in phrases:
        if len(phrase) > LONGEST:
            raise CheckpointError(
                f'{path} holds a phrase of {len(phrase)} characters ("{phrase[:30]}..."), '
                f"at most {LONGEST} are taken; shorten it"
            )
        if phrase.lower() in seen:
            raise CheckpointError(f'{path} holds "{phrase}" twice; take one of them out')
        seen[phrase.lower()] = phrase
    return phrases
