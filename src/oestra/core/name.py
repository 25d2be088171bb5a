"""Names: as people write them, and what may be the id of a thing people define.

An id names results, folders and files, so it may not hold what a file system, a
terminal or a page reads as anything else than a name.
"""

import re
from functools import lru_cache

__all__ = ["ID_RULE", "is_id", "is_label", "plain_name"]

_LONGEST_ID, _LONGEST_LABEL = 64, 200
_ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ._+-]*[A-Za-z0-9_+-])?")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
"""Names that are devices on some systems, whatever their ending."""
ID_RULE = (
    f"an id has 1 to {_LONGEST_ID} letters, digits, spaces, '.', '_', '+' and '-', "
    "begins with a letter or digit, ends with neither space nor '.', and is no name of "
    "a device such as 'NUL'"
)
"""What `is_id` asks, as a message says it."""


_PLAIN = str.maketrans("", "", " -_")


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return a name without what does not matter, for comparison."""
    return name.casefold().translate(_PLAIN)


def is_id(name: str) -> bool:
    """Tell whether a text can be an id, and so the name of a folder or file.

    Examples
    --------
    >>> is_id("BOLERO-2"), is_id("../x"), is_id("NUL.txt")
    (True, False, False)
    """
    return (
        len(name) <= _LONGEST_ID
        and _ID.fullmatch(name) is not None
        and name.casefold().partition(".")[0].strip() not in _RESERVED
    )


def is_label(name: str) -> bool:
    """Tell whether a text can be a name for people: one line that can be printed."""
    return 0 < len(name) <= _LONGEST_LABEL and name.strip() != "" and name.isprintable()
