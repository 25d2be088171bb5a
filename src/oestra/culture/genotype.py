"""The genes of a culture: what the line carries and what an experiment changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oestra.core.errors import InputError, unknown_name
from oestra.core.library import SHIPPED, Library
from oestra.culture.amount import amounts as known_amounts
from oestra.culture.amount import find_amount, parse_amounts
from oestra.network.alteration import Alteration, alterations, find_alteration
from oestra.network.cell_line import CellLine

__all__ = ["Genotype", "parse_genotype"]

_WILD_TYPE = "wild-type"
_WILD = ("wildtype", "wt", "wild-type", "wild type", "none")
_SYMBOLS = {
    "HER2": "ERBB2",
    "PDK1": "PDPK1",
    "AKT": "AKT1",
    "ER": "ESR1",
    "AIB1": "NCOA3",
    "SRC3": "NCOA3",
    "PI3KA": "PIK3CA",
    "cyclin D1": "CCND1",
}
"""Names in use for genes that the alterations know by HGNC symbol."""
_WORDS = {
    "amplified": "amplification",
    "amp": "amplification",
    "null": "loss",
    "deletion": "loss",
    "deleted": "loss",
    "knockout": "loss",
    "lost": "loss",
    "low": "knockdown",
    "overexpression": "high",
    "overexpressed": "high",
    "myr": "myristoylated",
}
"""Words in use for alterations."""
_RAISED = (
    "overexpression",
    "overexpressed",
    "high",
    "amplified",
    "amplification",
    "amp",
)
_LOWERED = ("knockdown", "low", "silenced", "loss", "lost", "null", "knockout")


@dataclass(frozen=True, slots=True)
class Genotype:
    """What an experiment changes in the genes of a line.

    Parameters
    ----------
    changes : tuple of (str, str)
        Gene and its alteration, ``"wild-type"`` for none, in the order written.
    amounts : tuple of (str, float)
        Gene and the factor on the amount of its protein; see
        `oestra.culture.amount`.
    """

    changes: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    amounts: tuple[tuple[str, float], ...] = field(default_factory=tuple)

    def of(self, line: CellLine) -> dict[str, str]:
        """Return the altered genes of a line with these changes, by gene."""
        full = {**line.alterations, **dict(self.changes)}
        genes = {gene: name for gene, name in full.items() if name != _WILD_TYPE}
        for gene, factor in self.amounts:
            told = f"{factor:.3g} times its amount"
            genes[gene] = f"{genes[gene]}, {told}" if gene in genes else told
        return genes

    def parameters(
        self,
        line: CellLine,
        defaults: Mapping[str, float],
        library: Library = SHIPPED,
    ) -> dict[str, float]:
        """Return what line and changes set in the cell.

        Parameters
        ----------
        line : CellLine
            The line.
        defaults : mapping of str to float
            Parameters of the reference cell.
        library : Library
            Whose alterations and amounts.

        Returns
        -------
        dict of str to float
            Parameters that differ from the reference cell.

        Raises
        ------
        InputError
            If an alteration or parameter is not known.
        """
        changed = dict(self.changes)
        values: dict[str, float] = {}
        for gene, name in line.alterations.items():
            if gene not in changed:
                _apply(find_alteration(gene, name, library), values, defaults)
        for gene, trait in line.traits.items():
            if gene not in changed or not trait.lesion:
                values[trait.parameter] = trait.value
        for gene, name in changed.items():
            if name != _WILD_TYPE:
                _apply(find_alteration(gene, name, library), values, defaults)
        _rescale(self.amounts, values, defaults, library)
        unknown = [name for name in values if name not in defaults]
        if unknown:
            raise unknown_name("parameter of the cell", unknown[0], defaults)
        return values


def _rescale(
    amounts: Iterable[tuple[str, float]],
    values: dict[str, float],
    defaults: Mapping[str, float],
    library: Library,
) -> None:
    for gene, factor in amounts:
        for name, power in find_amount(gene, library).scale.items():
            values[name] = values.get(name, defaults.get(name, 1.0)) * factor**power


def _apply(
    alteration: Alteration, values: dict[str, float], defaults: Mapping[str, float]
) -> None:
    values.update(alteration.set)
    for name, factor in alteration.scale.items():
        values[name] = values.get(name, defaults.get(name, 1.0)) * factor


def parse_genotype(
    items: Iterable[str],
    library: Library = SHIPPED,
    *,
    knockdown: Iterable[str] = (),
    overexpress: Iterable[str] = (),
) -> Genotype:
    """Read changes of genes.

    Parameters
    ----------
    items : iterable of str
        Such as ``"PIK3CA=H1047R"``, ``"PTEN=loss"``, ``"ERBB2=wild-type"``. A change
        takes the place of what the line carries in that gene.
    library : Library
        Whose alterations and amounts.
    knockdown, overexpress : iterable of str
        Changes of amounts, such as ``"HRAS 80 %"`` and ``"ERBB2 10-fold"``.

    Returns
    -------
    Genotype
        The changes.

    Raises
    ------
    InputError
        If an item cannot be read, a gene or alteration is unknown, or a gene is
        changed twice.
    """
    found: dict[str, str] = {}
    for item in items:
        gene, equals, name = (part.strip() for part in item.partition("="))
        if not (gene and equals and name):
            raise InputError(
                f"A lesion such as 'PIK3CA=H1047R' or 'PTEN=loss' is needed, got "
                f"{item!r}."
            )
        symbol, allele = _change(gene, name, library)
        if symbol in found:
            raise InputError(
                f"{symbol} is set twice, to {found[symbol]} and to {allele}; a culture "
                "has one alteration of a gene."
            )
        found[symbol] = allele
    return Genotype(
        tuple(found.items()), parse_amounts(knockdown, overexpress, library)
    )


def _change(gene: str, name: str, library: Library) -> tuple[str, str]:
    symbols = {alias.casefold(): symbol for alias, symbol in _SYMBOLS.items()}
    symbol = symbols.get(gene.casefold(), gene)
    if name.casefold() in _WILD:
        genes = {key[0].casefold(): key[0] for key in alterations(library)}
        if symbol.casefold() not in genes:
            raise unknown_name("gene", gene, genes.values(), where="alterations.yaml")
        return genes[symbol.casefold()], _WILD_TYPE
    word = _WORDS.get(name.casefold(), name)
    of_gene = [
        key for key in alterations(library) if key[0].casefold() == symbol.casefold()
    ]
    if not any(key[1].casefold() == word.casefold() for key in of_gene):
        raise _no_such(gene, symbol, name, [key[1] for key in of_gene], library)
    alteration = find_alteration(symbol, word, library)
    return alteration.gene, alteration.name


def _no_such(
    gene: str, symbol: str, name: str, known: list[str], library: Library
) -> InputError:
    """Say what can be set instead, and how amounts are changed."""
    amount = known_amounts(library).get(symbol.upper())
    more = ""
    if amount is not None and not amount.refused:
        raised = name.casefold() in _RAISED
        option = "overexpress" if raised else "knockdown"
        size = "10-fold" if raised else "80 %"
        if raised or name.casefold() in _LOWERED:
            more = f"; for another amount use --{option} '{amount.gene} {size}'"
    if not known:
        if more:
            return InputError(f"No alteration {name!r} of {symbol}{more}.")
        genes = {key[0] for key in alterations(library)}
        return unknown_name("gene", gene, genes, where="alterations.yaml")
    allowed = ", ".join(known)
    return InputError(
        f"No alteration {name!r} of {symbol}; known are {allowed} (declared in "
        f"alterations.yaml){more}."
    )
