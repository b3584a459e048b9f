"""How pictures are made as large as a network looks at them: it moves FID by whole points.

`clean`: as clean-fid does it, each channel by Pillow's bicubic filter in floating point, which
takes in every pixel of a large picture. `plain`: as pytorch-fid does it, bilinear between four
pixels whatever the size. CLIP's own: the shorter side by Pillow's bicubic, then the middle.
"""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

INCEPTION_SIDE = 299
WAYS = ("clean", "plain")


def for_inception(picture: Image.Image, way: str = "clean") -> Tensor:
    """f32 (3, 299, 299) in [0, 255]; way: one of WAYS."""
    levels = np.asarray(picture.convert("RGB"), np.float32)
    if way == "plain":
        whole = torch.from_numpy(levels.transpose(2, 0, 1).copy())[None]
        side = (INCEPTION_SIDE, INCEPTION_SIDE)
        return F.interpolate(whole, side, mode="bilinear", align_corners=False)[0]
    side = (INCEPTION_SIDE, INCEPTION_SIDE)
    resized = [
        np.asarray(Image.fromarray(levels[:, :, k]).resize(side, Image.Resampling.BICUBIC))
        for k in range(3)
    ]
    return torch.from_numpy(np.stack(resized)).clamp(0, 255)


def for_clip(picture: Image.Image, side: int) -> np.ndarray:
    """u8 (side, side, 3): the middle of the picture."""
    whole = picture.convert("RGB")
    width, height = whole.size
    scale = side / min(width, height)
    size = (max(side, int(width * scale)), max(side, int(height * scale)))
    whole = whole.resize(size, Image.Resampling.BICUBIC)
    left, top = round((size[0] - side) / 2), round((size[1] - side) / 2)
    return np.asarray(whole.crop((left, top, left + side, top + side)))
