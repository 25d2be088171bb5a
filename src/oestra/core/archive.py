"""Arrays on disk: written whole or not at all, read back unharmed or refused."""

import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError

__all__ = ["read_archive", "write_archive"]

_DAMAGE = (BadZipFile, EOFError, KeyError, NotImplementedError, OSError, RuntimeError,
           ValueError, zlib.error)  # fmt: skip
"""What ``zipfile`` and ``numpy`` raise on files that were cut short or altered."""


def write_archive(
    path: Path, arrays: Mapping[str, NDArray[np.generic]], *, compress: bool = False
) -> None:
    """Write named arrays as one ``.npz`` file.

    Parameters
    ----------
    path : Path
        The file; a temporary one beside it is renamed to it, so that a reader never
        sees half of it.
    arrays : mapping of str to ndarray
        What to keep; no arrays of objects.
    compress : bool
        Whether to make it small rather than fast.

    Raises
    ------
    OSError
        If the file cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    save = np.savez_compressed if compress else np.savez
    try:
        with partial.open("wb") as file:
            save(file, **dict(arrays))  # pyright: ignore[reportArgumentType]
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_archive(path: Path) -> dict[str, NDArray[np.generic]]:
    """Read every array of a file, after checking that none was harmed.

    Parameters
    ----------
    path : Path
        A file of `write_archive`.

    Returns
    -------
    dict of str to ndarray
        The arrays by name.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    try:
        with ZipFile(path) as file:
            harmed = file.testzip()
            # A harmed length can hide further arrays in the comment of one before.
            for info in file.infolist():
                if info.comment or info.extra:
                    harmed = info.filename
        if harmed is not None:
            raise InputError(f"{path} is damaged: {harmed} was altered.")
        with np.load(path) as stored:
            return {name: stored[name] for name in stored.files}
    except _DAMAGE as error:
        raise InputError(f"{path} is damaged: {error}.") from error
