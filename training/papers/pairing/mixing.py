"""What a picture sounds like: the sounds of all that it shows, each at its loudness, together."""

from __future__ import annotations

import io

import soundfile

from training.loop.plain_errors import InputError
from training.papers.datasets.broken import Broken
from training.papers.datasets.sample import Picture, Sample
from training.papers.pairing.voices import RATE, Pair
from training.retrieval.mix import mix


def mixed(pair: Pair) -> Sample:
    """The sample of a pair. Raises Broken where its sounds or pictures cannot be read."""
    try:
        sounds = [voice.piece.samples() for voice in pair.voices]
        pictures = [part.read() for part in pair.shown.pictures]
    except (OSError, InputError, soundfile.SoundFileError) as error:
        raise Broken(f"its shard cannot be read ({error})") from error
    total = mix(sounds, [voice.lufs for voice in pair.voices], RATE)
    if not total.any():
        raise Broken("all its sounds are silent")
    file = io.BytesIO()
    soundfile.write(file, total, RATE, format="FLAC")
    return Sample(
        pair.key, file.getvalue(),
        tuple(Picture(*both) for both in zip(pair.shown.times, pictures, strict=True)),
        tuple(voice.concept for voice in pair.voices), pair.captions, pair.split,
    )  # fmt: skip
