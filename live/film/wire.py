"""What the show and the process that composes it say to each other, over a socket.

A message is a head of JSON and, behind it, bytes. Of a view goes what is drawn; a painted picture
goes once, under a number, and is kept there for as long as views name it.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any, cast

import numpy as np

from engine.packets import U8, Breath, Pictures, Stamp
from engine.sound.reactive import Reactive
from live.view.picture import PanelView, Status, View

_SIZES = struct.Struct("<II")
_NO_STAMP = Stamp(0, 0, 0, 0, 1, 0.0)
_NO_STATUS = cast(Status, None)
"""Neither is drawn."""


def send(line: socket.socket, head: dict[str, Any], parts: Sequence[U8 | bytes] = ()) -> None:
    """Send a message. Raises OSError: nobody is there, or does not read in time."""
    said = json.dumps(head).encode()
    views = [
        memoryview(part) if isinstance(part, bytes) else np.ascontiguousarray(part).data
        for part in parts
    ]
    line.sendall(_SIZES.pack(len(said), sum(each.nbytes for each in views)) + said)
    for each in views:
        line.sendall(each.cast("B"))


def receive(line: socket.socket) -> tuple[dict[str, Any], memoryview]:
    """Wait for a message. Raises EOFError: nobody is there any more; OSError: not in time."""
    head, rest = _SIZES.unpack(_receive(line, _SIZES.size))
    return json.loads(bytes(_receive(line, head))), _receive(line, rest)


def _receive(line: socket.socket, size: int) -> memoryview:
    taken = memoryview(bytearray(size))
    at = 0
    while at < size:
        came = line.recv_into(taken[at:])
        if not came:
            raise EOFError
        at += came
    return taken


class ViewWriter:
    """Makes messages of views."""

    def __init__(self) -> None:
        self._there: dict[int, tuple[int, U8]] = {}
        """By `id`: the number of each picture that the other side has, and the picture."""
        self._count = 0

    def write(self, view: View) -> tuple[dict[str, Any], list[U8]]:
        """Return a view as the head of a message, and the pictures that are new to it."""
        pictures, there, new = view.pictures, self._there, list[U8]()
        self._there = {}

        def number(picture: U8) -> int:
            known = there.get(id(picture))
            if known is None:
                self._count += 1
                known = self._count, picture
                new.append(picture)
            self._there[id(picture)] = known
            return known[0]

        reactive, first = view.reactive, self._count + 1
        head: dict[str, Any] = {
            "reactive": [reactive.level, reactive.onset, reactive.brightness],
            "panels": [astuple(panel) for panel in view.panels],
            "message": view.message,
            "dark": view.dark,
        }
        if pictures is not None:
            head["scene"] = number(pictures.scene)
            head["pictures"] = {track: number(panel) for track, panel in pictures.panels.items()}
            head["breaths"] = [astuple(breath) for breath in pictures.breaths]
        head["new"] = [[first + at, list(picture.shape)] for at, picture in enumerate(new)]
        return head, new


class ViewReader:
    """Makes views of messages again."""

    def __init__(self) -> None:
        self._there: dict[int, U8] = {}

    def read(self, head: dict[str, Any], body: memoryview) -> View:
        """Return what is drawn of the view that a message was made of."""
        for number, shape in head["new"]:
            size = int(np.prod(shape))
            self._there[number] = np.frombuffer(body[:size], np.uint8).reshape(shape)
            body = body[size:]
        pictures = None
        if "scene" in head:
            panels = {int(track): self._there[n] for track, n in head["pictures"].items()}
            breaths = tuple(Breath(tuple(b), tuple(c), a) for b, c, a in head["breaths"])
            pictures = Pictures(_NO_STAMP, self._there[head["scene"]], panels, {}, breaths)
        named = {head.get("scene"), *head.get("pictures", {}).values()}
        self._there = {n: picture for n, picture in self._there.items() if n in named}
        shown = tuple(PanelView(*said[:-1], colour=tuple(said[-1])) for said in head["panels"])
        return View(
            pictures, None, Reactive(*head["reactive"]), shown, _NO_STATUS, head["message"],
            dark=head["dark"],
        )  # fmt: skip
