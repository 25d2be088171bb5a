"""One table in memory, as the dictionary describes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from oestra.cdisc.dictionary import Dataset, Variable

__all__ = ["Column", "Words", "schema_of", "table_of"]

_TYPES = {
    "text": pa.string(),
    "integer": pa.int32(),
    "float": pa.float64(),
    "date": pa.date32(),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A column of texts, each of which stands once.

    Parameters
    ----------
    words : sequence of str
        The texts.
    code : ndarray of int, shape (n,)
        Which of them each row holds.
    """

    words: Sequence[str]
    code: NDArray[np.integer]

    @classmethod
    def of(cls, texts: Sequence[str] | NDArray[Any]) -> "Words":
        """Return a column of given texts, one a row."""
        words, code = np.unique(np.asarray(texts, dtype=str), return_inverse=True)
        return cls(words.tolist(), code)

    @classmethod
    def same(cls, text: str, rows: int) -> "Words":
        """Return a column that holds one text."""
        return cls([text], np.zeros(rows, dtype=np.int64))

    @classmethod
    def flag(cls, met: NDArray[np.bool_]) -> "Words":
        """Return a column of Y and N."""
        return cls(["N", "Y"], np.asarray(met, dtype=np.int64))

    def take(self, rows: NDArray[np.integer]) -> "Words":
        """Return some rows."""
        return Words(self.words, self.code[rows])


Column = Words | NDArray[Any]


def schema_of(dataset: Dataset) -> pa.Schema:
    """Return the types and labels of a table."""
    return pa.schema(
        [
            pa.field(one.name, _TYPES[one.type], metadata={"label": one.label})
            for one in dataset.variables
        ],
        metadata={"label": dataset.label},
    )


def _array(variable: Variable, column: Column) -> pa.Array:
    kind = _TYPES[variable.type]
    if isinstance(column, Words):
        return pa.array(list(column.words), kind).take(pa.array(column.code))
    if variable.type == "float":
        return pa.array(column, kind, from_pandas=True)
    missing = ~np.isfinite(column)
    whole = np.where(missing, 0, column).astype(np.int32)
    return pa.array(whole, pa.int32(), mask=missing).cast(kind)


def table_of(dataset: Dataset, columns: Mapping[str, Column]) -> pa.Table:
    """Return a table of columns, each of which the dictionary must know.

    Parameters
    ----------
    dataset : Dataset
        What the dictionary says of it.
    columns : mapping of str to Words or ndarray, shape (n,)
        By name; days of dates count from 1970-01-01, nan is missing.

    Returns
    -------
    Table
        Columns in the order of the dictionary.

    Raises
    ------
    ValueError
        If columns and dictionary differ.
    """
    known = [one.name for one in dataset.variables]
    if set(known) != set(columns):
        apart = sorted(set(known) ^ set(columns))
        raise ValueError(f"{dataset.name} and its dictionary differ in {apart}")
    return pa.table(
        [_array(one, columns[one.name]) for one in dataset.variables],
        schema=schema_of(dataset),
    )
