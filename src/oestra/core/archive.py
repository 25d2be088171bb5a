"""Arrays on disk: written whole or not at all, read back unharmed or refused."""

import io
import math
import zlib
from collections.abc import Container, Mapping
from pathlib import Path
from threading import Lock
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, shortened
from oestra.core.partial import complete_file

__all__ = ["MOST_BYTES", "read_archive", "write_archive"]

MOST_BYTES = 1 << 30
"""What an archive may unpack to unless its reader says less: 1 GiB."""
_DAMAGE = (BadZipFile, EOFError, KeyError, NotImplementedError, OSError, RuntimeError,
           SyntaxError, TypeError, ValueError, zlib.error)  # fmt: skip
"""What ``zipfile`` and ``numpy`` raise on files that were cut short or altered."""
_ENDING = ".npy"
_PARSING = Lock()
"""Numpy reads what an array says of itself by Python's parser, which in some versions
counts the depth of all threads as one and then fails."""


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
    save = np.savez_compressed if compress else np.savez
    with complete_file(path) as file:
        save(file, **dict(arrays))  # pyright: ignore[reportArgumentType]


def read_archive(
    path: Path, *, most: int = MOST_BYTES, only: Container[str] | None = None
) -> dict[str, NDArray[np.generic]]:
    """Read every array of a file, after checking that none was harmed.

    Parameters
    ----------
    path : Path
        A file of `write_archive`.
    most : int
        Bytes it may unpack to.
    only : container of str, optional
        Names of the arrays to unpack; all by default.

    Returns
    -------
    dict of str to ndarray
        The arrays by name.

    Raises
    ------
    InputError
        If the file is damaged, or would unpack to more than allowed.
    """
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{path} is no regular file.")
        with ZipFile(path) as file:
            _check_size(path, file, most)
            found: dict[str, NDArray[np.generic]] = {}
            for info in file.infolist():
                # A harmed length can hide further arrays in the comment of one before.
                if info.comment or info.extra or not info.filename.endswith(_ENDING):
                    raise ValueError(f"{info.filename} was altered")
                name = info.filename.removesuffix(_ENDING)
                if only is None or name in only:
                    # Reading a member to its end checks its sum.
                    found[name] = _array(file.read(info))
            return found
    except _DAMAGE as error:
        raise InputError(f"{path} is damaged: {shortened(str(error))}.") from error


def _check_size(path: Path, file: ZipFile, most: int) -> None:
    # `zipfile` reads no more of a member than it declares.
    size = sum(info.file_size for info in file.infolist())
    if size > most:
        raise InputError(
            f"{path} would unpack to {size / 2**20:,.0f} MiB; at most "
            f"{most / 2**20:,.0f} MiB are read."
        )


def _array(data: bytes) -> NDArray[np.generic]:
    """Return the array of a ``.npy`` file, which must be as long as it says."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    reader = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    with _PARSING:
        shape, by_columns, kind = reader(stream)
    begin = stream.tell()
    if kind.hasobject:
        raise ValueError("it holds objects, not numbers")
    if (
        math.prod(shape) * kind.itemsize != len(data) - begin
        or min(shape, default=0) < 0
    ):
        raise ValueError("an array is not as long as it says")
    flat = np.frombuffer(data, dtype=kind, offset=begin, count=math.prod(shape))
    return flat.reshape(shape, order="F" if by_columns else "C").copy(order="K")
