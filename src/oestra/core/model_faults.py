"""Every fault that a check of a file's record found, each with its line."""

from collections.abc import Mapping, Sequence
from typing import Any

from oestra.core.errors import FaultsError, shown
from oestra.core.yaml_text import line_of

__all__ = ["model_faults"]


def model_faults(
    faults: Sequence[Mapping[str, Any]],
    text: str,
    name: str,
    names: Mapping[str, str] | None = None,
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
        reason = fault["msg"].removeprefix("Value error, ").removesuffix(".")
        given = fault["input"]
        plain = isinstance(given, str | int | float)
        got = f", got {shown(given)}" if plain and fault["type"] != "missing" else ""
        key = ".".join(map(str, place))
        told.append(
            (
                line,
                f"{name}: {key}: {reason[:1].lower()}{reason[1:]}{got} (line {line}).",
            )
        )
    return FaultsError(text for _, text in sorted(told, key=lambda one: one[0]))
