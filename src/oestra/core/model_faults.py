"""Every fault that a check of a file's record found, each with its line."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from oestra.core.errors import FaultsError, nearest, shown
from oestra.core.plain_words import in_words
from oestra.core.yaml_text import line_of

__all__ = ["model_faults"]


_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")


def model_faults(
    faults: Sequence[Mapping[str, Any]],
    text: str,
    name: str,
    names: Mapping[str, str] | None = None,
    keys: Collection[str] = (),
) -> FaultsError:
    """Build the error for a file whose record does not fit.

    Parameters
    ----------
    faults : sequence of mapping
        ``errors()`` of a pydantic `ValidationError`.
    text : str
        YAML of the file.
    name : str
        Of the file.
    names : mapping of str to str, optional
        What keys of the record are called in the file, where that differs.
    keys : collection of str
        All keys that such a file may have, for the nearest of one that it may not.

    Returns
    -------
    FaultsError
        A sentence a fault, in the order of the file; to be raised by the caller.
    """
    told: list[tuple[int, str]] = []
    renamed = names or {}
    for fault in faults:
        place: list[str | int] = [
            renamed.get(str(step)) or step for step in fault["loc"]
        ]
        line = line_of(text, place)
        key = "".join(f"{step}." for step in place)[:-1]
        if fault["type"] in ("missing", "missing_argument"):
            told.append((line, f"{name}: the key {key!r} is missing (line {line})."))
            continue
        reason = _reason(fault, keys)
        given = fault["input"]
        plain = isinstance(given, str | int | float) and (
            fault["type"] not in _UNKNOWN_KEY
        )
        got = f", got {shown(given)}" if plain and "got " not in reason else ""
        at = f"{name}: {key}" if key else name
        joint = " " if key and reason.startswith("must ") else ": "
        told.append(
            (
                line,
                f"{at}{joint}{reason[:1].lower()}{reason[1:]}{got} (line {line}).",
            )
        )
    return FaultsError(text for _, text in sorted(told, key=lambda one: one[0]))


def _reason(fault: Mapping[str, Any], keys: Collection[str]) -> str:
    """Return what is wrong in words of the file."""
    if fault["type"] in ("model_type", "dict_type", "model_attributes_type"):
        return "a mapping of keys is needed here"
    if fault["type"] in _UNKNOWN_KEY:
        near = nearest(str(fault["loc"][-1]), keys) if keys else None
        return f"there is no such key; nearest is {near!r}" if near else (
            "there is no such key"
        )  # fmt: skip
    return in_words(str(fault["msg"]).removeprefix("Value error, ").removesuffix("."))
