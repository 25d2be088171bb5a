"""Alterations of genes, and what each changes in the cell."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.library_file import read_list
from oestra.core.quantity import Origin

__all__ = ["Alteration", "alterations", "find_alteration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """A change of one gene.

    Parameters
    ----------
    gene : str
        HGNC symbol.
    name : str
        Allele or kind of change, such as ``"Y537S"``, ``"loss"``.
    set, scale : mapping of str to float
        Parameters of the cell that are replaced, or multiplied.
    origin : Origin
        Where the sizes come from.
    source, reason : str
        Publication, and why these sizes.

    Raises
    ------
    InputError
        If a value or factor is negative or infinite.
    """

    gene: str
    name: str
    set: Mapping[str, float] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    origin: Origin
    source: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        for name, value in (*self.set.items(), *self.scale.items()):
            if not 0 <= value < math.inf:
                raise InputError(
                    f"{self.gene}={self.name}: {name} must be 0 or more, and finite, "
                    f"got {value:g}."
                )


def _entries(file: Traversable) -> list[Alteration]:
    entries = read_list(file, "a list of alterations")
    try:
        facts: list[dict[str, Any]] = [
            {**entry, "origin": Origin(entry["origin"])} for entry in entries
        ]
        return [Alteration(**each) for each in facts]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file.name} must list alterations: {error}.") from None


def _read(library: Library) -> Mapping[tuple[str, str], Alteration]:
    found: dict[tuple[str, str], Alteration] = {}
    for file in library.files(Kind.ALTERATIONS, "oestra.network.alterations"):
        for item in _entries(file):
            if (item.gene, item.name) in found:
                raise InputError(
                    f"{file.name}: {item.gene} {item.name} is declared twice."
                )
            found[item.gene, item.name] = item
    return MappingProxyType(found)


def alterations(
    library: Library = SHIPPED,
) -> Mapping[tuple[str, str], Alteration]:
    """Return every alteration of a library, by gene and name."""
    return library.once(_read)


def find_alteration(gene: str, name: str, library: Library = SHIPPED) -> Alteration:
    """Return an alteration by gene and name, ignoring case.

    Raises
    ------
    InputError
        If gene or alteration is unknown; names the nearest.
    """
    known = alterations(library)
    genes = {key[0].casefold(): key[0] for key in known}
    if gene.casefold() not in genes:
        raise unknown_name("gene", gene, genes.values(), where="alterations.yaml")
    symbol = genes[gene.casefold()]
    names = {key[1].casefold(): key[1] for key in known if key[0] == symbol}
    if name.casefold() not in names:
        allowed = ", ".join(names.values())
        raise InputError(
            f"No alteration {name!r} of {symbol}; known are {allowed} "
            "(declared in alterations.yaml)."
        )
    return known[symbol, names[name.casefold()]]
