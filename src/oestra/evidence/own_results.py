"""Published results that a library brings, set beside the trials they are of.

They are shown and never fitted to: the list that fits aim at is frozen.
"""

from collections.abc import Mapping
from pathlib import Path

from oestra.core.errors import InputError
from oestra.core.library import Kind, Library
from oestra.evidence.evidence_record import Record
from oestra.evidence.published import published, read_record, targets
from oestra.evidence.target_row import TargetRow

__all__ = ["OwnResults", "own_rows", "published_in"]


class OwnResults(Record):
    """A file of published results.

    Parameters
    ----------
    results : tuple of TargetRow
        One a published quantity.
    """

    results: tuple[TargetRow, ...]


def own_rows(library: Library) -> Mapping[str, TargetRow]:
    """Return the published results of a library's own files, by id.

    Raises
    ------
    InputError
        If a file does not fit, or an id is taken.
    """
    return library.once(_read)


def published_in(
    trial: str, library: Library, **asked: str | None
) -> tuple[TargetRow, ...]:
    """Return the published quantities of a trial, those of a library's files too.

    Parameters
    ----------
    trial : str
        Trial id.
    library : Library
        Whose files.
    **asked : str, optional
        Stratum, arm, endpoint, use: those of `oestra.evidence.published.published`.

    Returns
    -------
    tuple of TargetRow
        The rows, in the order of the list and then of the files.
    """
    own = (row for row in own_rows(library).values() if row.trial == trial)
    wanted = {name: value for name, value in asked.items() if value is not None}
    return (
        *published(trial, **wanted),
        *(r for r in own if all(getattr(r, k) == v for k, v in wanted.items())),
    )


def _read(library: Library) -> Mapping[str, TargetRow]:
    shipped = {row.id for row in targets()} if library.own(Kind.EVIDENCE) else set()
    found: dict[str, TargetRow] = {}
    for path in library.own(Kind.EVIDENCE):
        for row in _rows(path):
            if row.id in shipped or row.id in found:
                raise InputError(f"{path.name}: the result {row.id!r} exists already.")
            found[row.id] = row
    return found


def _rows(path: Path) -> tuple[TargetRow, ...]:
    return read_record(path, OwnResults).results
