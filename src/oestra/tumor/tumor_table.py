"""Every number of the tumor, by name."""

from functools import cache

from oestra.core.library import package_files
from oestra.core.quantity import Quantity
from oestra.core.table import read_quantities

__all__ = ["tumor_table"]


@cache
def tumor_table() -> dict[str, Quantity]:
    """Return the parameters of clones, presentation and drug accumulation."""
    return read_quantities(package_files("oestra.tumor.parameters"))
