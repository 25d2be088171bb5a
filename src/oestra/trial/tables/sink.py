"""Where the tables of a trial go while it runs."""

from dataclasses import dataclass

from oestra.cdisc.formats import Format
from oestra.cdisc.writer import Add

__all__ = ["TableSink"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSink:
    """Takes the tables of each replicate, in order.

    Parameters
    ----------
    formats : tuple of Format
        In which rows are encoded.
    add : callable
        Takes the tables of one replicate, which are dropped after.
    """

    formats: tuple[Format, ...]
    add: Add
