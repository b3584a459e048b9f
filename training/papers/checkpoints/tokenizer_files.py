"""Tokenizers in the files that public ones come in, knowing single letters alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path


def write_clip_tokenizer(folder: Path, length: int = 77) -> None:
    """CLIP's tokenizer in its own two files, knowing single letters alone."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = _byte_letters()
    words = [*letters, *(f"{x}</w>" for x in letters), "<|startoftext|>", "<|endoftext|>"]
    _write_words(folder, words)
    special = {
        "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>", "pad_token": "<|endoftext|>",
    }  # fmt: skip
    told = {"tokenizer_class": "CLIPTokenizer", "model_max_length": length, **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    (folder / "special_tokens_map.json").write_text(json.dumps(special))


def _write_words(folder: Path, words: Sequence[str]) -> None:
    (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")


def _byte_letters() -> list[str]:
    """The 256 letters that byte-level tokenizers write bytes with (GPT-2's table)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in plain]
    return [chr(b) for b in plain] + [chr(256 + i) for i in range(len(rest))]


def write_roberta_tokenizer(folder: Path, length: int = 77) -> None:
    """RoBERTa's tokenizer, which CLAP has, in its own two files, knowing single letters alone."""
    folder.mkdir(parents=True, exist_ok=True)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    _write_words(folder, [*special, *_byte_letters(), "<mask>"])
    told = {"tokenizer_class": "RobertaTokenizer", "model_max_length": length}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
