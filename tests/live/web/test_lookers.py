"""Many who look, slow ones among them: each at their own pace, and none in another's way."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import aiohttp
import pytest

from live.control.desk import Desk
from live.film.stage import Frame
from live.film.studio import Studio
from live.web import live_socket, streams
from live.web.hub import MOST
from live.web.listener import FASTEST, Listener
from live.web.server import WebServer
from tests.live.web.asking import ask, looking, until_async, url_of
from tests.until import until


def shown(number: int, at_s: float) -> Frame:
    return Frame(number, at_s, b"")


def test_only_the_newest_waits_for_one_who_is_slow() -> None:
    async def listen() -> None:
        listener = Listener()
        listener.show(shown(1, 0.0))  # it did not ask for any
        for value in range(1000):
            listener.tell("control light", {"value": value})
            listener.tell(f"line {value}", {"text": value})
        told, picture = await listener.next()
        assert picture is None
        assert len(told) == 200
        assert told[-2] == {"value": 999}
        listener.look(1000.0)
        assert listener.rate == FASTEST
        listener.look(10.0)
        for number in range(5):  # none is drawn in the meantime: one is on its way
            listener.show(shown(number, 0.01 * number))
        told, picture = await listener.next()
        assert (told, picture) == ([], shown(0, 0.0))
        listener.ready = True
        listener.show(shown(6, 0.04))  # before it is due, at ten a second
        listener.show(shown(7, 0.11))
        assert await listener.next() == ([], shown(7, 0.11))

    asyncio.run(listen())


def test_a_picture_is_composed_and_encoded_once_for_ten(
    server: WebServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = Studio.compose
    monkeypatch.setattr(Studio, "compose", lambda *asked: made.append(1) or real(*asked))

    async def look(seen: dict[int, set[bytes]]) -> None:
        async with looking(server) as looker:
            await looker.send(look=20)
            for _ in range(5):
                number, body = await looker.picture()
                seen.setdefault(number, set()).add(body)
                await looker.send(drawn=number)

    async def ten() -> dict[int, set[bytes]]:
        seen: dict[int, set[bytes]] = {}
        await asyncio.gather(*(look(seen) for _ in range(10)))
        return seen

    seen = asyncio.run(ten())
    assert len(made) < 50  # of the 50 that were shown
    assert all(len(bodies) == 1 for bodies in seen.values())
    assert b"soundglass_web_drawn_seconds_count" in server.metrics.text()
    until(lambda: server._hub.count == 0)
    until(lambda: desk.session.stage.newest is None)  # nobody has a seat: nothing is composed


def test_one_picture_is_on_its_way_until_it_is_drawn(server: WebServer) -> None:
    async def look() -> None:
        async with looking(server) as slow, looking(server) as fast:
            await slow.send(look=30)
            await fast.send(look=30)
            first, _ = await slow.picture()
            for _ in range(10):
                number, _ = await fast.picture()
                await fast.send(drawn=number)
            await slow.send(drawn=first + 5000)  # not what it was sent
            await slow.send(drawn="x")
            await slow.kind("state")
            await slow.kind("state")
            await slow.send(drawn=first)
            second, _ = await slow.picture()
            assert second > first + 5  # those between were for others

    asyncio.run(look())


def test_who_looks_away_is_sent_nothing_and_nothing_is_composed(
    server: WebServer, desk: Desk
) -> None:
    async def look() -> None:
        async with looking(server) as looker:
            await looker.kind("state")
            assert desk.session.stage.newest is None
            await looker.send(look=5)
            await looker.picture()
            await looker.send(look=0)
            await until_async(lambda: desk.session.stage.newest is None)
            for nonsense in (-1, "x", None, True, [], 1e999):
                await looker.send(look=nonsense)
            await looker.line.send_str("{")
            await looker.line.send_str("[" * 3000)
            await looker.line.send_str("[1]")
            await looker.line.send_bytes(b"\0")
            await looker.send(set=3)
            await looker.kind("state")

    asyncio.run(look())


def test_what_a_hand_wants_is_done_and_told_to_all(server: WebServer, desk: Desk) -> None:
    async def play() -> None:
        async with looking(server) as one, looking(server) as other:
            await one.kind("hello")
            await other.kind("hello")
            await one.send(set="light", to="storm")
            told = await other.kind("control", name="light", value="storm")
            assert told["origin"] == "web 127.0.0.1"
            await one.send(set="sensitivity", at=0.75)
            await other.kind("control", name="sensitivity", value=20.0)
            await one.send(set="sensitivity", to=0)
            await one.send(set="panels", to=99)
            assert "from 0 to 4" in (await one.kind("refused", name="panels"))["text"]
            await one.send(set="next-cue")  # refused only once it is done: told to everybody
            assert "no cue list" in (await other.kind("line"))["text"]
            desk.save("by-hand light")
            assert "by-hand" in (await other.kind("words", name="preset"))["words"]

    desk.listen(lambda outcome: desk.session.messages.report_event(outcome.line))
    asyncio.run(play())


def test_a_reader_that_stops_reading_is_let_go_and_holds_up_nobody(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "SLOW_S", 1.0)
    monkeypatch.setattr(live_socket, "SLOW_S", 1.0)

    async def look() -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as stuck:
            stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stuck.sendall(b"GET /mjpeg?rate=30 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            async with looking(server) as looker:
                await looker.send(look=30)
                await until_async(lambda: server._hub.count == 2)
                while server._hub.count == 2:
                    number, _ = await looker.picture()
                    await looker.send(drawn=number)
                assert server._hub.count == 1
                assert await looker.picture()

    asyncio.run(look())


def test_there_is_an_end_to_lookers_and_to_connections(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def storm() -> None:
        async with aiohttp.ClientSession() as web:
            lines = [await web.ws_connect(url_of(server, "/live")) for _ in range(MOST)]
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await web.ws_connect(url_of(server, "/live"))
            assert caught.value.status == 503
            for path in ("/mjpeg", "/api/events"):
                answer = await asyncio.to_thread(ask, server, path)
                assert answer.status == 503
            assert (await asyncio.to_thread(ask, server, "/api/state")).json["lookers"] == MOST
            for line in lines:
                await line.close()

    asyncio.run(storm())
    until(lambda: server._hub.count == 0)
    monkeypatch.setattr("live.web.server.MOST_CONNECTIONS", 3)
    until(lambda: not server._runner.server.connections)  # type: ignore[union-attr]
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
    until(lambda: len(server._runner.server.connections) == 3)  # type: ignore[union-attr]
    with socket.create_connection(("127.0.0.1", server.port)) as more:
        assert more.recv(1) == b""
    for each in idle:
        each.close()
    until(lambda: not server._runner.server.connections)  # type: ignore[union-attr]
    assert ask(server, "/api").status == 200


def test_a_message_that_is_too_long_ends_its_page_alone(server: WebServer) -> None:
    async def talk() -> None:
        async with looking(server) as long, looking(server) as other:
            await long.line.send_str(" " * (live_socket.MOST_BYTES + 1))
            with pytest.raises(ConnectionError):
                await long.kind("never")
            await other.kind("state")

    asyncio.run(talk())


def test_the_end_of_the_show_is_told(server: WebServer, serve: Callable[..., WebServer]) -> None:
    async def look() -> None:
        async with looking(server) as looker:
            await looker.send(look=30)
            await looker.picture()
            await asyncio.to_thread(server.stop)
            with pytest.raises(ConnectionError):
                await looker.kind("never")

    asyncio.run(look())
    again = serve(port=server.port)  # the port was given back
    assert ask(again, "/api").status == 200
