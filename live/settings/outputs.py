"""What is said about the settings of what a show writes and sends; see `live.settings.model`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from live.settings.spec import about

Frames = Annotated[
    Path | None, about("folder to write every finished picture to, as PNG", metavar="DIR")
]
Record = Annotated[
    Path | None,
    about(
        "record picture and sound; playable even after a crash",
        metavar="FILE.mp4",
        suffix=".mp4",
    ),
]
Events = Annotated[
    Path | None,
    about("write one JSON line per hearing; - is standard output", metavar="FILE.jsonl"),
]
Log = Annotated[
    Path | None,
    about(
        "log what the show says, and once an hour how it goes, one JSON line each; it never "
        "takes more than 30 MB",
        metavar="FILE.jsonl",
        suffix=".jsonl",
    ),
]
Keep = Annotated[
    str | None,
    about(
        "keep so much of what is recorded, of frames, stems and events: recordings are cut into "
        "clips, and the oldest files are removed",
        metavar="SIZE",
    ),
]
Stems = Annotated[
    Path | None,
    about(
        "folder to write the separated sound of every source to, as WAV; plays even after a crash",
        metavar="DIR",
    ),
]
Out = Annotated[
    tuple[str, ...],
    about(
        "send picture and sound there too, at 25 pictures a second; may be given several "
        "times. rtmp:// and srt:// are streams; ndi:NAME, ndi-panels (each panel by itself) "
        "and camera (a virtual one) need an extra",
        metavar="rtmp://...|srt://...|ndi:NAME|ndi-panels|camera",
    ),
]
