"""Every number of the model as its file declares it: cell, population, tumor."""

from collections.abc import Mapping
from types import MappingProxyType

from oestra.core.library import SHIPPED, Library
from oestra.core.quantity import Quantity
from oestra.network.parameter import parameter_table
from oestra.patients.population import population_table
from oestra.tumor.tumor_table import tumor_table

__all__ = ["quantities", "tables"]


def tables(library: Library = SHIPPED) -> tuple[Mapping[str, Quantity], ...]:
    """Return the numbers of the cell, the population and the tumor."""
    return parameter_table(library), population_table(), tumor_table()


def _read(library: Library) -> Mapping[str, Quantity]:
    found = {k: v for table in tables(library) for k, v in table.items()}
    return MappingProxyType(found)


def quantities(library: Library = SHIPPED) -> Mapping[str, Quantity]:
    """Return every quantity of the model by name."""
    return library.once(_read)
