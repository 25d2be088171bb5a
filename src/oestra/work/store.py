"""Where results of tasks are kept and found again: a folder, or a place fsspec knows.

A result is pickled and lies under the hash of what it was computed from. Whoever may
write to a store can run code in those who read from it: share one among people who
trust each other, like a folder of programs.
"""

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from oestra.core.errors import InputError
from oestra.core.partial import complete_file, partial_name

__all__ = ["Store", "open_store"]

_SUM = 32


class Store(Protocol):
    """Bytes by name."""

    def get(self, name: str) -> bytes | None:
        """Return what lies under a name, None if nothing whole does."""
        ...

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a name; an `OSError` tells that it could not."""
        ...


def _sealed(data: bytes) -> bytes:
    return blake2b(data, digest_size=_SUM).digest() + data


def _unsealed(data: bytes) -> bytes | None:
    """Return what was kept, None if it was cut short or altered."""
    body = data[_SUM:]
    whole = data[:_SUM] == blake2b(body, digest_size=_SUM).digest()
    return body if whole else None


class _Folder:
    """A store in a folder of this machine, or one that machines share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _place(self, name: str) -> Path:
        return self._root / name[:2] / name

    def get(self, name: str) -> bytes | None:
        """Return what lies under a name, None if nothing whole does."""
        try:
            return _unsealed(self._place(name).read_bytes())
        except FileNotFoundError:
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a name, which appears only when they are whole."""
        with complete_file(self._place(name)) as file:
            file.write(_sealed(data))


class _Remote:
    """A store at an address that fsspec knows, such as ``s3://bucket/tasks``."""

    def __init__(self, address: str) -> None:
        import fsspec  # noqa: PLC0415 - an extra

        if not address.partition("://")[2]:
            raise OSError("the address names no place")
        self._files, self._root = fsspec.core.url_to_fs(address)

    def _place(self, name: str) -> str:
        return f"{self._root}/{name[:2]}/{name}"

    def get(self, name: str) -> bytes | None:
        """Return what lies under a name, None if nothing whole does."""
        try:
            return _unsealed(self._files.cat_file(self._place(name)))
        except FileNotFoundError:
            return None

    def put(self, name: str, data: bytes) -> None:
        """Keep bytes under a name; a file that is cut short fails its sum."""
        place = self._place(name)
        self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
        self._files.pipe_file(place, _sealed(data))

    def drop(self, name: str) -> None:
        """Remove what lies under a name, if anything does."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._place(name))


def open_store(place: str) -> Store:
    """Return a store that can be written.

    Parameters
    ----------
    place : str
        A folder, which is made, or an address such as ``s3://bucket/tasks``.

    Returns
    -------
    Store
        The store.

    Raises
    ------
    InputError
        If it cannot be written, or needs what is not installed.
    """
    trial = partial_name("trial").lstrip(".")
    try:
        if "://" in place:
            remote = _Remote(place)
            remote.put(trial, b"")
            remote.drop(trial)
            return remote
        root = Path(place).expanduser().absolute()
        root.mkdir(parents=True, exist_ok=True)
        with complete_file(root / trial) as file:
            file.write(b"")
        (root / trial).unlink()
        return _Folder(root)
    except ImportError as error:
        raise InputError(
            f"The store {place!r} needs what is not installed ({error}); "
            "'pip install oestra[cluster]' brings fsspec, and some addresses need "
            "more, such as s3fs."
        ) from error
    except Exception as error:
        # fsspec raises what the library of each address raises.
        told = f"The store {place!r} cannot be written: {_reason(error)}."
        raise InputError(told) from error


def _reason(error: Any) -> str:
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(told).split()).rstrip(".")
