"""Who may do what: nobody gets anything without a token, and every answer says what it may do."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from enum import Enum

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from live.control.callers import from_another_page, named_by_number
from live.web.tokens import Tokens

TOKEN_PATH = "/t"
"""A path under it begins with a token, so that all that a page asks for carries it along."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Role(Enum):
    """Who somebody is, by their token."""

    VIEWER = "viewer"
    OPERATOR = "operator"


ROLE: web.RequestKey[Role] = web.RequestKey("role", Role)
"""Of a request that was let through."""


class Guard:
    """Stands before every answer."""

    def __init__(self, tokens: Tokens | None, tell: Callable[[str], None]) -> None:
        """tokens: None where only this machine can ask, and whoever does operates.

        tell: is told in one line of a fault of the program.
        """
        self._tokens, self._tell = tokens, tell

    def role_of(self, request: web.Request) -> Role | None:
        """Return who asks; None for somebody whom nobody has let in."""
        if self._tokens is None:
            return Role.OPERATOR
        given = _token(request).encode("utf-8", "replace")
        # Both are compared, so that time tells nothing.
        operates = secrets.compare_digest(given, self._tokens.operator.encode())
        looks = secrets.compare_digest(given, self._tokens.viewer.encode())
        return Role.OPERATOR if operates else Role.VIEWER if looks else None

    @property
    def middleware(self) -> Middleware:
        """Lets a request through to its answer, or answers it here."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            refused = self._refused(request)
            if refused is not None:
                return refused
            try:
                return await handler(request)
            except web.HTTPException as error:
                allowed = error.headers.get(hdrs.ALLOW)
                said = {"Allow": allowed} if allowed else None
                return plain(error.status, error.reason.lower(), said)
            except ConnectionError:
                raise  # whoever asked is gone
            except Exception as error:
                self._tell(f"the web page could not answer {request.path[:40]}: {error!r}")
                return plain(500, "a fault of the program; the show goes on")

        return guard

    def _refused(self, request: web.Request) -> web.Response | None:
        role = self.role_of(request)
        if role is None:
            asked = {"WWW-Authenticate": "Bearer"}
            return plain(401, "follow the link that the show gives, or send its token", asked)
        if from_another_page(request) or (self._tokens is None and not named_by_number(request)):
            return plain(403, "another page may not ask")
        if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD) and role is not Role.OPERATOR:
            return plain(403, "viewers may look, and operators play")
        request[ROLE] = role
        return None


def _token(request: web.Request) -> str:
    kind, _, given = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if kind.lower() == "bearer":
        return given.strip()
    return request.match_info.get("token", "")


def plain(status: int, line: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return an answer of one line."""
    return web.Response(status=status, text=f"{line}\n", headers=headers)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Give every answer what keeps a browser from doing more with it."""
    response.headers.update(HEADERS)
    response.headers.pop(hdrs.SERVER, None)
