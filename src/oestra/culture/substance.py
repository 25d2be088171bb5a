"""What a culture medium may hold besides drugs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oestra.core.library import SHIPPED, Kind, Library
from oestra.core.quantity import Quantity
from oestra.culture.records import find_record, read_records

__all__ = ["Substance", "find_substance", "substances"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """A hormone or growth factor of a medium.

    Parameters
    ----------
    id : str
        Name under which everything else knows it.
    aliases : tuple of str
        Other names.
    parameter : str
        Parameter of the cell that holds its concentration, nM; empty for a precursor.
    acts_as : mapping of str to Quantity
        For ligands that bind the receptors of others: by parameter, the concentration
        of the other that 1 nM of it does the work of.
    molar_mass : Quantity
        In g/mol.
    """

    id: str
    aliases: tuple[str, ...] = ()
    parameter: str = ""
    acts_as: Mapping[str, Quantity] = field(default_factory=dict)
    molar_mass: Quantity

    def sets(self, level: float) -> dict[str, float]:
        """Return what a concentration, nM, adds to parameters of the cell."""
        own = {self.parameter: level} if self.parameter else {}
        others = {name: level * one.value for name, one in self.acts_as.items()}
        return {**own, **others}


def _read(library: Library) -> Mapping[str, Substance]:
    return read_records(library, Kind.SUBSTANCES, Substance, lambda one: one.id)


def substances(library: Library = SHIPPED) -> Mapping[str, Substance]:
    """Return every substance of a library by its id."""
    return library.once(_read)


def find_substance(name: str, library: Library = SHIPPED) -> Substance | None:
    """Find a substance by any of its names, or None if it is not one."""
    return find_record(substances(library), name)
