"""Files that appear under their name only when complete, and what dead runs left.

Work in progress lies beside the target under a hidden name that tells the machine and
the process that writes it, so that a later run knows what nobody will finish.
"""

import os
import re
import secrets
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from platform import node
from typing import BinaryIO

__all__ = ["complete_file", "partial_name", "sweep"]

_NAME = re.compile(r"\..+\.([0-9a-f]{8})-(\d{1,19})-[0-9a-f]{8}\.part")
_OLD_SECONDS = 7 * 86_400.0
"""Age at which work in progress of another machine counts as given up."""


def partial_name(name: str) -> str:
    """Return a new hidden name for work in progress on a file or folder."""
    return f".{name}.{_machine()}-{os.getpid()}-{secrets.token_hex(4)}.part"


@contextmanager
def complete_file(path: Path, *, private: bool = False) -> Generator[BinaryIO]:
    """Yield a file that replaces the target when the block ends well.

    Parameters
    ----------
    path : Path
        The file to write or replace; its folder is made.
    private : bool
        Whether nobody but the user may read or write it.

    Yields
    ------
    BinaryIO
        Where to write.

    Raises
    ------
    OSError
        If the file cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    partial = path.with_name(partial_name(path.name))
    try:
        mode = 0o600 if private else 0o666
        handle = os.open(partial, _FLAGS, mode)
        with os.fdopen(handle, "wb") as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def sweep(folder: Path) -> None:
    """Remove what runs that are over left half-done in a folder.

    Parameters
    ----------
    folder : Path
        Where to look; what cannot be removed stays.
    """
    with suppress(OSError):
        for path in folder.glob(".*.part"):
            found = _NAME.fullmatch(path.name)
            if found and _given_up(path, found[1], int(found[2])):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _machine() -> str:
    return sha256(node().encode()).hexdigest()[:8]


def _given_up(path: Path, machine: str, process: int) -> bool:
    if machine == _machine() and os.name == "posix":
        return not _alive(process)
    return time.time() - path.lstat().st_mtime > _OLD_SECONDS


def _alive(process: int) -> bool:
    """Tell whether a process of this machine still runs."""
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
