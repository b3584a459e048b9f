"""What the first bundle can name, and how people may say it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LABELS: tuple[str, ...] = (
    "rain", "thunder", "wind", "waves", "stream", "fire", "birds", "crow", "owl", "rooster", "dog",
    "cat", "cow", "sheep", "horse", "frog", "insects", "wolf", "train", "aircraft", "church bells",
    "speech", "music", "fireworks",
)  # fmt: skip
"""The 24 labels of the vocabulary, in the order of the bundle."""

PHRASINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rain": ("rainfall", "raindrops falling", "heavy rain", "drizzle", "rain shower"),
        "thunder": ("thunderclap", "rolling thunder", "thunderstorm", "lightning strike"),
        "wind": ("wind blowing", "gusts of wind", "howling wind", "breeze in the trees"),
        "waves": ("ocean waves", "surf on the beach", "waves breaking on the shore", "the sea"),
        "stream": ("brook", "flowing water", "babbling creek", "river", "water stream"),
        "fire": ("crackling fire", "campfire", "burning wood", "flames"),
        "birds": ("birdsong", "birds singing", "chirping bird", "tweeting", "dawn chorus"),
        "crow": ("crow cawing", "raven", "caws of a crow"),
        "owl": ("owl hooting", "hoot of an owl", "tawny owl"),
        "rooster": ("rooster crowing", "cockerel", "cock-a-doodle-doo"),
        "dog": ("dog barking", "barking", "a dog's bark", "puppy yelping"),
        "cat": ("cat meowing", "miaow", "kitten", "purring cat"),
        "cow": ("cow mooing", "moo", "cattle", "calf"),
        "sheep": ("sheep bleating", "lamb", "baa", "goat bleating"),
        "horse": ("horse neighing", "hooves", "galloping horse", "whinny", "clip-clop"),
        "frog": ("frog croaking", "frogs in a pond", "croaks", "toad"),
        "insects": ("crickets", "cicadas", "insects chirping", "grasshopper", "buzzing insects"),
        "wolf": ("wolf howling", "howl", "wolves", "howls of a pack"),
        "train": ("train passing", "railway", "steam train", "locomotive", "train on the tracks"),
        "aircraft": (
            "airplane",
            "plane flying over",
            "jet engine",
            "propeller plane",
            "helicopter",
        ),
        "church bells": ("church bell", "bells ringing", "bell tolling", "chimes"),
        "speech": ("person talking", "voice", "people speaking", "conversation", "human speech"),
        "music": ("musical instruments", "song", "melody", "band playing", "piano music"),
        "fireworks": ("firework display", "rockets bursting", "firecrackers", "pyrotechnics"),
    }
)
"""Other ways to say each label."""

TEMPLATES: tuple[str, ...] = ("{}", "the sound of {}", "{} in the distance", "a recording of {}")
"""Sentences that a phrase is put into while training."""

KIN: Mapping[str, str] = MappingProxyType(
    {
        "piano": "music", "singing": "music", "crowd": "speech", "children": "speech",
        "laughter": "speech", "seagull": "birds", "pigeon": "birds", "parrot": "birds",
        "woodpecker": "birds", "helicopter": "aircraft", "waterfall": "stream", "leaves": "wind",
    }
)  # fmt: skip
"""Labels of recordings outside the vocabulary that a person would still call by a word of it."""


def texts_of(label: str) -> list[str]:
    """Every sentence that means `label`; a label outside the vocabulary has its own name only."""
    phrases = (label, *PHRASINGS.get(label, ()))
    return [template.format(phrase) for phrase in phrases for template in TEMPLATES]
