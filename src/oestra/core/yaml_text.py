"""YAML that people write: bounded before it is read, and where in it things stand."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from oestra.core.errors import InputError
from oestra.core.read_yaml import read_yaml
from oestra.core.yaml_scan import scan

__all__ = ["line_of", "load_yaml", "not_yaml"]


def load_yaml(text: str, where: str, *, trusted: bool = False) -> Any:
    """Read one YAML document.

    Parameters
    ----------
    text : str
        The document.
    where : str
        Name of the file, for errors.
    trusted : bool
        Whether it ships with the package, whose files need no bounds.

    Returns
    -------
    object
        Mappings, lists, texts and numbers; no other kind of object can be written.

    Raises
    ------
    InputError
        If it is no YAML, or deeper, longer or otherwise other than `scan` allows; the
        message names file and line.
    """
    try:
        if not trusted:
            scan(text, where)
        return read_yaml(text)
    except MarkedYAMLError as error:
        raise not_yaml(error, where) from error
    except (YAMLError, ValueError, TypeError, LookupError, AttributeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{where} is not valid YAML: {reason}.") from error


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
    problem = " ".join(str(error.problem or error.context or "no YAML").split())
    if r"'\t'" in problem:
        problem = "a tab stands where spaces indent"
    return InputError(f"{where}{line}: {problem[:200]}.")
