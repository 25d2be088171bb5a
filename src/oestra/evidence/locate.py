"""Find the line of a place in a YAML file; only errors need it."""

import re
from pathlib import Path

from oestra.core import yaml_text

__all__ = ["line_of"]

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


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
    steps = (int(index) if index else key for index, key in _STEP.findall(place))
    return yaml_text.line_of(path.read_text(encoding="utf-8"), steps)
