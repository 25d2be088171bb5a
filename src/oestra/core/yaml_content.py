"""What YAML files say that acts: comments, sources and words for people left out."""

import hashlib
from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from typing import Any

from oestra.core.read_yaml import read_yaml

__all__ = ["acting_text", "content_digest"]

_TOLD = frozenset(
    {
        "aliases",
        "assay",
        "confidence",
        "description",
        "fact",
        "flag",
        "label",
        "limited_by",
        "mechanism",
        "note",
        "origin",
        "reason",
        "source",
        "text",
        "title",
    }
)
"""Keys that are shown and move nothing."""


def _acting(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {str(k): _acting(v) for k, v in value.items() if k not in _TOLD}
        return sorted(kept.items())
    if isinstance(value, list):
        return [_acting(one) for one in value]
    # 1 and 1.0 are the same number.
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number else value


def content_digest(
    files: Iterable[Traversable],
    *,
    drop: Iterable[str] = (),
    keep: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> str:
    """Return a hash of what YAML files say.

    Parameters
    ----------
    files : iterable of Traversable
        The files; their names count, their order does not.
    drop : iterable of str
        Further keys that move nothing here, such as ``"interval"``.
    keep : callable
        Of files that are lists, or that tell things by name, which entries count; all
        by default. One that is told by name is given it as its ``id``.

    Returns
    -------
    str
        Hexadecimal SHA-256; comments, layout, sources and words do not count.
    """
    dropped = frozenset(drop)

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: kept(v) for k, v in value.items() if k not in dropped}
        return [kept(one) for one in value] if isinstance(value, list) else value

    said = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        data = read_yaml(text)
        if isinstance(data, list):
            data = [one for one in data if keep(one)]
        if isinstance(data, dict):
            data = {k: v for k, v in data.items() if keep(_named(k, v))}
        said.append((file.name, repr(_acting(kept(data)))))
    return hashlib.sha256(repr(sorted(said)).encode()).hexdigest()


def _named(name: str, entry: Any) -> dict[str, Any]:
    return {"id": name, **(entry if isinstance(entry, dict) else {})}


def acting_text(file: Traversable) -> str:
    """Return what a YAML file says that acts, to look for names in it."""
    return repr(_acting(read_yaml(file.read_text(encoding="utf-8"))))
