"""A library: every file the model is made of, from the package and from folders beside.

A library is read once and passed down; nothing below the command line asks for a drug,
a cell line or a trial by name without being told in which library. Each room reads its
own kind of file from it, and the library remembers what was read.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

from oestra.core.errors import InputError, nearest

__all__ = [
    "SHIPPED",
    "VARIABLE",
    "Kind",
    "Library",
    "library_of",
    "package_files",
]

_T = TypeVar("_T")
VARIABLE = "OESTRA_LIBRARY"
"""Environment variable that names folders, apart as in ``PATH``."""
_GROUP = "oestra.library"
"""Entry points of installed packages that bring a library."""


class Kind(StrEnum):
    """What a library holds; each is a folder of its own."""

    ALTERATIONS = "alterations"
    AMOUNTS = "amounts"
    CELL_LINES = "cell_lines"
    CLAIMS = "claims"
    DISHES = "dishes"
    DRUGS = "drugs"
    EVIDENCE = "evidence"
    MEDIA = "media"
    PARAMETERS = "parameters"
    PATHWAYS = "pathways"
    PRACTICE = "practice"
    READOUTS = "readouts"
    SUBSTANCES = "substances"
    TARGETS = "targets"
    TRIALS = "trials"

    @property
    def suffix(self) -> str:
        """How the names of such files end."""
        return ".ant" if self is Kind.PATHWAYS else ".yaml"


@dataclass(frozen=True, slots=True)
class Library:
    """The package's own files and those of further folders.

    Parameters
    ----------
    folders : tuple of Path
        Folders that add to the package, in order; each holds one folder a `Kind`.
    left_out : frozenset of Path
        Files of these folders that are not read.

    Raises
    ------
    InputError
        If a folder does not exist, or holds none of the kinds.
    """

    folders: tuple[Path, ...] = ()
    left_out: frozenset[Path] = frozenset()
    _read: dict[Any, Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _lock: Any = field(default_factory=RLock, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse folders that are no library."""
        for folder in self.folders:
            _check_folder(folder)

    def __reduce__(self) -> tuple[type["Library"], tuple[object, ...]]:
        """Send the folders to another process, not what was read from them."""
        return Library, (self.folders, self.left_out)

    def files(self, kind: Kind, package: str) -> tuple[Traversable, ...]:
        """Return the files of one kind, the package's first, each folder by name.

        Parameters
        ----------
        kind : Kind
            What they hold.
        package : str
            Package whose files of this kind ship.

        Returns
        -------
        tuple of Traversable
            ``name`` is the file's; those of folders are `pathlib.Path`.
        """
        return (*_by_name(files(package), kind), *self.own(kind))

    def own(self, kind: Kind) -> tuple[Path, ...]:
        """Return the files of one kind of the folders beside the package."""
        found: list[Path] = []
        for folder in self.folders:
            place = folder / kind.value
            if place.is_dir():
                found += [Path(str(file)) for file in _by_name(place, kind)]
        return tuple(file for file in found if file not in self.left_out)

    def place(self, file: Traversable) -> str:
        """Return what people call a file: the path of an own one, else its name."""
        own = isinstance(file, Path) and any(
            file.is_relative_to(folder) for folder in self.folders
        )
        return str(file) if own else file.name

    def once(self, read: Callable[["Library"], _T]) -> _T:
        """Return what a reader makes of this library, read the first time only.

        Parameters
        ----------
        read : callable
            Takes the library; a function of a module, so that it is the same one
            every time.
        """
        with self._lock:
            if read not in self._read:
                self._read[read] = read(self)
            return cast("_T", self._read[read])


SHIPPED = Library()
"""What the package itself brings."""


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise InputError(
            f"The library {str(folder)!r} is no folder; "
            "'oestra library new' makes one with examples."
        )
    kinds = ", ".join(kind.value for kind in Kind)
    if not any((folder / kind.value).is_dir() for kind in Kind):
        near = _misnamed(folder)
        hint = f"; {near[0]!r} is nearest to {near[1]!r}" if near else ""
        if folder.name in {kind.value for kind in Kind}:
            hint = f"; it is such a folder, and {str(folder.parent)!r} the library"
        raise InputError(
            f"The library {str(folder)!r} has none of the folders {kinds}{hint}."
        )


def _misnamed(folder: Path) -> tuple[str, str] | None:
    """Return a folder that may be meant to be one of the kinds, and that kind."""
    kinds = [kind.value for kind in Kind]
    for place in sorted(folder.iterdir()):
        near = nearest(place.name, kinds) if place.is_dir() else None
        if near is not None:
            return place.name, near
    return None


def package_files(package: str, suffix: str = ".yaml") -> list[Traversable]:
    """Return the files of a package that end so, by name."""
    found = [file for file in files(package).iterdir() if file.name.endswith(suffix)]
    return sorted(found, key=lambda file: file.name)


def _by_name(folder: Traversable, kind: Kind) -> list[Traversable]:
    found = [
        file
        for file in folder.iterdir()
        # Hidden ones are what systems and editors leave beside files.
        if file.name.endswith(kind.suffix) and not file.name.startswith(".")
    ]
    return sorted(found, key=lambda file: file.name)


@cache
def _installed() -> tuple[Path, ...]:
    """Return the libraries that installed packages bring."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow to load

    return tuple(
        Path(str(files(entry.module)))
        for entry in sorted(entry_points(group=_GROUP), key=lambda one: one.name)
    )


@cache
def _library(folders: tuple[Path, ...]) -> Library:
    """Return one object for the same folders, so that they are read once a process."""
    return Library(folders) if folders else SHIPPED


def library_of(folders: Iterable[Path | str] = ()) -> Library:
    """Return the library of installed packages, the environment and some folders.

    Parameters
    ----------
    folders : iterable of Path or str
        Folders to add besides, such as those of ``--library``.

    Returns
    -------
    Library
        What the package brings, then installed packages, then the folders of
        ``OESTRA_LIBRARY``, then these; a folder named twice counts once.

    Raises
    ------
    InputError
        If a folder is no library.
    """
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    told = [Path(text).expanduser().resolve() for text in named if text.strip()]
    asked = [Path(folder).expanduser().resolve() for folder in folders]
    return _library(tuple(dict.fromkeys((*_installed(), *told, *asked))))
