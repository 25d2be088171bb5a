"""The items of a list of libSBML."""

from collections.abc import Iterator
from typing import Any

__all__ = ["each"]


def each(items: Any) -> Iterator[Any]:
    """Yield the items of a ``ListOf``."""
    return (items.get(k) for k in range(items.size()))
