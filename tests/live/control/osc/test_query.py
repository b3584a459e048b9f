"""OSCQuery, as a program finds its way by it: over real HTTP and a real WebSocket."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from pythonosc.osc_message import OscMessage

from live.control.actions import CONTROLS
from live.control.desk import Desk
from live.control.osc.packets import message
from live.control.osc.query import MOST_CLIENTS, QueryServer
from live.show.session import Session
from tests.live.control.show import desk_of
from tests.until import LONGEST_S, until


@pytest.fixture
def desk(show: Session) -> Iterator[Desk]:
    """The desk of the show."""
    with desk_of(show) as (made, _):
        yield made


@pytest.fixture
def server(desk: Desk) -> Iterator[QueryServer]:
    """A server of it."""
    made = QueryServer(desk, "127.0.0.1", 0, 9000)
    made.start()
    yield made
    made.stop()


def get(server: QueryServer, path: str, **headers: str) -> Any:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=LONGEST_S) as answer:
        body = answer.read()
        return json.loads(body) if body else answer.status


def test_the_tree_has_every_control_with_type_range_and_help(server: QueryServer) -> None:
    nodes = get(server, "/")["CONTENTS"]["soundglass"]["CONTENTS"]
    for control in CONTROLS:
        node = nodes[control.name]
        assert node["FULL_PATH"] == f"/soundglass/{control.name}"
        assert node["DESCRIPTION"].startswith(control.help)
        assert node["TYPE"] in "fisT"
        assert node["ACCESS"] == (2 if control.is_done else 3)
        assert nodes["norm"]["CONTENTS"][control.name]["RANGE"] == [{"MIN": 0.0, "MAX": 1.0}]
    assert nodes["sensitivity"]["RANGE"] == [{"MIN": -40.0, "MAX": 40.0}]
    assert nodes["sensitivity"]["UNIT"] == ["dB"]
    assert nodes["light"]["RANGE"][0]["VALS"][:2] == ["auto", "dawn"]
    assert nodes["hop"]["DESCRIPTION"].endswith("taken up at once; hearing begins anew")
    assert nodes["source"]["CONTENTS"]["1"]["TYPE"] == "sffff"
    assert nodes["level"]["ACCESS"] == 1


def test_a_node_its_attributes_and_the_host(server: QueryServer, desk: Desk) -> None:
    desk.apply({"style": "watercolour"}, "keys")
    assert get(server, "/soundglass/style?VALUE") == {"VALUE": ["watercolour"]}
    assert get(server, "/soundglass/sensitivity?RANGE") == {"RANGE": [{"MIN": -40.0, "MAX": 40.0}]}
    assert get(server, "/soundglass/style?UNIT") == 204
    host = get(server, "/?HOST_INFO")
    assert (host["OSC_PORT"], host["OSC_TRANSPORT"]) == (9000, "UDP")
    assert host["EXTENSIONS"]["LISTEN"] is True
    for path, code in (("/nowhere", 404), ("/soundglass/style?COLOUR", 400)):
        with pytest.raises(urllib.error.HTTPError) as caught:
            get(server, path)
        assert caught.value.code == code


def test_a_page_of_somebody_else_may_not_play(server: QueryServer) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, "/", Origin="http://elsewhere.example")
    assert caught.value.code == 403
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, "/", Host="elsewhere.example")  # a name that was made to lead here
    assert caught.value.code == 403
    assert get(server, "/", Host=f"localhost:{server.port}")
    assert get(server, "/", Origin=f"http://127.0.0.1:{server.port}")


def test_who_listens_is_told_and_may_play(server: QueryServer, desk: Desk) -> None:
    async def talk() -> None:
        async with (
            aiohttp.ClientSession() as web,
            web.ws_connect(f"http://127.0.0.1:{server.port}/") as line,
        ):
            for path in ("/soundglass/sensitivity", "/soundglass/norm/sensitivity"):
                await line.send_json({"COMMAND": "LISTEN", "DATA": path})
            for nonsense in ("{", "[]", '{"COMMAND": 3}', "[" * 5000):
                await line.send_str(nonsense)
            await line.send_bytes(message("/soundglass/light"))
            assert await heard(line) == ("/soundglass/light", [desk.value("light")])
            desk.apply({"sensitivity": 20.0, "light": "fog"}, "keys")
            assert await heard(line) == ("/soundglass/sensitivity", [20.0])
            assert await heard(line) == ("/soundglass/norm/sensitivity", [0.75])
            await line.send_json({"COMMAND": "IGNORE", "DATA": "/soundglass/sensitivity"})
            await line.send_bytes(message("/soundglass/norm/sensitivity", 0.5))
            assert await heard(line) == ("/soundglass/norm/sensitivity", [0.5])
            await line.send_bytes(message("/soundglass/panels", 99))
            address, (complaint,) = await heard(line)
            assert (address, "from 0 to 4" in complaint) == ("/soundglass/error", True)

    async def heard(line: aiohttp.ClientWebSocketResponse) -> tuple[str, list]:
        told = OscMessage(await line.receive_bytes(timeout=LONGEST_S))
        return told.address, list(told.params)

    asyncio.run(talk())
    assert desk.session.settings.sensitivity_db == 0.0
    until(lambda: not server._clients)


def test_there_is_an_end_to_clients(server: QueryServer) -> None:
    async def storm() -> None:
        url = f"http://127.0.0.1:{server.port}/"
        async with aiohttp.ClientSession() as web:
            lines = [await web.ws_connect(url) for _ in range(MOST_CLIENTS)]
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await web.ws_connect(url)
            assert caught.value.status == 503
            for line in lines:
                await line.close()

    asyncio.run(storm())
    until(lambda: not server._clients)
