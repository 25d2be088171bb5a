"""What of a library is sound so far, while its files are checked one kind at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from oestra.core.errors import InputError, OestraError, unknown_name
from oestra.core.library import Kind, Library
from oestra.network.cell import composed_sbml
from oestra.own_library.document import Document, Place
from oestra.own_library.fault import Fault
from oestra.solve.sbml import recall_sbml

__all__ = ["Shelf", "tell"]


@dataclass
class Shelf:
    """The files of a library, its sound part, and the faults found.

    Parameters
    ----------
    folders : tuple of Path
        The folders.
    documents : dict of Kind to list of Document
        Files that could be read.
    faults : list of Fault
        What is wrong.
    broken : set of Path
        Files with faults, which later kinds do without.
    """

    folders: tuple[Path, ...]
    documents: dict[Kind, list[Document]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)

    def add(self, document: Document, found: list[Fault]) -> None:
        """Note the faults of a file."""
        if found:
            self.faults += found
            self.broken.add(document.path)
            self.__dict__.pop("library", None)
            self.__dict__.pop("_ode", None)

    @cached_property
    def library(self) -> Library:
        """The package and every file without fault."""
        return Library(self.folders, frozenset(self.broken))

    @cached_property
    def _ode(self) -> Any:
        return recall_sbml(composed_sbml(self.library)).ode

    @property
    def parameters(self) -> frozenset[str]:
        """Parameters of the cell."""
        return frozenset(self._ode.parameters)

    @property
    def symbols(self) -> frozenset[str]:
        """What can be read from the cell: states and derived quantities."""
        return frozenset((*self._ode.states, *self._ode.outputs))

    def check_parameter(self, name: str) -> None:
        """Raise InputError, with the nearest, unless the cell has a parameter."""
        if name not in self.parameters:
            raise unknown_name("parameter of the cell", name, self.parameters)

    def check_symbol(self, name: str) -> None:
        """Raise InputError, with the nearest, unless the cell has a symbol."""
        if name not in self.symbols:
            raise unknown_name("symbol of the cell", name, self.symbols)


def tell(
    document: Document, place: Place, check: Any, *given: Any, **named: Any
) -> Iterator[Fault]:
    """Yield what a check refuses, at a place of a file."""
    try:
        check(*given, **named)
    except OestraError as error:
        yield from document.of_error(error, place)
    except ValueError as error:
        yield document.fault(place, InputError(str(error)))
