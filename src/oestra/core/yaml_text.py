"""Where in a YAML file something stands; only errors need it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from oestra.core.errors import InputError

__all__ = ["line_of", "not_yaml"]


@lru_cache(maxsize=64)
def _nodes(text: str) -> Any:
    return YAML(typ="rt").load(text)


def line_of(text: str, place: Iterable[str | int]) -> int:
    """Return the line where a place begins, or the nearest line above it.

    Parameters
    ----------
    text : str
        YAML that parses.
    place : iterable of str or int
        Keys and positions that lead there, the outermost first.

    Returns
    -------
    int
        Line number, from 1.
    """
    node = _nodes(text)
    line = 0
    for step in place:
        try:
            marks = node.lc.item(step) if isinstance(step, int) else node.lc.key(step)
            line, node = marks[0], node[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line + 1


def not_yaml(error: MarkedYAMLError, where: str) -> InputError:
    """Build the error for a text that is no YAML.

    Parameters
    ----------
    error : MarkedYAMLError
        What the reader found.
    where : str
        Name of the file.

    Returns
    -------
    InputError
        Names file, line and problem; to be raised by the caller.
    """
    mark = error.problem_mark or error.context_mark
    line = f", line {mark.line + 1}" if mark else ""
    return InputError(f"{where}{line}: {error.problem}.")
