"""Which Oestra this is: the hash of every file that a result can depend on."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

__all__ = ["release"]

_LEFT_OUT = {"__pycache__"}


@cache
def release() -> str:
    """Return the hash of the package's files: code, data, fit and pools.

    Two machines whose releases are equal give one task the same result, up to the last
    bits that processors of another instruction set round otherwise.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    root = Path(str(files("oestra")))
    digest = hashlib.blake2b(digest_size=32)
    for path in sorted(root.rglob("*")):
        if path.is_file() and _LEFT_OUT.isdisjoint(path.parts):
            place = path.relative_to(root).as_posix()
            data = path.read_bytes()
            digest.update(f"{place}:{len(data)}:".encode())
            digest.update(data)
    return digest.hexdigest()
