"""From tables to the bytes of each format, where the replicate is run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from pyarrow import csv

from oestra.cdisc.dataset_json import json_rows
from oestra.cdisc.dictionary import Dataset
from oestra.cdisc.formats import Format
from oestra.cdisc.xport import xpt_rows

__all__ = ["Encoded", "encode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """The rows of one table of one replicate.

    Parameters
    ----------
    table : Table
        As Parquet takes them.
    rows : mapping of Format to bytes
        As the other formats do.
    """

    table: pa.Table
    rows: Mapping[Format, bytes]


def _csv_rows(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    csv.write_csv(table, sink, options)
    return sink.getvalue().to_pybytes()


def encode(dataset: Dataset, table: pa.Table, formats: Sequence[Format]) -> Encoded:
    """Return the rows of a table in some formats.

    Parameters
    ----------
    dataset : Dataset
        What the dictionary says of it.
    table : Table
        Its rows.
    formats : sequence of Format
        Which.
    """
    makers = {
        Format.CSV: lambda: _csv_rows(table),
        Format.XPT: lambda: xpt_rows(dataset, table),
        Format.JSON: lambda: json_rows(table),
    }
    return Encoded(
        table=table,
        rows={one: make() for one, make in makers.items() if one in formats},
    )
