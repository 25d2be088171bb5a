"""The formats in which tables are written, and how they are asked for."""

from collections.abc import Sequence
from enum import StrEnum

from oestra.core.errors import unknown_name

__all__ = ["ALL", "Format", "formats_of"]

ALL = "all"
"""The word for every format."""


class Format(StrEnum):
    """A format of tables."""

    PARQUET = "parquet"
    CSV = "csv"
    XPT = "xpt"
    JSON = "json"


def formats_of(words: Sequence[str]) -> tuple[Format, ...]:
    """Return the formats that some words ask for; Parquet is always among them.

    Parameters
    ----------
    words : sequence of str
        Formats, or ``all``.

    Returns
    -------
    tuple of Format
        In one order, each once.

    Raises
    ------
    InputError
        If a word is no format.
    """
    allowed = [*(one.value for one in Format), ALL]
    for word in words:
        if word not in allowed:
            raise unknown_name("format of tables", word, allowed)
    wanted = {*words, Format.PARQUET}
    return tuple(one for one in Format if ALL in wanted or one in wanted)
