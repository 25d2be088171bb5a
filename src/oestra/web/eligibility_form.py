"""Who is eligible, as sliders and choices and as lines of the file, both ways."""

import ast
from collections.abc import Iterable, Sequence
from typing import Any

from oestra.core.errors import InputError, shown, unknown_name
from oestra.trial.criterion_text import parse
from oestra.trial.decision_columns import DECISION_COLUMNS
from oestra.web.eligibility_reading import (
    Part,
    Shown,
    Words,
    kind_of,
    parts_of,
    read_part,
    write_part,
)
from oestra.web.kept_comments import set_list

__all__ = ["ELIGIBILITY", "change_eligibility", "eligibility_form"]

ELIGIBILITY = "eligibility"
"""The entry of all lines; that of one column has a dot and its name behind it."""
_ASKED = {
    "flag": "yes or no, or empty for any",
    "number": "bounds such as '>= 1, <= 3', or empty for any",
}


def eligibility_form(lines: Iterable[str], words: Words) -> dict[str, Any]:
    """Return what controls show of the criteria, and how much they cannot.

    Parameters
    ----------
    lines : iterable of str
        The criteria.
    words : mapping of str to collection of str
        What columns of words can hold.

    Returns
    -------
    dict
        ``columns`` by name, and ``text_only``: the lines that stand in the text alone,
        in part or whole.
    """
    split = [parts_of(line, words) for line in lines]
    owned, found = _owned(split)
    rest = [
        " and ".join(part.text for part in parts)
        for i, parts in enumerate(split)
        if any((i, j) not in owned for j in range(len(parts)))
    ]
    return {"columns": found, "text_only": rest}


def _owned(
    split: Sequence[Sequence[Part]],
) -> tuple[dict[tuple[int, int], str], dict[str, dict[str, Any]]]:
    """Return which parts of which lines controls show, and what they show.

    The first that speaks of a column has it; what bounds it again stays text.
    """
    owned: dict[tuple[int, int], str] = {}
    found: dict[str, dict[str, Any]] = {}
    for i, parts in enumerate(split):
        for j, part in enumerate(parts):
            known = found.get(part.column, {})
            if part.column:
                if known.keys() & part.shown.keys():
                    continue
                owned[i, j] = part.column
                found[part.column] = {**known, **part.shown}
    return owned, found


def change_eligibility(data: Any, key: str, value: str, words: Words) -> None:
    """Change the criteria of a trial file and keep the others, and comments.

    Parameters
    ----------
    data : mapping
        The file, as it was read.
    key : str
        ``eligibility`` for all lines, or ``eligibility.`` and a column.
    value : str
        The lines; or of a column yes or no, words with commas between, or bounds such
        as ``>= 1, <= 3``; empty for any.
    words : mapping of str to collection of str
        What columns of words can hold.

    Raises
    ------
    InputError
        If there is no such column, or the value does not fit it.
    """
    _, dot, column = key.partition(".")
    if not dot:
        set_list(data, ELIGIBILITY, [one.strip() for one in value.splitlines()])
        return
    if column not in DECISION_COLUMNS:
        raise unknown_name("column", column, DECISION_COLUMNS, where=key)
    lines = [str(line) for line in data.get(ELIGIBILITY) or ()]
    asked = _asked(column, value, words, key)
    set_list(data, ELIGIBILITY, _with(lines, column, asked, words))


def _with(lines: list[str], column: str, asked: Shown, words: Words) -> list[str]:
    """Return the lines with another criterion of a column."""
    split = [parts_of(line, words) for line in lines]
    owned, found = _owned(split)
    if found.get(column, {}) == asked:
        return lines
    new, at = (
        write_part(column, asked),
        [k for k, who in owned.items() if who == column],
    )
    if not at:
        return [*lines, new]
    changed = list(lines)
    for i in {i for i, _ in at}:
        kept = [
            new if (i, j) == at[0] else "" if (i, j) in at else part.text
            for j, part in enumerate(split[i])
        ]
        changed[i] = " and ".join(filter(None, kept))
    return changed


def _asked(column: str, value: str, words: Words, key: str) -> Shown:
    """Read what is asked of a column."""
    kind, value = kind_of(column, words), value.strip()
    if not value:
        return {}
    given = [one.strip() for one in value.split(",")]
    if kind == "words":
        for word in given:
            if word not in words[column]:
                raise unknown_name("word", word, words[column], where=key)
        return {"is": [word for word in words[column] if word in given]}
    if kind == "flag" and value in ("yes", "no"):
        return {"is": value}
    read = _bounds(column, given, words) if kind == "number" else None
    if read is None:
        raise InputError(f"{key} is {_ASKED[kind]}; got {shown(value)}.")
    return read


def _bounds(column: str, given: Sequence[str], words: Words) -> Shown | None:
    found: dict[str, Any] = {}
    for one in given:
        try:
            tree: ast.expr = parse(f"{column} {one}")
        except InputError:
            return None
        read = read_part(tree, words)
        if read is None or read[0] != column or found.keys() & read[1].keys():
            return None
        found |= read[1]
    return found
