"""Results on disk: a model is read and compiled once per processor and version."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import TypeVar

import platformdirs

from oestra.core.partial import complete_file

__all__ = ["remembered"]

Read = TypeVar("Read")
_MOST_BYTES = 1 << 28
"""Larger files are none of ours: an object file has a few hundred kilobytes."""


@cache
def engine() -> str:
    """Return a hash of the engine's own source: new code, new keys."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def folder() -> Path:
    """Return the folder of what is cached, ``OESTRA_CACHE`` if that is set."""
    chosen = os.environ.get("OESTRA_CACHE")
    return Path(chosen or platformdirs.user_cache_dir("oestra")) / "objects"


def remembered(
    identity: str,
    make: Callable[[], bytes],
    *,
    read: Callable[[bytes], Read],
    suffix: str = ".o",
) -> Read:
    """Return what cached bytes hold, or make and keep them.

    A file appears under its name only when it is complete, so that processes may share
    the folder; where it cannot be written, nothing is kept. A file is used only if it
    was written under this very name, is whole, and nobody but the user (or the
    system's administrator) could have written it; otherwise it is made anew.

    Parameters
    ----------
    identity : str
        Everything the bytes depend on.
    make : callable
        Makes them.
    read : callable
        Makes of the bytes what is wanted; raises ValueError if it cannot.
    suffix : str
        Ending of the file's name: what the bytes are.

    Returns
    -------
    object
        What `read` returns of what `make` returned, now or in an earlier process.
    """
    key = hashlib.sha256(f"{engine()}\n{identity}".encode()).hexdigest()
    path = folder() / f"{key}{suffix}"
    with suppress(OSError, ValueError):
        return read(_checked(path))
    code = make()
    with suppress(OSError), complete_file(path, private=True) as file:
        file.write(_seal(path, code) + code)
    return read(code)


def _seal(path: Path, code: bytes) -> bytes:
    """Return a hash of bytes and of the name they are kept under."""
    return hashlib.sha256(f"{path.name}\n".encode() + code).digest()


def _checked(path: Path) -> bytes:
    """Read a file, or raise ValueError if it is not what was kept under its name."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if not _trusted(status) or status.st_size > _MOST_BYTES:
            raise ValueError(f"{path} may have been written by somebody else")
        stored = file.read()
    seal, code = stored[:32], stored[32:]
    if seal != _seal(path, code):
        raise ValueError(f"{path} is damaged")
    return code


def _trusted(status: os.stat_result) -> bool:
    if os.name != "posix":
        return True
    own = status.st_uid in (0, os.getuid())
    return own and not status.st_mode & (S_IWGRP | S_IWOTH)
