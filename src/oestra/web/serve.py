"""``oestra serve``: the local page."""

from __future__ import annotations

from json import dumps
from typing import Annotated

import typer

from oestra.core.errors import InputError

__all__ = ["serve"]

_Port = Annotated[
    int, typer.Option(min=0, max=65535, help="Port; 0 for any that is free.")
]
_Host = Annotated[
    str,
    typer.Option(help="Address to serve on; another than this machine needs a token."),
]
_Token = Annotated[
    str, typer.Option(help="What a visitor must know; opens as ?token=TOKEN.")
]
_SHORTEST = 12


_Json = Annotated[
    bool, typer.Option("--json", help="Print the address as one JSON object.")
]


def serve(
    *,
    port: _Port = 8040,
    host: _Host = "127.0.0.1",
    token: _Token = "",
    json: _Json = False,
) -> None:
    """Open a local page where people see resistance happen.

    It answers only this machine unless told otherwise, and asks nothing of any other.
    Ends with Ctrl-C.
    """
    _check(host, token)
    from oestra.web.run import listen, run  # noqa: PLC0415 - loads the web server

    sock = listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    secret = f"?token={token}" if token else ""
    address = f"http://{shown}:{sock.getsockname()[1]}/{secret}"
    told = f"Oestra is at {address}\nCtrl-C ends it."
    typer.echo(dumps({"address": address}) if json else told)
    run(sock, host=host, token=token)


def _check(host: str, token: str) -> None:
    from oestra.web.guard import LOOPBACK  # noqa: PLC0415

    if host not in LOOPBACK and not token:
        raise InputError(
            f"Serving on {host!r} lets other machines in; give a --token of at least "
            f"{_SHORTEST} characters, or leave out --host."
        )
    if token and not (len(token) >= _SHORTEST and token.isascii() and token.isalnum()):
        raise InputError(
            f"A token has at least {_SHORTEST} letters and digits and nothing else."
        )
