"""What the bundle can name, and how people may say it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LABELS: tuple[str, ...] = (
    "rain", "thunder", "wind", "waves", "stream", "waterfall", "water drops", "fire", "leaves",
    "birds", "crow", "owl", "seagull", "woodpecker", "parrot", "chicken", "rooster", "duck", "dog",
    "cat", "cow", "sheep", "horse", "pig", "frog", "insects", "bees", "wolf", "big cat", "bear",
    "elephant", "monkey", "whale", "train", "aircraft", "helicopter", "car engine", "traffic",
    "car horn", "boat", "church bells", "clock", "footsteps", "door", "speech", "crowd", "music",
    "fireworks",
)  # fmt: skip
"""The 48 labels of the vocabulary, in the order of the bundle."""

EVERYDAY = frozenset(
    {
        "rain", "wind", "leaves", "birds", "dog", "traffic", "train", "church bells", "footsteps",
        "speech", "crowd", "music",
    }
)  # fmt: skip
"""What most places sound of, often two of them at once."""

PHRASINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rain": (
            "rainfall", "raindrops falling", "heavy rain", "drizzle", "rain shower", "downpour",
        ),
        "thunder": (
            "thunderclap", "rolling thunder", "thunderstorm", "lightning strike",
            "rumble of a storm",
        ),
        "wind": ("wind blowing", "gusts of wind", "howling wind", "breeze", "gale", "storm wind"),
        "waves": (
            "ocean waves", "surf on the beach", "waves breaking on the shore", "the sea", "surf",
            "ocean",
        ),
        "stream": ("brook", "flowing water", "babbling creek", "river", "water stream", "creek"),
        "waterfall": (
            "rushing waterfall", "falling water", "cascade", "cataract", "rapids",
            "water crashing down",
        ),
        "water drops": (
            "dripping water", "drops falling", "dripping tap", "drip", "drops in a cave",
            "leaking tap",
        ),
        "fire": ("crackling fire", "campfire", "burning wood", "flames", "fireplace", "bonfire"),
        "leaves": (
            "rustling leaves", "leaves in the wind", "rustling trees", "foliage",
            "walking through leaves", "dry leaves",
        ),
        "birds": (
            "birdsong", "birds singing", "chirping bird", "tweeting", "dawn chorus", "songbird",
            "sparrow",
        ),
        "crow": ("crow cawing", "raven", "caws of a crow", "cawing", "rook"),
        "owl": ("owl hooting", "hoot of an owl", "tawny owl", "hooting", "horned owl"),
        "seagull": ("gull", "seagulls crying", "gulls at the harbour", "sea birds", "mewing gull"),
        "woodpecker": (
            "woodpecker drumming", "pecking on wood", "woodpecker knocking on a tree",
            "drumming on a trunk",
        ),
        "parrot": (
            "parrot squawking", "macaw", "cockatoo", "parakeet", "squawk of a parrot", "budgie",
        ),
        "chicken": ("hen clucking", "chickens", "clucking", "hen", "cackling hens", "turkey"),
        "rooster": ("rooster crowing", "cockerel", "cock-a-doodle-doo", "cock crowing", "crowing"),
        "duck": ("duck quacking", "quack", "ducks on a pond", "goose honking", "mallard", "geese"),
        "dog": ("dog barking", "barking", "a dog's bark", "puppy yelping", "hound", "woof"),
        "cat": ("cat meowing", "miaow", "kitten", "purring cat", "meow"),
        "cow": ("cow mooing", "moo", "cattle", "calf", "lowing cattle", "bull"),
        "sheep": ("sheep bleating", "lamb", "baa", "goat bleating", "goat", "flock of sheep"),
        "horse": ("horse neighing", "hooves", "galloping horse", "whinny", "clip-clop", "pony"),
        "pig": ("pig grunting", "oink", "pigs squealing", "piglet", "hog", "swine"),
        "frog": ("frog croaking", "frogs in a pond", "croaks", "toad", "ribbit"),
        "insects": (
            "crickets", "cicadas", "insects chirping", "grasshopper", "night insects", "katydid",
        ),
        "bees": (
            "bees buzzing", "swarm of bees", "bumblebee", "buzzing", "bee hive", "wasp",
            "fly buzzing",
        ),
        "wolf": ("wolf howling", "howl", "wolves", "howls of a pack", "coyote"),
        "big cat": (
            "lion roaring", "tiger", "leopard growling", "roar", "panther", "jaguar",
            "snarling lion",
        ),
        "bear": ("bear growling", "grizzly", "growling bear", "brown bear", "bear moaning"),
        "elephant": ("elephant trumpeting", "trumpeting", "elephants", "trumpet of an elephant"),
        "monkey": (
            "monkey screeching", "chimpanzee", "gorilla", "ape", "howler monkey",
            "monkeys in the jungle",
        ),
        "whale": (
            "whale song", "humpback whale", "whales singing", "whale call", "dolphin",
            "song under water",
        ),
        "train": (
            "train passing", "railway", "steam train", "locomotive", "train on the tracks",
            "train whistle",
        ),
        "aircraft": (
            "airplane", "plane flying over", "jet engine", "propeller plane", "aeroplane", "jet",
        ),
        "helicopter": (
            "chopper", "rotor blades", "helicopter flying over", "whirring rotor",
            "helicopter blades",
        ),
        "car engine": (
            "engine running", "motor", "car starting", "engine idling", "motorcycle", "car",
            "truck engine",
        ),
        "traffic": (
            "cars passing", "busy road", "street", "city traffic", "highway", "vehicles driving by",
        ),
        "car horn": ("honking", "horn", "car honking", "beeping car", "klaxon", "hooter"),
        "boat": (
            "ship", "motorboat", "foghorn", "ship's horn", "boat on the water", "ferry",
            "sailing boat",
        ),
        "church bells": (
            "church bell", "bells ringing", "bell tolling", "chimes", "bell tower", "carillon",
        ),
        "clock": (
            "ticking clock", "tick-tock", "clock ticking", "watch ticking", "pendulum clock",
            "wall clock",
        ),
        "footsteps": (
            "steps", "person walking", "walking", "footfalls", "running feet", "steps on gravel",
        ),
        "door": (
            "door closing", "creaking door", "knock on the door", "door slamming", "knocking",
            "squeaking hinge",
        ),
        "speech": (
            "person talking", "voice", "people speaking", "conversation", "human speech",
            "someone talking",
        ),
        "crowd": (
            "people in a crowd", "babble of voices", "busy restaurant", "audience",
            "children playing", "laughter", "cheering",
        ),
        "music": (
            "musical instruments", "song", "melody", "band playing", "piano music", "singing",
            "orchestra",
        ),
        "fireworks": (
            "firework display", "rockets bursting", "firecrackers", "pyrotechnics",
            "bangs of fireworks",
        ),
    }
)  # fmt: skip
"""Other ways to say each label."""

TEMPLATES: tuple[str, ...] = ("{}", "the sound of {}", "{} in the distance", "a recording of {}")
"""Sentences that a phrase is put into while training."""

KIN: Mapping[str, str] = MappingProxyType(
    {
        "piano": "music", "singing": "music", "children": "crowd", "laughter": "crowd",
        "pigeon": "birds", "peacock": "birds", "big bird": "birds", "motorcycle": "car engine",
        "dolphin": "whale", "hyena": "wolf",
    }
)  # fmt: skip
"""Labels of recordings outside the vocabulary that a person would still call by a word of it."""


def texts_of(label: str) -> list[str]:
    """Every sentence that means `label`; a label outside the vocabulary has its own name only."""
    phrases = (label, *PHRASINGS.get(label, ()))
    return [template.format(phrase) for phrase in phrases for template in TEMPLATES]
