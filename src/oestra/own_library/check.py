"""Every fault of every file of a library at once, and what the library adds."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oestra.claims.claim_library import claims
from oestra.core.errors import InputError, OestraError, nearest
from oestra.core.library import Kind, Library
from oestra.core.name import plain_name
from oestra.culture.amount import amounts
from oestra.culture.confluence import dishes
from oestra.culture.mixed_medium import mixed_media
from oestra.culture.readout import readouts
from oestra.culture.substance import substances
from oestra.drugs.load import drugs
from oestra.drugs.target import levers
from oestra.evidence.own_results import own_rows
from oestra.history.therapies import practice
from oestra.network.alteration import alterations
from oestra.network.cell import composed_sbml
from oestra.network.cell_line import cell_lines
from oestra.network.compose import pathway_faults
from oestra.network.parameter import parameter_table
from oestra.own_library import cell_files, dish_files, study_files
from oestra.own_library.contents import declared_names
from oestra.own_library.document import Document, read_document
from oestra.own_library.fault import Fault
from oestra.own_library.shelf import Shelf
from oestra.trial.designs import designs

__all__ = ["Findings", "check_library"]

Check = Callable[[Document, Shelf], list[Fault]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a library holds and what is wrong with it.

    Parameters
    ----------
    names : mapping of Kind to tuple of str
        What its files declare, by kind, in the order of files and lines.
    faults : tuple of Fault
        Every fault, by file and line; empty where there is none.
    """

    names: Mapping[Kind, tuple[str, ...]]
    faults: tuple[Fault, ...]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "found": {kind.value: list(found) for kind, found in self.names.items()},
            "faults": [fault.to_json_dict() for fault in self.faults],
        }


_READERS: Mapping[Kind, Callable[[Library], object]] = {
    Kind.PARAMETERS: parameter_table,
    Kind.PATHWAYS: composed_sbml,
    Kind.TARGETS: levers,
    Kind.READOUTS: readouts,
    Kind.SUBSTANCES: substances,
    Kind.MEDIA: mixed_media,
    Kind.DISHES: dishes,
    Kind.AMOUNTS: amounts,
    Kind.ALTERATIONS: alterations,
    Kind.CELL_LINES: cell_lines,
    Kind.DRUGS: drugs,
    Kind.PRACTICE: practice,
    Kind.TRIALS: designs,
    Kind.EVIDENCE: own_rows,
    Kind.CLAIMS: claims,
}
"""Kinds in the order in which they speak of each other, and who reads each."""

_CHECKS: Mapping[Kind, Check] = {
    Kind.PARAMETERS: cell_files.parameters,
    Kind.TARGETS: cell_files.targets,
    Kind.READOUTS: cell_files.readouts,
    Kind.SUBSTANCES: cell_files.substances,
    Kind.MEDIA: dish_files.media,
    Kind.DISHES: dish_files.dishes,
    Kind.AMOUNTS: dish_files.amounts,
    Kind.ALTERATIONS: cell_files.alterations,
    Kind.CELL_LINES: cell_files.cell_lines,
    Kind.DRUGS: study_files.drugs,
    Kind.PRACTICE: study_files.practice,
    Kind.TRIALS: study_files.trials,
    Kind.EVIDENCE: study_files.evidence,
    Kind.CLAIMS: study_files.claims,
}


def check_library(folders: Iterable[Path | str]) -> Findings:
    """Check every file of a library.

    Parameters
    ----------
    folders : iterable of Path or str
        The folders, which may speak of each other and of what ships.

    Returns
    -------
    Findings
        What they hold, and every fault of every file.

    Raises
    ------
    InputError
        If a folder does not exist, or holds none of the kinds.
    """
    places = tuple(Path(folder) for folder in folders)
    shelf = Shelf(tuple(place.expanduser().resolve() for place in places))
    Library(shelf.folders)
    shown = dict(zip(shelf.folders, map(str, places), strict=True))
    for folder, name in shown.items():
        shelf.faults += _strays(folder, name)
    for kind in Kind:
        shelf.documents[kind] = list(_documents(shelf, kind, shown))
    _check_cell(shelf)
    for kind, reader in _READERS.items():
        _check_kind(shelf, kind, reader)
    names = {
        kind: tuple(name for one in found for name in declared_names(one))
        for kind, found in shelf.documents.items()
        if found
    }
    faults = sorted(set(_own_words(shelf)))
    return Findings(names=names, faults=tuple(faults))


_SUFFIXES = frozenset({".yaml", ".yml", ".ant"})


def _strays(folder: Path, shown: str) -> Iterator[Fault]:
    """Yield folders and files that nothing would read."""
    kinds = [kind.value for kind in Kind]
    for place in sorted(folder.iterdir()):
        if place.name.startswith((".", "__")):
            continue
        if not place.is_dir():
            if place.suffix.casefold() in _SUFFIXES:
                told = "Files lie in a folder of their kind; this one is not read."
                yield Fault(f"{shown}/{place.name}", 0, told)
            continue
        if place.name not in kinds:
            near = nearest(place.name, kinds)
            known = f"nearest is {near!r}" if near else f"known are {', '.join(kinds)}"
            told = f"No kind of file {place.name!r}; {known}."
            yield Fault(f"{shown}/{place.name}", 0, told)
            continue
        yield from _unread(place, f"{shown}/{place.name}")


def _unread(place: Path, shown: str) -> Iterator[Fault]:
    """Yield what lies in the folder of a kind and is none of its files."""
    suffix = Kind(place.name).suffix
    for file in sorted(place.iterdir()):
        if file.name.startswith((".", "__")) or file.suffix == suffix:
            continue
        ends = {one.casefold() for one in file.suffixes}
        if file.is_dir():
            told = f"Files of {place.name} lie in no further folder; none is read."
        elif ends & _SUFFIXES and file.suffix.casefold() in {*_SUFFIXES, ".txt"}:
            told = f"Files of {place.name} end in {suffix}; this one is not read."
        else:
            continue
        yield Fault(f"{shown}/{file.name}", 0, told)


def _documents(
    shelf: Shelf, kind: Kind, shown: Mapping[Path, str]
) -> Iterator[Document]:
    for path in Library(shelf.folders).own(kind):
        folder = next(one for one in shelf.folders if path.is_relative_to(one))
        name = f"{shown[folder]}/{kind.value}/{path.name}"
        read = read_document(kind, path, name)
        if isinstance(read, Fault):
            shelf.faults.append(read)
            shelf.broken.add(path)
        else:
            yield read


def _check_kind(shelf: Shelf, kind: Kind, reader: Callable[[Library], object]) -> None:
    """Check the files of one kind, then that its reader takes them together."""
    for document in shelf.documents[kind]:
        if kind in _CHECKS:
            shelf.add(document, _CHECKS[kind](document, shelf))
    waiting = [d for d in shelf.documents[kind] if d.path not in shelf.broken]
    while waiting:
        try:
            reader(shelf.library)
            break
        except OestraError as error:
            document = _meant(error, waiting)
            waiting.remove(document)
            shelf.add(document, list(document.of_error(error)))
    if kind is Kind.DRUGS:
        for document in waiting:
            shelf.add(document, study_files.drug_regimens(document, shelf))


def _meant(error: OestraError, among: list[Document]) -> Document:
    """Return the file that an error speaks of; the last one if it names none."""
    told = str(error)
    for document in reversed(among):
        if str(document.path) in told:
            return document
    for document in reversed(among):
        if document.path.name in told:
            return document
    return among[-1]


def _check_cell(shelf: Shelf) -> None:
    """Check the numbers of pathways and then the pathways with them."""
    for document in shelf.documents[Kind.PARAMETERS]:
        shelf.add(document, cell_files.parameters(document, shelf))
    pathways = [d for d in shelf.documents[Kind.PATHWAYS] if d.path not in shelf.broken]
    if not pathways:
        return
    known = _declared(shelf, Kind.PARAMETERS)
    try:
        told = pathway_faults(shelf.library)
    except OestraError as error:
        told = [str(error)]
    for sentence in told:
        document = _meant(InputError(sentence), pathways)
        symbol = re.search(r"'(\w+)' is not declared", sentence)
        if symbol and symbol[1] in known:
            # Declared, in a file that has faults of its own.
            shelf.broken.add(document.path)
            continue
        shelf.faults += document.of_error(InputError(sentence))
        shelf.broken.add(document.path)
    shelf.add(pathways[0], [])
    shelf.__dict__.pop("library", None)
    shelf.__dict__.pop("_ode", None)


def _declared(shelf: Shelf, *kinds: Kind) -> frozenset[str]:
    """Return what files with faults declare; nothing else can be said of it yet."""
    found: list[str] = []
    for kind in kinds or tuple(Kind):
        for document in shelf.documents[kind]:
            if document.path in shelf.broken:
                found += declared_names(document, every=True)
    return frozenset(found)


_UNKNOWN = re.compile(r"\bNo (?:value of '[^']+'|[\w, ]+?) '([^']+)'")


def _own_words(shelf: Shelf) -> Iterator[Fault]:
    """Yield the faults, without those of names that a file with faults declares."""
    pending = {plain_name(name) for name in _declared(shelf)}
    kept: list[Fault] = []
    excused: list[Fault] = []
    for fault in shelf.faults:
        unknown = _UNKNOWN.search(fault.problem)
        known = unknown is not None and plain_name(unknown[1]) in pending
        (excused if known else kept).append(fault)
    # Where nothing else is wrong, they are what is wrong.
    yield from kept or excused
