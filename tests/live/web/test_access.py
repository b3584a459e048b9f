"""Who gets in: nobody without a token from elsewhere, and nobody's page on behalf of another."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable

import aiohttp
import pytest

from live.control.desk import Desk
from live.errors import UserError
from live.web.server import WebServer
from live.web.tokens import keep_tokens, tokens_path
from tests.live.web.asking import ask, looking
from tests.until import until

Serve = Callable[..., WebServer]
PATHS = [
    *("/", "/main.js", "/style.css", "/icon.svg", "/live", "/mjpeg", "/panels/1", "/api"),
    *("/api/state", "/api/controls", "/api/controls/light", "/api/events", "/api/snapshot"),
    *("/api/history", "/healthz", "/metrics", "/nowhere", "/t", "/t/", "/../pyproject.toml"),
]


@pytest.fixture
def guarded(serve: Serve) -> WebServer:
    """A server for other machines."""
    return serve("0.0.0.0")


@pytest.mark.parametrize("path", PATHS)
def test_without_a_token_there_is_nothing_but_401(guarded: WebServer, path: str) -> None:
    assert guarded.tokens is not None
    wrong = guarded.tokens.operator[:-1] + ("A" if guarded.tokens.operator[-1] != "A" else "B")
    for answer in (
        ask(guarded, path),
        ask(guarded, path, "POST", {"value": 1}),
        ask(guarded, f"/t/{wrong}{path}"),
        ask(guarded, path, Authorization=f"Bearer {wrong}"),
        ask(guarded, path, Authorization="Bearer "),
        ask(guarded, path, Authorization=f"Basic {guarded.tokens.operator}"),
        ask(guarded, f"{path}?token={guarded.tokens.operator}"),
        ask(guarded, path, Cookie=f"token={guarded.tokens.operator}"),
    ):
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "Set-Cookie" not in answer.headers
        assert guarded.tokens.operator.encode() not in answer.body


def test_a_link_and_a_bearer_let_in_by_their_role(guarded: WebServer, desk: Desk) -> None:
    tokens = guarded.tokens
    assert tokens is not None
    for token, role in ((tokens.viewer, "viewer"), (tokens.operator, "operator")):
        assert desk.links[role].url.endswith(f":{guarded.port}/t/{token}/")
        assert b"<title>Soundglass" in ask(guarded, f"/t/{token}/").body
        assert ask(guarded, f"/t/{token}/main.js").status == 200
        assert ask(guarded, "/api", Authorization=f"Bearer {token}").json["role"] == role
    light = f"/t/{tokens.viewer}/api/controls/light"
    assert ask(guarded, light, "POST", {"value": "dawn"}).status == 403
    assert desk.value("light") != "dawn"
    light = f"/t/{tokens.operator}/api/controls/light"
    assert ask(guarded, light, "POST", {"value": "dawn"}).status == 202
    until(lambda: desk.value("light") == "dawn")


def test_a_viewer_plays_nothing_over_the_socket(guarded: WebServer, desk: Desk) -> None:
    assert guarded.tokens is not None
    path = f"/t/{guarded.tokens.viewer}/live"

    async def talk() -> None:
        async with looking(guarded, path) as looker:
            assert (await looker.kind("hello"))["role"] == "viewer"
            await looker.send(set="light", to="snow")
            refused = await looker.kind("refused")
            assert "operators play" in refused["text"]
            await looker.send(look=10)
            assert await looker.picture()

    asyncio.run(talk())
    assert desk.value("light") != "snow"


def test_the_tokens_are_kept_for_nobody_else_to_read(guarded: WebServer) -> None:
    path, tokens = tokens_path(), guarded.tokens
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert tokens is not None
    assert len(tokens.viewer) >= 22
    assert tokens.viewer != tokens.operator
    assert keep_tokens() == tokens
    path.chmod(0o644)  # others have read it, perhaps
    made = keep_tokens()
    assert not {made.viewer, made.operator} & {tokens.viewer, tokens.operator}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text", ['viewer = "a"\noperator = "b"\n', "viewer", 'viewer = 3\n', "\udcff", ""]
)
def test_a_file_that_holds_no_tokens_is_one_line(text: str) -> None:
    path = tokens_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.fsencode(text))
    path.chmod(0o600)
    with pytest.raises(UserError, match=r"web\.toml does not hold two tokens .*: delete it, and"):
        keep_tokens()


def test_this_machine_needs_no_token_but_a_page_of_somebody_else_gets_nothing(
    server: WebServer,
) -> None:
    assert server.tokens is None
    assert not tokens_path().exists()
    assert ask(server, "/api").json["role"] == "operator"
    own = f"127.0.0.1:{server.port}"
    assert ask(server, "/api", Origin=f"http://{own}").status == 200
    assert ask(server, "/api", Host=f"localhost:{server.port}").status == 200
    for headers in (
        {"Origin": "http://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": f"http://{own}.elsewhere.example"},
        {"Host": "elsewhere.example"},  # a name that was made to lead here
        {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"},
    ):
        assert ask(server, "/api/state", **headers).status == 403
        assert ask(server, "/api/controls/light", "POST", {"value": 1}, **headers).status == 403

    async def connect() -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with looking(server, Origin="http://elsewhere.example"):
                pass
        assert caught.value.status == 403

    asyncio.run(connect())


def test_origin_counts_with_a_token_too(guarded: WebServer) -> None:
    assert guarded.tokens is not None
    path = f"/t/{guarded.tokens.operator}/api/controls/light"
    answer = ask(guarded, path, "POST", {"value": 1}, Origin="http://elsewhere.example")
    assert answer.status == 403
    # By a name of the house it may be asked for, where there is a token.
    assert ask(guarded, path, Host=f"gallery.lan:{guarded.port}").status == 200


@pytest.mark.parametrize("path", ["/", "/main.js", "/api/state", "/nowhere", "/mjpeg?rate=x"])
def test_every_answer_keeps_browsers_within_bounds(server: WebServer, path: str) -> None:
    headers = ask(server, path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
    assert "Server" not in headers
