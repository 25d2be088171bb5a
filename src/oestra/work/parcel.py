"""A call on its way to a worker: a small letter, and its large parts by hash.

Large parts (a pool of patients, a library's files) are sent to a worker once, whatever
number of calls name them, and unpacked there once. What the package itself brings does
not travel at all, and what a worker has read of it serves all calls.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from threading import RLock
from typing import Any, ClassVar

from oestra.core.library import SHIPPED, Library, library_of
from oestra.work.library_content import library_files

__all__ = ["Parcel", "Parcels", "opened"]

_SHIPPED = "shipped"
"""Stands for what the package itself brings, which every worker has read once."""
_KEPT = 64
"""Large parts a worker keeps unpacked: more than the sets of an ensemble."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A pickled call and the hashes of the parts that travel apart.

    Parameters
    ----------
    letter : bytes
        The call.
    parts : tuple of str
        Hashes of what it names, what a part itself names before it.
    """

    letter: bytes
    parts: tuple[str, ...]


class Parcels:
    """Packs calls, and keeps every large part once.

    Objects whose class says ``sent_apart = True`` are such parts, and libraries that
    hold more than the package.
    """

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}
        self._known: dict[int, tuple[object, str]] = {}
        self._within: dict[str, tuple[str, ...]] = {}
        self._prints: dict[int, tuple[object, str]] = {}

    def fingerprint(self, value: object) -> str:
        """Return the hash of a value; that of a large part is computed once."""
        # Workers open parcels and never need what this loads.
        from oestra.work.fingerprint import fingerprint  # noqa: PLC0415

        def known(part: object) -> str | None:
            if not _apart(part):
                return None
            found = self._prints.get(id(part))
            if found is None or found[0] is not part:
                own = fingerprint(part, lambda one: None if one is part else known(one))
                found = self._prints[id(part)] = (part, own)
            return found[1]

        return fingerprint(value, known)

    def pack(self, call: object) -> Parcel:
        """Return a call as it is sent.

        Parameters
        ----------
        call : object
            Anything that can be pickled.
        """
        named: dict[str, None] = {}
        letter = io.BytesIO()
        _Packer(letter, self, named).dump(call)
        return Parcel(letter.getvalue(), self._flat(named))

    def _flat(self, named: Iterable[str]) -> tuple[str, ...]:
        """Return parts with those that they name themselves, these first."""
        found = (one for name in named for one in (*self._within.get(name, ()), name))
        return tuple(dict.fromkeys(found))

    def part(self, value: object) -> str:
        """Return the hash under which a large part is kept."""
        known = self._known.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        if isinstance(value, Library):
            data = pickle.dumps(sorted(library_files(value).items()), 5)
            tag, within = "library", dict[str, None]()
        else:
            buffer, within = io.BytesIO(), dict[str, None]()
            _Packer(buffer, self, within, own=value).dump(value)
            data, tag = buffer.getvalue(), "value"
        name = f"{tag}-{blake2b(data, digest_size=20).hexdigest()}"
        self._within[name] = self._flat(within)
        self.parts[name] = data
        self._known[id(value)] = (value, name)
        return name


def _apart(value: object) -> bool:
    if isinstance(value, Library):
        return bool(value.folders)
    return getattr(type(value), "sent_apart", False) is True


class _Packer(pickle.Pickler):
    def __init__(
        self,
        file: io.BytesIO,
        parcels: Parcels,
        named: dict[str, None],
        own: object = None,
    ) -> None:
        super().__init__(file, 5)
        self._parcels, self._named, self._own = parcels, named, own

    def persistent_id(self, obj: object) -> str | None:
        if isinstance(obj, Library) and obj == SHIPPED:
            return _SHIPPED
        if obj is self._own or not _apart(obj):
            return None
        name = self._parcels.part(obj)
        self._named[name] = None
        return name


class _Opener(pickle.Unpickler):
    def __init__(self, data: bytes, fetch: Callable[[str], object]) -> None:
        super().__init__(io.BytesIO(data))
        self._fetch = fetch

    def persistent_load(self, pid: str) -> object:
        return SHIPPED if pid == _SHIPPED else self._fetch(pid)


class _Unpacked:
    """The large parts a worker has unpacked, the last ones used."""

    lock: ClassVar[Any] = RLock()
    parts: ClassVar[OrderedDict[str, object]] = OrderedDict()

    @classmethod
    def get(cls, name: str, fetch: Callable[[str], bytes]) -> object:
        with cls.lock:
            if name not in cls.parts:
                cls.parts[name] = _unpack(name, fetch)
            cls.parts.move_to_end(name)
            while len(cls.parts) > _KEPT:
                cls.parts.popitem(last=False)
            return cls.parts[name]


def _unpack(name: str, fetch: Callable[[str], bytes]) -> object:
    data = fetch(name)
    if name.startswith("library-"):
        return _library(pickle.loads(data))  # noqa: S301 - sent by the command itself
    return _Opener(data, lambda other: _Unpacked.get(other, fetch)).load()


def _library(content: list[tuple[str, bytes]]) -> Library:
    """Write a library's files to a folder of this worker, and read it from there."""
    root = Path(mkdtemp(prefix="oestra-library-"))
    for place, data in content:
        file = root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    count = len({place.partition("/")[0] for place, _ in content})
    return library_of(root / str(number) for number in range(count))


def opened(letter: bytes, parts: Mapping[str, bytes] | Callable[[str], bytes]) -> Any:
    """Return what a letter holds.

    Parameters
    ----------
    letter : bytes
        As `Parcels.pack` wrote it.
    parts : mapping of str to bytes or callable
        Where its large parts are found by hash.

    Returns
    -------
    object
        The call.
    """
    fetch = parts if callable(parts) else parts.__getitem__
    return _Opener(letter, lambda name: _Unpacked.get(name, fetch)).load()
