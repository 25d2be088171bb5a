"""Version 5 of the SAS transport format, which regulators ask for.

Rows are of fixed width, so that tables of many replicates are written one after the
other; nothing in the file tells when it was made, and the same rows are the same bytes.

References
----------
.. [1] SAS Institute. TS-140: The Record Layout of a Data Set in SAS Transport (XPORT)
   Format.
"""

import struct

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from oestra.cdisc.dictionary import Dataset, Variable
from oestra.cdisc.fitting import fitting

__all__ = ["RECORD", "xpt_header", "xpt_rows"]

RECORD = 80
"""Bytes of a record; the last is filled with blanks."""
_WHEN = "01JAN00:00:00:00"
_NAMESTR = struct.Struct(">hhhh8s40s8shhh2s8shhl52s")
_EPOCH = 3653
"""Days from 1960-01-01, where SAS starts to count, to 1970-01-01."""


def _record(text: str) -> bytes:
    return text.ljust(RECORD).encode("ascii")


_ZEROS = f"{0:030d}"


def _titled(kind: str, rest: str = _ZEROS) -> bytes:
    return _record(f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{rest}")


def _padded(text: str, size: int) -> bytes:
    return fitting(text, size).encode().ljust(size)


def _namestr(number: int, place: int, one: Variable) -> bytes:
    text = one.type == "text"
    form, width = ("DATE", 9) if one.type == "date" else ("", 0)
    return _NAMESTR.pack(
        2 if text else 1,
        0,
        one.length,
        number,
        _padded(one.name, 8),
        _padded(one.label, 40),
        _padded(form, 8),
        width,
        0,
        0,
        b"\0\0",
        _padded("", 8),
        0,
        0,
        place,
        b"\0" * 52,
    )


def xpt_header(dataset: Dataset) -> bytes:
    """Return what stands before the rows of a table."""
    names: list[bytes] = []
    place = 0
    for number, one in enumerate(dataset.variables, start=1):
        names.append(_namestr(number, place, one))
        place += one.length
    described = b"".join(names)
    return b"".join(
        [
            _titled("LIBRARY"),
            _record(f"{'SAS':8}{'SAS':8}{'SASLIB':8}{'9.4':8}{'':8}{'':24}{_WHEN}"),
            _record(_WHEN),
            _titled("MEMBER", "000000000000000001600000000140"),
            _titled("DSCRPTR"),
            _record(
                f"{'SAS':8}{dataset.name:8}{'SASDATA':8}{'9.4':8}{'':8}{'':24}{_WHEN}"
            ),
            _record(f"{_WHEN}{'':16}{dataset.label[:40]:40}"),
            _titled("NAMESTR", f"000000{len(names):04d}{'0' * 20}"),
            described + b" " * (-len(described) % RECORD),
            _titled("OBS"),
        ]
    )


def _ibm(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return numbers as IBM's mainframes hold them, exactly, shape (n, 8)."""
    missing = ~np.isfinite(values)
    mantissa, exponent = np.frexp(np.where(missing, 0.0, np.abs(values)))
    power = -(-exponent // 4)
    shift = (3 - (4 * power - exponent)).astype(np.uint64)
    fraction = (mantissa * 2.0**53).astype(np.uint64) << shift
    sign = np.signbit(values).astype(np.uint64) << np.uint64(7)
    first = (sign | (power + 64).astype(np.uint64)) << np.uint64(56)
    bits = np.where(mantissa == 0, np.uint64(0), first | fraction)
    bits = np.where(missing, np.uint64(0x2E << 56), bits)
    return bits.astype(">u8").view(np.uint8).reshape(-1, 8)


def _text(column: pa.ChunkedArray, length: int) -> NDArray[np.uint8]:
    """Return texts of a fixed width, filled with blanks, shape (n, length)."""
    coded = column.combine_chunks().dictionary_encode()
    words = [_padded(word, length) for word in coded.dictionary.to_pylist()]
    listed = np.frombuffer(b"".join(words), np.uint8).reshape(-1, length)
    return listed[coded.indices.to_numpy()]


def _numbers(one: Variable, column: pa.ChunkedArray) -> NDArray[np.uint8]:
    if one.type == "date":
        days = column.cast(pa.int32()).to_numpy().astype(np.float64)
        return _ibm(days + _EPOCH)
    return _ibm(column.to_numpy().astype(np.float64))


def xpt_rows(dataset: Dataset, table: pa.Table) -> bytes:
    """Return the rows of a table, without the blanks that fill the last record.

    Parameters
    ----------
    dataset : Dataset
        What the dictionary says of it.
    table : Table
        From `oestra.cdisc.tables.table_of`.

    Returns
    -------
    bytes
        To be put after `xpt_header` and other rows.
    """
    width = sum(one.length for one in dataset.variables)
    rows = np.empty((table.num_rows, width), dtype=np.uint8)
    place = 0
    for one in dataset.variables:
        column = table[one.name]
        text = one.type == "text"
        here = _text(column, one.length) if text else _numbers(one, column)
        rows[:, place : place + one.length] = here
        place += one.length
    return rows.tobytes()
