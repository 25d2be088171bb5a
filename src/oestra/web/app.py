"""The application: pages, files that are held in memory, and answers as JSON."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from oestra.core.errors import InputError, OestraError
from oestra.web.endpoint import Endpoint, read_given
from oestra.web.guard import LOOPBACK, MOST_BYTES, Guard, TooLongError
from oestra.web.openapi import openapi
from oestra.web.requests import ENDPOINTS
from oestra.web.view import PAGES, held, view

__all__ = ["PAGES", "application"]

_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
_AT_ONCE = 2
"""Answers that are calculated side by side."""
_Handler = Callable[[Request], Awaitable[Response]]


class _Text(JSONResponse):
    """JSON with every letter as it is, and no NaN."""

    def render(self, content: Any) -> bytes:
        return json.dumps(
            content, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()


def _page(path: str) -> _Handler:
    async def show(_request: Request) -> Response:
        return Response(view(path), media_type="text/html")

    return show


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    known = held("static")
    kind = _TYPES.get(name[name.rfind(".") :] if "." in name else "")
    if name not in known or kind is None:
        raise HTTPException(404)
    return Response(known[name], media_type=kind)


async def _given(request: Request, endpoint: Endpoint) -> list[tuple[str, Any]]:
    """Return what a request says, as names and values."""
    pairs: list[tuple[str, Any]] = list(request.path_params.items())
    if endpoint.method != "POST":
        return [*pairs, *request.query_params.multi_items()]
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise InputError("The body of this request is JSON (application/json).")
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise InputError("The body of this request is no JSON.") from None
    if not isinstance(body, dict):
        raise InputError("The body of this request is one JSON object.")
    for name, value in body.items():
        if isinstance(value, list):
            pairs += [(str(name), one) for one in value]
        else:
            pairs.append((str(name), value))
    return pairs


def _answer(endpoint: Endpoint, limit: Callable[[], anyio.CapacityLimiter]) -> _Handler:
    async def answer(request: Request) -> Response:
        given = read_given(endpoint.given, await _given(request, endpoint))
        try:
            async with limit():
                if await request.is_disconnected():
                    return await _left(request, ClientDisconnect())
                found = await run_in_threadpool(partial(endpoint.answer, given))
            return _Text(found)
        except asyncio.CancelledError:
            return _say(request, "The page is being stopped where it runs.", 503)
        except OestraError:
            raise
        except Exception as error:  # noqa: BLE001 - the page says only that it failed
            return _failed(request, error)

    return answer


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith(("/api", "/openapi"))


def _say(request: Request, sentence: str, status: int) -> Response:
    """Answer with one sentence: JSON for programs, a page for people."""
    if _wants_json(request):
        return _Text({"error": sentence}, status_code=status)
    text = view(request.url.path, sentence)
    return Response(text, status_code=status, media_type="text/html")


async def _unusable(request: Request, error: Exception) -> Response:
    return _say(request, str(error), 422)


async def _left(request: Request, _error: Exception) -> Response:
    """Answer whoever is gone, for the record only."""
    return _say(request, "Nobody waits for this any more.", 499)


async def _too_long(request: Request, _error: Exception) -> Response:
    return _say(request, f"A request has at most {MOST_BYTES:,} bytes.", 413)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    told = {
        404: "There is nothing at this address.",
        405: "This address does not answer that kind of request.",
    }
    return _say(request, told.get(status, "This request cannot be used."), status)


def _failed(request: Request, error: Exception) -> Response:
    """Say on the page that something is wrong, and on the terminal what."""
    sys.stderr.write(f"{request.url.path}: {type(error).__name__}: {error}\n")
    return _say(request, "Something went wrong here; the terminal says what.", 500)


def application(
    *,
    token: str = "",
    hosts: tuple[str, ...] = LOOPBACK,
    endpoints: tuple[Endpoint, ...] = ENDPOINTS,
    opened: Callable[[], None] | None = None,
    closed: Callable[[], None] | None = None,
) -> ASGIApp:
    """Return the page as an ASGI application.

    Parameters
    ----------
    token : str
        What every request must know; empty where nothing is asked.
    hosts : tuple of str
        Names under which it is reached; empty for any.
    endpoints : tuple of Endpoint
        What is answered with JSON.
    opened, closed : callable, optional
        Called when the server has started, and when it ends.

    Returns
    -------
    ASGI application
        Behind its guard.
    """
    limits: list[anyio.CapacityLimiter] = []

    def limit() -> anyio.CapacityLimiter:
        # A limiter belongs to the loop that is running.
        if not limits:
            limits.append(anyio.CapacityLimiter(_AT_ONCE))
        return limits[0]

    document = openapi(endpoints)

    async def described(_request: Request) -> Response:
        """Return what can be asked."""
        return _Text(document)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        """Call what opens and closes with the server."""
        if opened is not None:
            opened()
        yield
        if closed is not None:
            closed()

    routes = [
        *(Route(path, _page(path), methods=["GET"]) for path in PAGES),
        Route("/openapi.json", described, methods=["GET"]),
        Route("/static/{name}", _file, methods=["GET"]),
        *(Route(o.path, _answer(o, limit), methods=[o.method]) for o in endpoints),
    ]
    inner = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={
            OestraError: _unusable,
            HTTPException: _refused,
            TooLongError: _too_long,
            ClientDisconnect: _left,
        },
    )
    inner.router.redirect_slashes = False
    return Guard(app=inner, token=token, hosts=hosts)
