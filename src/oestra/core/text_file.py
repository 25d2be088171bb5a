"""Text files that people write: read only as far as they can be meant."""

import re
import stat
from pathlib import Path

from oestra.core.errors import InputError

__all__ = ["MOST_BYTES", "check_characters", "decode", "read_bytes", "read_text"]

MOST_BYTES = 1_000_000
"""Bytes of a text file that is read; no trial file comes near."""
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    r"\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, what turns the direction of writing, and halves of characters."""


def read_bytes(path: Path, *, most: int = MOST_BYTES) -> bytes:
    """Read a file that is one, and not too large.

    Parameters
    ----------
    path : Path
        The file.
    most : int
        Bytes it may have.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    InputError
        If it cannot be read, is a folder, pipe or device, or is too large.
    """
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            what = "a folder" if stat.S_ISDIR(kind) else "no regular file"
            raise InputError(f"Cannot read {str(path)!r}: it is {what}.")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise InputError(f"Cannot read {str(path)!r}: {error.strerror}.") from error
    except ValueError as error:
        # A NUL in the name.
        raise InputError(f"Cannot read {str(path)!r}: {error}.") from error
    if len(content) > most:
        raise InputError(
            f"{path.name} is larger than {most:,} bytes, the most that is read."
        )
    return content


def decode(content: bytes, name: str) -> str:
    """Return bytes as text.

    Raises
    ------
    InputError
        If they are no UTF-8 or hold control characters; names file and line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"{name}, line {line}: the byte 0x{content[error.start]:02x} is not UTF-8; "
            f"{name} is not a text file in UTF-8."
        ) from error
    found = _CONTROL.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        check_characters(found[0], f"{name}, line {line}")
    return text


def check_characters(text: str, where: str) -> None:
    """Raise InputError if a text holds control characters.

    A terminal obeys some of them, and none of them can be seen.
    """
    found = _CONTROL.search(text)
    if found is not None:
        raise InputError(
            f"{where}: the control character U+{ord(found[0]):04X} is not allowed in "
            "text."
        )


def read_text(path: Path, *, most: int = MOST_BYTES) -> str:
    """Read a text file in UTF-8.

    Parameters
    ----------
    path : Path
        The file.
    most : int
        Bytes it may have.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    InputError
        If it cannot be read, is too large, is no UTF-8 or holds control characters;
        names the file, and the line of what cannot be text.
    """
    return decode(read_bytes(path, most=most), path.name)
