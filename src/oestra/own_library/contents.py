"""What the files of a library declare, by their names alone."""

import re
from collections.abc import Iterator
from typing import Any

from oestra.core.errors import InputError
from oestra.core.library import Kind, Library
from oestra.own_library.document import Document, read_document
from oestra.own_library.fault import Fault

__all__ = ["declared_names", "library_names"]

_LISTED = (
    Kind.ALTERATIONS, Kind.AMOUNTS, Kind.DISHES, Kind.MEDIA, Kind.SUBSTANCES
)  # fmt: skip
_BY_NAME = (Kind.PARAMETERS, Kind.PRACTICE, Kind.READOUTS, Kind.TARGETS)
_WORD = re.compile(r"[A-Za-z_]\w*")


def declared_names(document: Document, *, every: bool = False) -> list[str]:
    """Return what a file declares.

    Parameters
    ----------
    document : Document
        The file.
    every : bool
        Also other names of the same: aliases, genes, symbols of a pathway.

    Returns
    -------
    list of str
        In the order of the file.
    """
    data = document.data
    if document.kind is Kind.PATHWAYS:
        words = _WORD.findall(re.sub(r"//[^\n]*", "", document.text)) if every else ()
        return [document.path.stem, *dict.fromkeys(words)]
    if document.kind is Kind.EVIDENCE:
        rows = data.get("results", ()) if isinstance(data, dict) else ()
        return [str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row]
    if document.kind in _BY_NAME:
        entries = data.items() if isinstance(data, dict) else ()
        found = [str(name) for name, _ in entries]
        if every:
            found += [name for _, entry in entries for name in _others(entry)]
        if every and document.kind is Kind.PRACTICE:
            # The word of a class may stand under a key that is misspelled.
            records = [entry for _, entry in entries if isinstance(entry, dict)]
            found += [v for r in records for v in r.values() if isinstance(v, str)]
        return found
    records = data if document.kind in _LISTED and isinstance(data, list) else [data]
    found = []
    for one in records:
        if isinstance(one, dict):
            found += [_name(one, document), *(_others(one) if every else ())]
    return found + ([document.path.stem] if every else [])


def _name(record: dict[str, Any], document: Document) -> str:
    if document.kind is Kind.ALTERATIONS:
        return f"{record.get('gene', '?')} {record.get('name', '?')}"
    if document.kind is Kind.AMOUNTS:
        return str(record.get("gene", "?"))
    return str(record.get("id", document.path.stem))


def _others(record: Any) -> Iterator[str]:
    if not isinstance(record, dict):
        return
    for key in ("gene", "name", "class"):
        if key in record:
            yield str(record[key])
    aliases = record.get("aliases", ())
    yield from map(str, aliases if isinstance(aliases, list) else ())


def library_names(library: Library) -> dict[Kind, list[str]]:
    """Return what a library's own files declare, by kind; kinds without any left out.

    Raises
    ------
    InputError
        If a file cannot be read at all.
    """
    found: dict[Kind, list[str]] = {}
    for kind in Kind:
        for path in library.own(kind):
            read = read_document(kind, path, str(path))
            if isinstance(read, Fault):
                raise InputError(str(read))
            found.setdefault(kind, []).extend(declared_names(read))
    return found
