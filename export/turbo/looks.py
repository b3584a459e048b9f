"""The looks that a bundle from public checkpoints can have: what its pictures are asked to be."""

from __future__ import annotations

LOOKS = {
    "photograph": "a photograph of {}, natural light, sharp, detailed",
    "picturebook": "a picture book illustration of {}, soft gouache, simple warm shapes",
    "papercut": "{}, layered papercut art, cut coloured paper, soft shadows",
    "watercolour": "a watercolour painting of {}, loose brush strokes, white paper",
}
