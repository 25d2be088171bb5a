"""Standard streams as they are found: closed, full, or of few characters."""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

from oestra.core.errors import OestraError

__all__ = ["drop_output", "one_line", "prepare_streams", "tell"]


def prepare_streams() -> None:
    """Let every stream take any character, and closed ones take and give nothing.

    Raises
    ------
    OestraError
        If standard output was closed, so that no result could be shown.
    """
    closed = sys.stdout is None
    # In their order: each takes the lowest number that is free, which is its own.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
        elif isinstance(stream, TextIOWrapper) and mode == "w":
            stream.reconfigure(errors="backslashreplace")
    if closed:
        raise OestraError(
            "Standard output is closed, so that no result can be shown; send it to a "
            "file, or to /dev/null."
        )


def drop_output() -> None:
    """Send what is still to be printed nowhere: where it went cannot take it."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def one_line(text: str) -> str:
    """Return text for the terminal: one line, without what a terminal would obey."""
    plain = " ".join(text.split())
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in plain)


def tell(text: str) -> None:
    """Print one sentence on standard error, where that is still possible."""
    with suppress(OSError, ValueError):
        print(one_line(text), file=sys.stderr, flush=True)  # noqa: T201
