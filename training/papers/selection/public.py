"""The public file of Sound2Scene and Sound2Vision: `top1_boxes_top10_moments.json`.

It names clips as `ID_44000_54000`, in milliseconds, and of each the ten frames that fit its sound
best, the best first, in a video of ten frames a second: `{"ID_44000_54000": [47, 46, ...]}`, alone
or behind another such object with boxes, which choose no frame and are not looked at.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from training.loop.plain_errors import InputError
from training.papers.datasets.layouts.names import moment
from training.papers.pairing.catalogue import entries, shards_of
from training.papers.selection.choose import Chosen

FRAMES_A_SECOND = 10


def read_moments(path: Path) -> dict[str, float]:
    """Clip, as VGGSound names its files, to the second of its best frame.

    Frames are counted from 1, as FFmpeg names them, and a frame is its middle.

    Raises:
        InputError: it is no such file.
    """
    try:
        told = msgspec.json.decode(path.read_bytes())
        if isinstance(told, list) and len(told) == 2:
            told = told[1]
        frames = msgspec.convert(told, dict[str, list[int]])
    except msgspec.MsgspecError as error:
        raise InputError(
            f"{path} holds no moments ({error}): name the public top1_boxes_top10_moments.json, or "
            'JSON such as {"ID_44000_54000": [47, 46]}'
        ) from error
    found = {}
    for name, numbers in frames.items():
        clip = moment(name)
        if clip is None or clip.start_s is None:
            raise InputError(f"{path}: {name} names no clip, as ID_44000_54000 would")
        if not numbers or numbers[0] < 0:
            raise InputError(f"{path}: {name} has no best frame: its list must begin with one")
        found[clip.key] = (max(numbers[0], 1) - 0.5) / FRAMES_A_SECOND
    return found


def nearest(moments: dict[str, float], data: Path) -> tuple[Chosen, int]:
    """The picture of every clip that is nearest to its moment, and how many clips have none: of
    these the middle one.

    Raises InputError where the data set is not whole, or no clip of it has a moment.
    """
    found: Chosen = {}
    unknown = 0
    for entry in (entry for shard in shards_of(data) for entry in entries(shard)):
        if entry.audio is None or not entry.pictures:
            continue
        clip = moment(entry.key)
        at = moments.get(clip.key if clip else entry.key)
        unknown += at is None
        count = len(entry.times)
        found[entry.key] = count // 2 if at is None else _nearest(entry.times, at), count
    if unknown == len(found):
        raise InputError(f"none of the clips in {data} has a moment: name VGGSound's shards")
    return found, unknown


def _nearest(times: tuple[float, ...], at: float) -> int:
    return min(range(len(times)), key=lambda i: (abs(times[i] - at), i))
