"""Running the server: a socket, uvicorn, and the model warmed up beside."""

import logging
import socket
import sys
import threading
from contextlib import suppress
from importlib import import_module

import uvicorn
from h11 import LocalProtocolError
from starlette.types import ASGIApp

from oestra.core.errors import InputError, OestraError
from oestra.web.app import application
from oestra.web.first_view import FirstView
from oestra.web.guard import LOOPBACK
from oestra.web.requests import ENDPOINTS

__all__ = ["listen", "run", "server_of"]

_PEOPLE, _QUEUE = "oestra.web.population", "oestra.web.background"
_LATER = ("trial", "life", "resistance", "compare", "claims", "evidence")
"""Views after the first, whose modules take a while to load."""
_PATIENCE = 0.8
"""Seconds after the start in which the first view goes before all loading."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises
    ------
    InputError
        If the address is unknown or taken.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(64)
    except OSError as error:
        raise InputError(
            f"Cannot serve on {host} port {port}: {error.strerror or error}; choose "
            "another --port, or 0 for any that is free."
        ) from None
    return sock


def _warm(first: FirstView) -> None:
    """Load the model and the population, so that the first look at each is quick.

    Whoever looks at once gets what is kept before loading takes the processor.
    """
    first.answered.wait(_PATIENCE)
    with suppress(OestraError):
        first.make()
        import_module(_PEOPLE).population()
    for name in _LATER:
        import_module(f"oestra.web.{name}_answer")


def _close() -> None:
    """Stop what runs in the background, where something may."""
    if _QUEUE in sys.modules:
        sys.modules[_QUEUE].background().close()


def run(sock: socket.socket, *, host: str, token: str) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    sock : socket
        From `listen`.
    host : str
        Where it listens.
    token : str
        What visitors must know; empty for none.
    """
    first = FirstView(ENDPOINTS, threading.Event())
    warm = threading.Thread(target=_warm, args=(first,), daemon=True)
    app = application(
        token=token,
        endpoints=first.kept,
        hosts=LOOPBACK if host in LOOPBACK else (),
        opened=warm.start,
        closed=_close,
    )
    with suppress(KeyboardInterrupt):
        server_of(app).run(sockets=[sock])


def server_of(app: ASGIApp) -> uvicorn.Server:
    """Return what serves an application, and says nothing of requests that break off.

    Parameters
    ----------
    app : ASGI application
        The page.
    """
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        limit_concurrency=64,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
        lifespan="on",
    )
    logging.getLogger("uvicorn.error").addFilter(_is_fault)
    return uvicorn.Server(config)


def _is_fault(record: logging.LogRecord) -> bool:
    """Tell whether a record is more than an answer to a line that is closed already.

    The server refuses a body that is no HTTP by itself, and then finds an answer too
    many.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, LocalProtocolError)
