"""Knock-down and overexpression of a protein by any of its names.

::

    knock-down     = gene number "%"
    overexpression = gene number ( "-fold" | "fold" | "x" )
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.short_text import check_short
from oestra.culture.records import find_record, names_of, read_records

__all__ = ["Amount", "amounts", "find_amount", "parse_amounts"]

_LONGEST = 200
_MOST_LOST, _MOST_FOLD = 99.9, 1000.0
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_DOWN = re.compile(rf"(?P<gene>.*?\S)\s+(?P<number>{_NUMBER})\s*%", re.IGNORECASE)
_UP = re.compile(
    rf"(?P<gene>.*?\S)\s+(?P<number>{_NUMBER})\s*(?:-?\s*fold|x)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What follows the amount of a protein in the cell.

    Parameters
    ----------
    gene : str
        HGNC symbol.
    aliases : tuple of str
        Other names, and genes whose proteins the cell does not tell apart.
    scale : mapping of str to float
        Parameters of the cell and the power of the amount they follow.
    text : str
        What is scaled, for whoever reads the result.
    refused : str
        Why its amount cannot be changed, where it cannot.
    """

    gene: str
    aliases: tuple[str, ...] = ()
    scale: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    refused: str = ""


def _read(library: Library) -> Mapping[str, Amount]:
    return read_records(library, Kind.AMOUNTS, Amount, lambda one: one.gene)


def amounts(library: Library = SHIPPED) -> Mapping[str, Amount]:
    """Return what follows the amount of each protein, by gene."""
    return library.once(_read)


def find_amount(name: str, library: Library = SHIPPED) -> Amount:
    """Find a protein by any of its names.

    Raises
    ------
    InputError
        If the cell has none such, or its amount cannot be changed.
    """
    known = amounts(library)
    one = find_record(known, name)
    if one is None:
        raise unknown_name(
            "protein of the cell", name, names_of(known), where="amounts.yaml"
        )
    if one.refused:
        raise InputError(f"The amount of {name} cannot be changed: {one.refused}.")
    return one


def parse_amounts(
    knockdown: Iterable[str] = (),
    overexpress: Iterable[str] = (),
    library: Library = SHIPPED,
) -> tuple[tuple[str, float], ...]:
    """Read by how much amounts are changed.

    Parameters
    ----------
    knockdown : iterable of str
        Such as ``"HRAS 80 %"``: what is lost.
    overexpress : iterable of str
        Such as ``"ERBB2 10-fold"``.
    library : Library
        Whose amounts.

    Returns
    -------
    tuple of (str, float)
        Gene and the factor on its amount.

    Raises
    ------
    InputError
        If a text cannot be read, a protein is unknown or given twice, or the number
        is out of range.
    """
    found: dict[str, float] = {}
    for texts, factor in ((knockdown, _left), (overexpress, _fold)):
        for text in texts:
            check_short(text, "a change of an amount", most=_LONGEST)
            name, value = factor(" ".join(text.split()))
            gene = find_amount(name, library).gene
            if gene in found:
                raise InputError(f"The amount of {gene} is changed twice.")
            found[gene] = value
    return tuple(found.items())


def _left(text: str) -> tuple[str, float]:
    found = _DOWN.fullmatch(text)
    if found is None:
        raise InputError(f"A knock-down such as 'HRAS 80 %' is needed, got {text!r}.")
    lost = float(found["number"])
    if not 0.0 < lost <= _MOST_LOST:
        raise InputError(
            f"A knock-down takes more than 0 and at most {_MOST_LOST:g} % of a "
            f"protein, got {text!r}."
        )
    return found["gene"], 1.0 - lost / 100.0


def _fold(text: str) -> tuple[str, float]:
    found = _UP.fullmatch(text)
    if found is None:
        raise InputError(
            f"An overexpression such as 'ERBB2 10-fold' is needed, got {text!r}."
        )
    fold = float(found["number"])
    if not 1.0 < fold <= _MOST_FOLD:
        raise InputError(
            f"An overexpression is more than 1-fold and at most {_MOST_FOLD:g}-fold, "
            f"got {text!r}; less than before is a knock-down."
        )
    return found["gene"], fold
