"""Who may ask, how much, and what every answer carries: before anything is computed."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["COOKIE", "LOOPBACK", "MOST_BYTES", "Guard", "TooLongError"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
COOKIE = "oestra_token"
MOST_BYTES = 200_000
MOST_ADDRESS = 16_000
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class TooLongError(Exception):
    """A body that is longer than any request needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """An application behind a door.

    Parameters
    ----------
    app : ASGI application
        What is behind it.
    token : str
        What a request must know; empty where nothing is asked.
    hosts : tuple of str
        Names under which the page is reached; empty for any. A page elsewhere that
        points a name of its own at this machine is refused by it.
    """

    app: ASGIApp
    token: str = ""
    hosts: tuple[str, ...] = LOOPBACK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        carried = _with_headers(send, api=scope["path"].startswith("/api"))
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, carried)
            return
        await self.app(scope, _bounded(receive), carried)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        query: bytes = scope.get("query_string", b"")
        if len(query) + len(scope["path"]) > MOST_ADDRESS:
            return _refused(414, f"An address has at most {MOST_ADDRESS:,} characters.")
        if self.hosts and _name(headers.get("host", "")) not in self.hosts:
            return _refused(
                403, "This page is not served under this name; use the address it gave."
            )
        if scope["method"] not in ("GET", "HEAD") and not _own(headers):
            return _refused(403, "Only the page itself may ask for this.")
        return self._unknown(scope, headers, query) if self.token else None

    def _unknown(self, scope: Scope, headers: Headers, query: bytes) -> Response | None:
        """Refuse who does not know the token; keep it of who brings it."""
        brought = parse_qs(query.decode("latin-1")).get("token", [""])[0]
        if brought and self._is_token(brought) and scope["method"] == "GET":
            answer = RedirectResponse(scope["path"], status_code=303)
            answer.set_cookie(
                COOKIE, self.token, httponly=True, samesite="strict", path="/"
            )
            return answer
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if self._is_token(bearer) or self._is_token(_cookie(headers)):
            return None
        return _refused(401, "This page asks for a token; open it as ?token=TOKEN.")

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _name(host: str) -> str:
    """Return the name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _own(headers: Headers) -> bool:
    """Tell whether a page of ours asks, or a program, and not a page elsewhere."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return urlsplit(origin).netloc == headers.get("host", "")


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)


def _with_headers(send: Send, *, api: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store" if api else "no-cache")
        await send(message)

    return sending


def _bounded(receive: Receive) -> Receive:
    seen = 0

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise TooLongError
        return message

    return receiving
