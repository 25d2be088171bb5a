"""Results on disk: a model is read and compiled once per processor and version."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs

__all__ = ["remembered"]


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
    identity: str, make: Callable[[], bytes], *, suffix: str = ".o"
) -> bytes:
    """Return cached bytes, or make and keep them.

    A file appears under its name only when it is complete, so that processes may share
    the folder; where it cannot be written, nothing is kept.

    Parameters
    ----------
    identity : str
        Everything the bytes depend on.
    make : callable
        Makes them.
    suffix : str
        Ending of the file's name: what the bytes are.

    Returns
    -------
    bytes
        What `make` returns, now or in an earlier process.
    """
    key = hashlib.sha256(f"{engine()}\n{identity}".encode()).hexdigest()
    path = folder() / f"{key}{suffix}"
    with suppress(OSError):
        stored = path.read_bytes()
        digest, code = stored[:32], stored[32:]
        if hashlib.sha256(code).digest() == digest:
            return code
    code = make()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        Path(name).replace(path)
    return code
