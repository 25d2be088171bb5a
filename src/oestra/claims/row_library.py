"""Read the rows of the review's biology."""

from importlib.resources import files

from oestra.claims.row import Row
from oestra.core.errors import InputError, unknown_name
from oestra.core.read_model import read_model
from oestra.core.text_file import decode

__all__ = ["find_row", "read_row", "rows"]

_PACKAGE = "oestra.claims.rows"


def read_row(text: str, where: str, *, trusted: bool = False) -> Row:
    """Read one row.

    Parameters
    ----------
    text : str
        YAML.
    where : str
        Name of the file, for errors.
    trusted : bool
        Whether it ships with the package.

    Returns
    -------
    Row
        The row.

    Raises
    ------
    InputError
        If the file does not fit; names file, key and line of every fault.
    """
    return read_model(Row, text, where, trusted=trusted)


def rows() -> tuple[Row, ...]:
    """Return the rows that ship, by number."""
    found = [
        read_row(decode(file.read_bytes(), file.name), file.name, trusted=True)
        for file in files(_PACKAGE).iterdir()
        if file.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda one: one.number))


def find_row(name: str) -> Row:
    """Return a row by its number.

    Raises
    ------
    InputError
        If there is none; names the nearest.
    """
    known = {str(one.number): one for one in rows()}
    key = name.strip().lstrip("0")
    if not key.isdecimal():
        raise InputError(
            f"A row is a number from 1 to {len(known)} or a file that ends in .yaml, "
            f"and {name!r} is neither."
        )
    if key not in known:
        raise unknown_name("row", key, known, where="the rows of the review")
    return known[key]
