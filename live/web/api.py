"""The answers to programs: state, controls, snapshot, history, health and metrics."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from live.compose.frame import compose, frame_size
from live.errors import UserError
from live.film.jpeg import jpeg
from live.web import telling
from live.web.access import ROLE
from live.web.hub import Hub
from live.web.metrics import Metrics

if TYPE_CHECKING:
    from engine.packets import U8
    from live.control.desk import Desk

PATHS = {
    "/api": "this list",
    "/api/state": "how the show is at this moment",
    "/api/controls": "every control with its help, range and value",
    "/api/controls/NAME": 'one of them; POST {"value": 3} or {"share": 0.5} sets it or does it',
    "/api/events": "hearings, changes, lines and the state as they come (server-sent events)",
    "/api/snapshot": "what is seen now, as a JPEG",
    "/api/history": "points of the last hours; ?since=T: those after T, in seconds since 1970",
    "/panels/TRACK": "the picture of a panel, as a JPEG; 204 while there is none",
    "/mjpeg": "the live picture; ?rate=10",
    "/live": "the page's WebSocket",
    "/healthz": "200 where capture, hearing, painting and drawing go on, else 503 and why not",
    "/metrics": "the same in numbers, for Prometheus",
}


class Api:
    """Answers for one show."""

    def __init__(self, desk: Desk, hub: Hub, metrics: Metrics) -> None:
        self._desk, self._hub, self._metrics = desk, hub, metrics
        self._composing = asyncio.Lock()
        self._panels: dict[int, tuple[U8, bytes]] = {}
        """By track: the newest picture that was asked for, and its JPEG."""

    async def index(self, request: web.Request) -> web.Response:
        """What can be asked for, and who asks."""
        return answer({"role": request[ROLE].value, "paths": PATHS})

    async def state(self, _: web.Request) -> web.Response:
        """How the show is at this moment."""
        return answer(self._hub.state())

    async def controls(self, _: web.Request) -> web.Response:
        """Every control."""
        return answer({"controls": telling.controls(self._desk)})

    async def control(self, request: web.Request) -> web.Response:
        """One control."""
        control = self._desk.controls.get(request.match_info["name"])
        if control is None:
            return self._no_control(request)
        there = self._desk.window is not None or not control.on_window
        return answer(telling.declared(control, control.read(self._desk) if there else None))

    async def play(self, request: web.Request) -> web.Response:
        """Set a control, or have it done: it is asked for, and taken up like any hand's wish."""
        name, origin = request.match_info["name"], f"web {request.remote}"
        if name not in self._desk.controls:
            return self._no_control(request)
        if request.content_type != "application/json":
            return answer({"error": "send application/json"}, 415)
        try:
            said = json.loads(await request.text())
        except (ValueError, RecursionError, LookupError):
            said = None
        if not isinstance(said, dict) or len(said) != 1 or not said.keys() <= {"value", "share"}:
            return answer({"error": 'send {"value": ...}, or {"share": 0.5} for a place'}, 400)
        try:
            if "share" in said:
                self._desk.ask_at(name, said["share"], origin)
            else:
                self._desk.ask(name, said["value"], origin)
        except UserError as error:
            return answer({"error": str(error)}, 400)
        return answer({"asked": name}, 202)

    def _no_control(self, request: web.Request) -> web.Response:
        try:
            self._desk.find(request.match_info["name"])
        except UserError as error:
            return answer({"error": str(error)}, 404)
        raise AssertionError("it is there")

    async def snapshot(self, _: web.Request) -> web.Response:
        """What is seen now; one is made at a time."""
        async with self._composing:
            body = await asyncio.to_thread(self._compose)
        return web.Response(body=body, content_type="image/jpeg")

    def _compose(self) -> bytes:
        view = self._desk.session.view()
        return jpeg(compose(view, *frame_size(view.aspect)))

    async def panel(self, request: web.Request) -> web.Response:
        """The picture of a panel, encoded once for all who ask for it; nothing for none."""
        pictures = self._desk.session.view().pictures
        panels = pictures.panels if pictures is not None else {}
        track = int(request.match_info["track"])
        self._panels = {t: kept for t, kept in self._panels.items() if t in panels}
        if track not in panels:
            return web.Response(status=204)  # it has just gone, or is not painted yet
        kept = self._panels.get(track)
        if kept is None or kept[0] is not panels[track]:
            kept = self._panels[track] = panels[track], jpeg(panels[track])
        return web.Response(body=kept[1], content_type="image/jpeg")

    async def history(self, request: web.Request) -> web.Response:
        """Points of the last hours."""
        try:
            since = float(request.query.get("since", 0.0))
        except ValueError:
            return answer({"error": "since must be a number of seconds since 1970"}, 400)
        made = answer(self._hub.history.since(since))
        made.enable_compression()
        return made

    async def health(self, _: web.Request) -> web.Response:
        """Whether the show goes on."""
        fault = self._desk.session.fault()
        rest = {stage: round(s, 2) for stage, s in self._desk.session.at_rest().items()}
        told = {"ok": fault is None, "fault": fault, "at_rest_s": rest}
        return answer(told, 200 if fault is None else 503)

    async def metrics(self, _: web.Request) -> web.Response:
        """The same in numbers."""
        return web.Response(body=self._metrics.text(), headers={"Content-Type": self._metrics.kind})


def answer(told: dict[str, Any], status: int = 200) -> web.Response:
    """Return JSON, which has no number that is none."""
    text = json.dumps(told, allow_nan=False, ensure_ascii=False)
    return web.Response(text=text + "\n", status=status, content_type="application/json")
