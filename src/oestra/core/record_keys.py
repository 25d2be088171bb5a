"""All keys that a record and what it holds may have in a file."""

from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

__all__ = ["keys_of"]


def keys_of(model: type) -> set[str]:
    """Return the keys of a model, or of a dataclass, and of all that it holds.

    Parameters
    ----------
    model : type
        A pydantic model or a dataclass.

    Returns
    -------
    set of str
        Names of fields.
    """
    found, seen = set[str](), set[type]()
    ahead: list[Any] = [model]
    while ahead:
        one = ahead.pop()
        if not (isinstance(one, type) and _is_record(one)):
            ahead += get_args(one)
        elif one not in seen:
            seen.add(one)
            kinds = get_type_hints(one)
            found |= kinds.keys()
            ahead += kinds.values()
    return found


def _is_record(one: type) -> bool:
    return is_dataclass(one) or issubclass(one, BaseModel)
