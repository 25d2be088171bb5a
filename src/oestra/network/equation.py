"""The lines of the pathways that define a symbol of the cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oestra.core.library import SHIPPED, Kind, Library

__all__ = ["Equation", "equations_of"]

_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One line of a pathway.

    Parameters
    ----------
    file : str
        Name of the file.
    line : int
        Which line of it.
    text : str
        What stands there, without a comment.
    """

    file: str
    line: int
    text: str

    @property
    def words(self) -> frozenset[str]:
        """Every name in it."""
        return frozenset(_WORD.findall(self.text))


def _defined(text: str) -> frozenset[str]:
    """Return what a line defines: a rule's symbol, or the species of a reaction."""
    if ":=" in text:
        return frozenset(_WORD.findall(text.partition(":=")[0]))
    if "->" in text:
        species = text.partition(":")[2].partition(";")[0]
        return frozenset(_WORD.findall(species))
    before, equals, _ = text.partition("=")
    return frozenset(_WORD.findall(before)) if equals else frozenset()


def _read(library: Library) -> tuple[tuple[frozenset[str], Equation], ...]:
    found: list[tuple[frozenset[str], Equation]] = []
    for file in library.files(Kind.PATHWAYS, "oestra.network.pathways"):
        lines = file.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            text = line.split("//")[0].strip()
            if text:
                one = Equation(file=file.name, line=number, text=text)
                found.append((_defined(text), one))
    return tuple(found)


def equations_of(symbol: str, library: Library = SHIPPED) -> Iterator[Equation]:
    """Yield the lines that define a symbol: its rule, or the reactions it is in.

    Parameters
    ----------
    symbol : str
        A state or derived quantity of the cell.
    library : Library
        Whose cell.

    Yields
    ------
    Equation
        In the order of the files.

    Examples
    --------
    >>> [one.text for one in equations_of("pip3_bound")]
    ['pip3_bound := pip3 / (k_pip3 + pip3);']
    """
    for defined, equation in library.once(_read):
        if symbol in defined:
            yield equation
