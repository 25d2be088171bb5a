"""Alterations of genes, and what each changes in the cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from oestra.core.errors import InputError, unknown_name
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
    """

    gene: str
    name: str
    set: Mapping[str, float] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)
    origin: Origin
    source: str = ""
    reason: str = ""


@cache
def alterations() -> dict[tuple[str, str], Alteration]:
    """Return every alteration, by gene and name."""
    text = files("oestra.network").joinpath("alterations.yaml").read_text("utf-8")
    found = [
        Alteration(**{**entry, "origin": Origin(entry["origin"])})
        for entry in YAML(typ="safe").load(text)
    ]
    return {(item.gene, item.name): item for item in found}


def find_alteration(gene: str, name: str) -> Alteration:
    """Return an alteration by gene and name, ignoring case.

    Raises
    ------
    InputError
        If gene or alteration is unknown; names the nearest.
    """
    known = alterations()
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
