"""The fingerprint of the cell's sources: what they say, not how they are written."""

import hashlib
import re
from collections.abc import Iterable

from oestra.core.library import SHIPPED, Kind, Library
from oestra.network.parameter import parameter_table

__all__ = ["source_digest", "structure_digest"]

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def _plain(text: str) -> str:
    """Drop comments, blank lines and indentation, which change nothing."""
    lines = _COMMENT.sub(" ", text).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _hash(parts: Iterable[object]) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _pathways(library: Library) -> list[tuple[str, str]]:
    files = library.files(Kind.PATHWAYS, "oestra.network.pathways")
    return [(file.name, _plain(file.read_text(encoding="utf-8"))) for file in files]


def _structure(library: Library) -> str:
    units = [(name, item.unit) for name, item in parameter_table(library).items()]
    return _hash([*_pathways(library), *units])


def _source(library: Library) -> str:
    table = parameter_table(library)
    values = [(name, item.value, item.unit) for name, item in table.items()]
    return _hash([*_pathways(library), *values])


def structure_digest(library: Library = SHIPPED) -> str:
    """Return a hash of the equations of the cell, whatever values they have.

    Returns
    -------
    str
        Hexadecimal SHA-256 of every pathway, comments aside, and of the names and
        units of the parameters.
    """
    return library.once(_structure)


def source_digest(library: Library = SHIPPED) -> str:
    """Return a hash of the equations of the cell and of the values in its files.

    Returns
    -------
    str
        Hexadecimal SHA-256; comments, sources and reasons do not count.
    """
    return library.once(_source)
