"""Finding a thing by one of its names, as people write them."""

from collections.abc import Mapping
from typing import TypeVar

from oestra.core.errors import unknown_name
from oestra.core.name import plain_name

__all__ = ["find_named"]

_T = TypeVar("_T")


def find_named(kind: str, given: str, known: Mapping[str, _T]) -> _T:
    """Return what goes by a name, whatever its case, spaces and hyphens.

    Parameters
    ----------
    kind : str
        What the name names, such as ``"trial"``.
    given : str
        The name.
    known : mapping of str to object
        By all their names; of two that are written alike, the first counts.

    Raises
    ------
    InputError
        If nothing has this name; names the nearest.

    Examples
    --------
    >>> find_named("trial", "bolero 2", {"BOLERO-2": "everolimus"})
    'everolimus'
    """
    plain = plain_name(given)
    for name, one in known.items():
        if plain_name(name) == plain:
            return one
    raise unknown_name(kind, given, known)
