"""The top level of a YAML file, cut apart without reading what it holds."""

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["read_keys", "top_level_blocks"]

_KEY = re.compile(r"([A-Za-z_][\w-]*|\"[^\"\n]+\"|'[^'\n]+')[ \t]*:(?=\s|$)")
_WITHIN = re.compile(r"\s|#|-\s|$")
"""How a line begins that is no new key: indented, a comment, an item, empty."""
_SHARED = re.compile(r"(?:^|[\s\[{,])[&*][A-Za-z]|<<:")
"""Anchors and aliases, through which one block may need another."""


def top_level_blocks(text: str) -> dict[str, str] | None:
    r"""Cut a mapping in block style at its top-level keys.

    It lets a listing read the few keys it shows of many files. What each block holds
    is YAML and is left to a YAML reader.

    Parameters
    ----------
    text : str
        A YAML file.

    Returns
    -------
    dict of str, or None
        The lines of each key, the key included, in order of the file; None if the
        text is not plainly such a mapping (flow style, anchors, a repeated key), so
        that only a YAML reader can tell.

    Examples
    --------
    >>> top_level_blocks("id: X\narms:\n  - id: A\n")
    {'id': 'id: X\n', 'arms': 'arms:\n  - id: A\n'}
    """
    if _SHARED.search(text):
        return None
    found: dict[str, list[str]] = {}
    for line in text.removeprefix("---\n").splitlines(keepends=True):
        if _WITHIN.match(line):
            if found:
                next(reversed(found.values())).append(line)
            elif line.strip() and line[0] != "#":
                return None
            continue
        match = _KEY.match(line)
        key = match[1].strip("\"'") if match else ""
        if not key or key in found:
            return None
        found[key] = [line]
    return {key: "".join(lines) for key, lines in found.items()}


def read_keys(text: str, keys: Iterable[str]) -> Any:
    """Read some top-level keys of a YAML file, and of most files no more.

    Parameters
    ----------
    text : str
        A YAML file.
    keys : iterable of str
        Which.

    Returns
    -------
    object
        A dict of the keys that are there; whatever the file holds if it is no mapping.

    Raises
    ------
    ruamel.yaml.error.YAMLError
        If what is read is not YAML.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow to load

    reader = YAML(typ="safe", pure=True)
    blocks = top_level_blocks(text)
    if blocks is not None:
        text = "".join(blocks.get(key, "") for key in keys)
    data = reader.load(text)
    if not isinstance(data, dict):
        return data
    return {key: data[key] for key in keys if key in data}
