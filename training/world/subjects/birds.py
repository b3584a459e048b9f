"""Looks of the birds and of what lives in trees; each label has eight."""

from __future__ import annotations

from training.world.subjects.animals import one
from training.world.subjects.drawings import Look, Part

P = Part
SKY, BRANCH, TRUNK, POST = "sky", "branch", "trunk", "post"

ROBIN = (("#2a6f9e", "#6a5442"), ("#3f97cc", "#8a6f56"), ("#2f82b8", "#75604a"))
ROBIN += (("#f6e3c4", "#d8642f"),)
FINCH = (("#2a6f9e", "#a88a1c"), ("#3f97cc", "#f0c83c"), ("#2f82b8", "#3a3f46"))
FINCH += (("#f6e3c4", "#fbf2c8"),)
GREEN_PECKER = (("#23262e", "#5f8a3a"), ("#15171c", "#3f5f28"), ("#f2ead8", "#dfe6b8"))
BLACK_PECKER = (("#f2ead8", "#2a2d35"), ("#f4f4f0", "#343842"))
BROWN_PECKER = (("#23262e", "#7a5636"), ("#15171c", "#4c3420"), ("#f2ead8", "#ecd9b4"))
RAVEN = (("#23262e", "#22294a"), ("#343945", "#39446e"), ("#15171c", "#141a33"))
HOODED = (("#343945", "#8b919b"),)
GOLDEN = (("#7a4a2a", "#d9923a"), ("#5c3620", "#8f5a22"), ("#f6d3ac", "#fff0d2"))
LANGUR = (("#7a4a2a", "#6b7480"), ("#5c3620", "#414852"), ("#f6d3ac", "#f8e6d2"))
AFLOAT = (0.0, 0.0, 1.0, 0.80)
GULL_GREY = (("#aab4bf", "#4a5059"), ("#c3ccd5", "#5b626c"))

BIRDS: dict[str, tuple[Look, ...]] = {
    "birds": (
        one("own:bird-fly", base=SKY),
        one("own:swallow", base=SKY),
        one("own:bird-fly", base=SKY, swap=ROBIN),
        Look(
            (
                P("own:bird-fly", -0.45, 0.42, 0.58),
                P("own:bird-fly", 0.35, 0.0, 0.5, swap=FINCH),
                P("own:swallow", 0.5, 0.62, 0.38),
            ),
            -1,
            SKY,
        ),
        one("no:bird", base=BRANCH),
        one("eo:bird", base=BRANCH),
        one("tw:bird", base=BRANCH),
        Look(
            (
                P("no:bird", -0.38, 0.0, 0.92, True),
                P("no:bird", 0.40, 0.0, 0.88, tone=(1.5, 1.1, 0.5)),
            ),
            1,
            BRANCH,
        ),
    ),
    "crow": (
        one("own:crow-caw", base=BRANCH),
        one("own:crow-fly", base=SKY),
        one("own:crow-caw", base=POST, swap=RAVEN),
        Look((P("own:crow-caw", -0.16, 0.0, 0.9), P("own:crow-fly", 0.52, 0.58, 0.42)), -1, BRANCH),
        one("fl:blackbird", base=POST, tone=(0.42, 0.44, 0.52)),
        one("own:crow-caw", base=POST, swap=HOODED),
        Look(
            (P("own:crow-caw", -0.40, 0.0, 0.95), P("own:crow-caw", 0.50, 0.0, 0.8, True)),
            -1,
            BRANCH,
        ),
        Look((P("own:crow-fly", -0.35, 0.42, 0.58), P("own:crow-fly", 0.45, 0.0, 0.48)), -1, SKY),
    ),
    "owl": (
        one("tw:owl", base=BRANCH),
        one("fl:owl", base=BRANCH),
        one("no:owl", base=BRANCH),
        one("n1:owl", base=BRANCH),
        one("no:owl", base=POST, tone=(1.20, 1.22, 1.26)),
        one("tw:owl", base=POST, tone=(1.15, 1.12, 1.20)),
        Look((P("no:owl", -0.38, 0.0, 1.0), P("no:owl", 0.38, 0.0, 0.72)), -1, BRANCH),
        one("n1:owl", base=BRANCH, tone=(1.10, 0.86, 0.62)),
    ),
    "seagull": (
        one("own:gull-fly", base=SKY),
        Look(
            (P("own:gull-glide", -0.20, 0.46, 0.54), P("own:gull-glide", 0.40, 0.0, 0.36)), -1, SKY
        ),
        one("own:gull-stand", base=POST),
        one("own:gull-fly", base=SKY, swap=GULL_GREY),
        Look((P("own:gull-fly", -0.35, 0.40, 0.60), P("own:gull-glide", 0.45, 0.0, 0.30)), -1, SKY),
        one("own:gull-fly", base=SKY, turn=-18.0),
        Look(
            (
                P("own:gull-glide", -0.45, 0.62, 0.34),
                P("own:gull-fly", 0.35, 0.28, 0.42),
                P("own:gull-glide", -0.2, 0.0, 0.30),
            ),
            -1,
            SKY,
        ),
        one("own:gull-stand", base=POST, swap=GULL_GREY),
    ),
    "woodpecker": (
        one("own:woodpecker", base=TRUNK),
        one("own:woodpecker-back", base=TRUNK),
        one("own:woodpecker", base=TRUNK, swap=GREEN_PECKER),
        one("own:woodpecker-back", base=TRUNK, swap=GREEN_PECKER),
        one("own:woodpecker", base=TRUNK, swap=BLACK_PECKER),
        one("own:woodpecker-back", base=TRUNK, swap=BROWN_PECKER),
        one("own:woodpecker", base=TRUNK, swap=BROWN_PECKER),
        Look(
            (P("own:woodpecker", 0.0, 0.36, 0.64), P("own:woodpecker-back", 0.0, 0.0, 0.42)),
            -1,
            TRUNK,
        ),
    ),
    "parrot": (
        one("tw:parrot", base=BRANCH),
        one("fl:parrot", base=BRANCH),
        one("no:parrot", base=BRANCH),
        one("own:macaw", base=BRANCH, swap=(("#d8322c", "#1c7fd0"), ("#2f6fd0", "#f2b52e"))),
        one("own:macaw", base=BRANCH),
        one("own:macaw", base=BRANCH, swap=(("#d8322c", "#2fa84a"), ("#2f9e5a", "#e0483a"))),
        Look((P("no:parrot", -0.36, 0.0, 1.0), P("fl:parrot", 0.40, 0.0, 0.9, True)), -1, BRANCH),
        one("own:macaw", base=BRANCH, swap=(("#d8322c", "#f2a62c"), ("#f2c230", "#d8322c"))),
    ),
    "chicken": (
        one("n1:chicken"),
        one("tw:rooster"),
        one("st:rooster"),
        one("eo:chicken"),
        one("n1:chicken", tone=(0.98, 0.68, 0.46)),
        Look(
            (
                P("n1:chicken", -0.30, 0.0, 1.0),
                P("no:baby-chick", 0.40, 0.0, 0.42),
                P("no:baby-chick", 0.74, 0.06, 0.38),
            )
        ),
        Look((P("no:baby-chick", -0.50, 0.0, 0.8), P("no:hatching-chick", 0.30, 0.0, 0.9))),
        Look(
            (
                P("tw:rooster", 0.44, 0.14, 0.8, tone=(0.95, 0.70, 0.50)),
                P("st:rooster", -0.36, 0.0, 0.9),
            )
        ),
    ),
    "rooster": (
        one("fl:rooster"),
        one("no:rooster"),
        one("eo:rooster"),
        one("no:rooster", base=POST, tone=(1.45, 1.40, 1.30)),
        one("eo:rooster", base=POST, tone=(1.35, 0.92, 0.60)),
        one("eo:rooster", tone=(0.62, 0.58, 0.66)),
        one("fl:rooster", swap=(("#6D4534", "#3a4a66"), ("#A56953", "#5f7aa0"))),
        Look((P("no:rooster", -0.28, 0.0, 1.0), P("n1:chicken", 0.52, 0.0, 0.70))),
    ),
    "duck": (
        one("tw:duck", base="water"),
        one("fl:duck", base="water"),
        one("eo:duck", base="water", keep=(0.0, 0.0, 1.0, 0.84)),
        one("tw:duck", base="water", tone=(1.0, 0.84, 0.62)),
        one("no:duck", base="water", keep=AFLOAT),
        one("n1:duck", base="water", keep=(0.0, 0.0, 1.0, 0.70)),
        Look(
            (
                P("tw:duck", -0.30, 0.0, 1.0),
                P("no:baby-chick", 0.42, 0.0, 0.34, keep=AFLOAT),
                P("no:baby-chick", 0.78, 0.0, 0.34, keep=AFLOAT),
            ),
            -1,
            "water",
        ),
        Look(
            (
                P("tw:duck", 0.34, 0.14, 0.72, True, tone=(1.25, 1.05, 0.85)),
                P("tw:duck", -0.30, 0.0, 0.9),
            ),
            -1,
            "water",
        ),
    ),
    "monkey": (
        one("own:monkey-sit", base=BRANCH),
        one("own:monkey-side", base=BRANCH),
        one("own:monkey-banana", base=BRANCH, swap=GOLDEN),
        one("own:monkey-banana", base=BRANCH),
        one("st:monkey", base=BRANCH),
        one("own:monkey-side", base=BRANCH, swap=LANGUR),
        one("own:monkey-sit", base=BRANCH, swap=GOLDEN),
        Look((P("own:monkey-side", -0.30), P("own:monkey-sit", 0.52, 0.0, 0.58)), -1, BRANCH),
    ),
    "bees": (
        one("no:honeybee", base=SKY),
        one("tw:honeybee", base=SKY),
        Look((P("own:flowers", 0.0, 0.0, 0.56), P("no:honeybee", 0.0, 0.42, 0.66))),
        Look(
            (
                P("no:honeybee", -0.55, 0.50, 0.46),
                P("no:honeybee", 0.30, 0.66, 0.34, True),
                P("no:honeybee", 0.10, 0.0, 0.42),
            ),
            -1,
            SKY,
        ),
        Look(
            (
                P("own:skep", 0.0, 0.0, 0.86),
                P("no:honeybee", -0.58, 0.52, 0.28),
                P("no:honeybee", 0.56, 0.72, 0.26, True),
                P("no:honeybee", 0.62, 0.22, 0.22),
            )
        ),
        Look(
            (
                P("own:flowers", 0.0, 0.0, 0.86),
                P("no:honeybee", -0.42, 0.62, 0.36),
                P("no:honeybee", 0.52, 0.70, 0.30, True),
            )
        ),
        one("eo:honeybee", base=SKY),
        Look((P("no:honeybee", -0.40, 0.44, 0.56), P("tw:honeybee", 0.45, 0.0, 0.5)), -1, SKY),
    ),
}
