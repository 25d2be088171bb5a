"""Find the line of a place in a YAML file; only errors need it."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

__all__ = ["line_of"]

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@lru_cache(maxsize=64)
def _nodes(text: str) -> Any:
    return YAML(typ="rt").load(text)


def line_of(path: Path, place: str) -> int:
    """Return the line where a place begins, or the nearest line above it.

    Parameters
    ----------
    path : Path
        A YAML file that parses.
    place : str
        Such as ``results[3].interval``.

    Returns
    -------
    int
        Line number, from 1.
    """
    node = _nodes(path.read_text(encoding="utf-8"))
    line = 0
    for index, key in _STEP.findall(place):
        step = int(index) if index else key
        try:
            where = node.lc.item(step) if index else node.lc.key(step)
            line, node = where[0], node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line + 1
