"""Looks of the animals that walk, sit or swim; each label has eight."""

from __future__ import annotations

from training.world.subjects.drawings import Look, Part

P = Part


def one(drawing: str, side: int = -1, base: str = "ground", **how) -> Look:
    """A look of a single drawing."""
    return Look((Part(drawing, **how),), side, base)


def sitting_frog(head: str, body: str, limbs: str) -> Look:
    """A frog from the front: a head of some set on a body in its colours."""
    swap = (("#5aa63c", body), ("#4a8f32", limbs))
    return Look(
        (P("own:frog-body", 0.0, 0.0, 0.72, swap=swap), P(head, 0.0, 0.45, 0.55)), -1, "pad"
    )


BROWN = (("#5f6670", "#6d5238"), ("#767e8a", "#8a6a4a"), ("#8b939e", "#a07f5c"))
BROWN += (("#5d646e", "#6d5238"), ("#4f565f", "#57402b"), ("#cfd4da", "#e6d4b8"))
DARK = (("#5f6670", "#2c3038"), ("#767e8a", "#3b404a"), ("#8b939e", "#4a505b"))
DARK += (("#5d646e", "#2c3038"), ("#4f565f", "#24272e"), ("#cfd4da", "#7d848f"))
SNOW = (("#5f6670", "#b9c2cc"), ("#767e8a", "#d6dce3"), ("#8b939e", "#e6eaee"))
SNOW += (("#5d646e", "#b9c2cc"), ("#4f565f", "#a5afba"), ("#cfd4da", "#f7f8fa"))
GREY_SIT = (("#7a4d30", "#5f6670"), ("#8f5f3f", "#7d8590"), ("#c39a74", "#cfd4da"))
GREY_SIT += (("#4a2e1c", "#3a3f46"),)
TAWNY_SIT = (("#7a4d30", "#c98a3c"), ("#8f5f3f", "#e0a450"), ("#c39a74", "#f3d9a6"))
BLACK_BEAR = (("#7a4d30", "#33353c"), ("#5a3822", "#222329"), ("#86573a", "#3e4149"))
BLACK_BEAR += (("#6a412a", "#2b2d33"), ("#b48863", "#5a5c63"))
POLAR = (("#7a4d30", "#e4eaee"), ("#5a3822", "#c3ced6"), ("#86573a", "#f2f5f7"))
POLAR += (
    ("#8f5f3f", "#eef2f5"),
    ("#4a2e1c", "#8d99a3"),
    ("#c39a74", "#ffffff"),
    ("#6a412a", "#d3dce3"),
    ("#b48863", "#f7f9fa"),
)
TOAD = (("#5aa63c", "#8a7a44"), ("#4a8f32", "#75653a"), ("#3f7f2e", "#5f522f"))
TOAD += (("#cfe39a", "#e2d6ac"), ("#2f6423", "#4c4126"))
TREE_FROG = (("#5aa63c", "#3fb98a"), ("#4a8f32", "#2f9f78"), ("#3f7f2e", "#258064"))
TREE_FROG += (("#f4d34a", "#e8643c"), ("#2f6423", "#1d6650"))

ANIMALS: dict[str, tuple[Look, ...]] = {
    "dog": (
        one("tw:dog"),
        one("fl:dog"),
        one("no:dog"),
        one("fx:dogside"),
        Look((P("no:dog", 0.44, 0.0, 0.58, True), P("fl:dog", -0.30))),
        one("no:poodle"),
        one("eo:dog"),
        one("fx:dogside", tone=(0.42, 0.36, 0.32)),
    ),
    "cat": (
        one("tw:cat"),
        one("fl:cat"),
        one("no:cat"),
        one("no:black-cat"),
        one("eo:cat"),
        one("tw:black-cat"),
        Look((P("no:cat", 0.42, 0.0, 0.56, True), P("tw:cat", -0.34))),
        one("st:cat", tone=(0.80, 0.82, 0.88)),
    ),
    "cow": (
        one("tw:cow"),
        one("fl:cow"),
        one("no:cow"),
        one("fx:cow"),
        one("eo:cow"),
        one("st:cow"),
        one("n1:cow"),
        Look((P("no:cow", 0.36, 0.14, 0.76, True), P("tw:cow", -0.34, 0.0, 0.88))),
    ),
    "sheep": (
        one("no:ewe"),
        one("n1:ewe"),
        one("fl:ewe"),
        one("no:ram"),
        one("eo:ewe"),
        one("fx:ram"),
        Look((P("no:ewe", 0.52, 0.14, 0.72, True), P("n1:ewe", -0.34, 0.0, 0.86))),
        Look((P("no:ewe", -0.30, 0.0, 0.9), P("no:ewe", 0.50, 0.0, 0.48))),
    ),
    "horse": (
        one("tw:horse"),
        one("fl:horse"),
        one("no:horse"),
        one("fx:horse"),
        one("eo:horse"),
        one("no:horse", tone=(0.92, 0.94, 1.0)),
        one("fx:horse", tone=(1.25, 1.22, 1.18)),
        Look(
            (
                P("no:horse", 0.34, 0.12, 0.82, tone=(0.55, 0.42, 0.34)),
                P("no:horse", -0.30, 0.0, 0.88),
            )
        ),
    ),
    "pig": (
        one("tw:pig"),
        one("fl:pig"),
        one("no:pig"),
        one("fx:pigside"),
        one("eo:pig"),
        one("st:pig"),
        one("n1:boar"),
        Look(
            (
                P("no:pig", -0.42, 0.0, 0.9),
                P("no:pig", 0.34, 0.0, 0.42),
                P("no:pig", 0.58, 0.14, 0.38, True),
            )
        ),
    ),
    "frog": (
        one("own:frog-side", base="pad"),
        one("own:frog-leap", base="pad"),
        sitting_frog("no:frog", "#5aa63c", "#4a8f32"),
        sitting_frog("tw:frog", "#77b255", "#5f9a42"),
        sitting_frog("fl:frog", "#0bc25a", "#08a048"),
        one("own:frog-side", base="pad", swap=TOAD),
        one("own:frog-side", base="pad", swap=TREE_FROG),
        Look(
            (P("own:frog-side", -0.30, 0.0, 1.0), P("own:frog-side", 0.56, 0.0, 0.52, True)),
            -1,
            "pad",
        ),
    ),
    "insects": (
        one("tw:cricket"),
        one("fl:cricket"),
        one("no:cricket"),
        one("own:cicada"),
        one("no:beetle"),
        one("fl:lady-beetle"),
        one("tw:beetle"),
        one("tw:cricket", tone=(0.62, 0.95, 0.42)),
    ),
    "wolf": (
        one("own:wolf-howl"),
        one("own:wolf-walk"),
        one("own:wolf-howl", swap=DARK),
        one("own:wolf-walk", swap=BROWN),
        one("own:wolf-howl", swap=SNOW),
        Look((P("own:sit-front", 0.0, 0.0, 0.74, swap=GREY_SIT), P("tw:wolf", 0.0, 0.46, 0.54))),
        Look(
            (P("own:wolf-walk", 0.44, 0.10, 0.68, swap=DARK), P("own:wolf-howl", -0.46, 0.0, 1.0))
        ),
        Look((P("own:sit-front", 0.0, 0.0, 0.74, swap=GREY_SIT), P("eo:wolf", 0.0, 0.46, 0.54))),
    ),
    "big cat": (
        one("tw:tiger"),
        one("fl:tiger"),
        one("no:tiger"),
        one("no:leopard"),
        Look((P("own:cat-body", 0.1, 0.0, 0.80), P("no:lion", -0.42, 0.30, 0.70))),
        Look((P("own:sit-front", 0.0, 0.0, 0.72, swap=TAWNY_SIT), P("tw:lion", 0.0, 0.40, 0.60))),
        Look((P("own:cat-body", 0.1, 0.0, 0.80), P("eo:lion", -0.42, 0.28, 0.72))),
        one("fx:leopardside"),
    ),
    "bear": (
        one("own:bear-walk"),
        one("own:bear-stand"),
        one("own:bear-walk", swap=BLACK_BEAR),
        one("own:bear-walk", swap=POLAR),
        Look((P("own:sit-front", 0.0, 0.0, 0.72), P("no:bear", 0.0, 0.46, 0.54))),
        Look((P("own:sit-front", 0.0, 0.0, 0.72, swap=POLAR), P("no:polar-bear", 0.0, 0.46, 0.54))),
        Look((P("own:bear-walk", -0.34, 0.0, 0.9), P("own:bear-walk", 0.52, 0.0, 0.5))),
        one("own:bear-stand", swap=BLACK_BEAR),
    ),
    "elephant": (
        one("tw:elephant"),
        one("fl:elephant"),
        one("no:elephant"),
        one("fx:elephant"),
        one("eo:elephant"),
        one("st:elephant"),
        Look((P("no:elephant", -0.34, 0.0, 0.95), P("no:elephant", 0.52, 0.0, 0.5))),
        one("no:elephant", tone=(0.92, 0.76, 0.62)),
    ),
    "whale": (
        one("tw:spouting-whale", base="water"),
        one("fl:spouting-whale", base="water"),
        one("no:spouting-whale", base="water"),
        one("no:whale", base="water"),
        one("fx:whale", base="water"),
        one("eo:whale", base="water"),
        one("own:fluke", base="water"),
        one("own:humpback", base="water"),
    ),
}
