"""Criteria that nobody can meet at once: what one line asks, another excludes.

Only what stands in plain words is compared: a column with numbers or words, and columns
of yes and no, joined by ``and`` within a line or standing on several lines.
"""

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from oestra.core.errors import InputError, shown
from oestra.history.second_allele import ALLELE_COLUMNS
from oestra.trial.criterion_text import parse
from oestra.trial.decision_columns import DECISION_COLUMNS

__all__ = ["conflicts", "excluded_by"]

_MIRRORED: dict[type, type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE,
    ast.Eq: ast.Eq, ast.NotEq: ast.NotEq,
}  # fmt: skip
_MOST = 20
"""Definitions of a line that are followed."""


@dataclass(slots=True)
class _Held:
    """What a column may still be, and the line that asked for it last.

    Bounds are kept with the line that set them; a bound that is reached is marked, as
    nothing lies between 60 and 60 unless both may be equal.
    """

    low: tuple[float, bool, str] = (-math.inf, True, "")
    high: tuple[float, bool, str] = (math.inf, True, "")
    marks: dict[bool, str] = field(default_factory=dict)
    words: set[str] | None = None
    words_of: str = ""

    def number(self, sign: type, value: float, text: str) -> str | None:
        """Take a bound; return the text that it contradicts."""
        if sign in (ast.Gt, ast.GtE, ast.Eq):
            mine = (value, sign is not ast.Gt, text)
            self.low = max(self.low, mine, key=lambda one: (one[0], not one[1]))
        if sign in (ast.Lt, ast.LtE, ast.Eq):
            mine = (value, sign is not ast.Lt, text)
            self.high = min(self.high, mine, key=lambda one: (one[0], one[1]))
        (low, closed, first), (high, shut, second) = self.low, self.high
        if low > high or (low == high and not (closed and shut)):
            return second if first == text else first
        return None

    def mark(self, *, yes: bool, text: str) -> str | None:
        """Take a yes or no; return the text that it contradicts."""
        self.marks.setdefault(yes, text)
        return self.marks.get(not yes)

    def word(self, allowed: set[str], text: str) -> str | None:
        """Take words that are allowed; return the text that they contradict."""
        before = self.words
        left = allowed if before is None else allowed & before
        if not left:
            return self.words_of
        self.words, self.words_of = left, text
        return None


def conflicts(
    lines: Sequence[str], definitions: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """Find lines that contradict what stands before them, or themselves.

    Parameters
    ----------
    lines : sequence of str
        Criteria that must all be met; what cannot be read is left out.
    definitions : mapping of str to str
        Criteria with a name.

    Yields
    ------
    int, str
        Number of the line, and why nobody meets it.
    """
    held: dict[str, _Held] = {}
    crowded = False
    for number, text in enumerate(lines):
        told = set[str]()
        for name, other in _taken(text, definitions, held):
            if name in told:
                continue
            told.add(name)
            what = "itself" if other == text else shown(other)
            yield (
                number,
                f"{shown(text)} contradicts {what}, so that nobody is eligible",
            )
        if not crowded and all(_has(held, name) for name in ALLELE_COLUMNS):
            crowded = True
            yield (
                number,
                f"{shown(text)} asks for a third allele of ESR1, where a tumor has two "
                "at most, so that nobody is eligible",
            )


def _has(held: Mapping[str, _Held], name: str) -> bool:
    """Tell whether a column of yes and no must be yes."""
    return name in held and True in held[name].marks


def excluded_by(text: str, design: Any) -> str:
    """Return what excludes everybody who is eligible from a criterion.

    Parameters
    ----------
    text : str
        The criterion.
    design : TrialDesign
        Whose eligibility and definitions hold beside it.

    Returns
    -------
    str
        The line that it contradicts, quoted, or ``itself``; empty where there is none.
    """
    lines = [*design.eligibility, text]
    held: dict[str, _Held] = {}
    found = [list(_taken(one, design.definitions, held)) for one in lines][-1]
    if not found:
        return ""
    (_, other), *_ = found
    return "itself" if other == text else shown(other)


def _taken(
    text: str, definitions: Mapping[str, str], held: dict[str, _Held]
) -> Iterator[tuple[str, str]]:
    """Yield the columns in which a line contradicts a text."""
    try:
        parts = list(_parts(parse(" ".join(text.split())), definitions, set()))
    except InputError:
        return
    for node, yes in parts:
        for name, asked in _asked(node, yes=yes):
            one = held.setdefault(name, _Held())
            if isinstance(asked, bool):
                other = one.mark(yes=asked, text=text)
            elif isinstance(asked, set):
                other = one.word(asked, text)
            else:
                other = one.number(*asked, text)
            if other is not None:
                yield name, other


def _parts(
    node: ast.expr, definitions: Mapping[str, str], opened: set[str]
) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what must hold, and whether as it stands or not; a definition once."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for one in node.values:
            yield from _parts(one, definitions, opened)
    elif isinstance(node, ast.Name) and node.id in definitions:
        if node.id not in opened and len(opened) < _MOST:
            opened.add(node.id)
            inner = parse(" ".join(definitions[node.id].split()))
            yield from _parts(inner, definitions, opened)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        if isinstance(node.operand, ast.Name) and node.operand.id not in definitions:
            yield node.operand, False
    else:
        yield node, True


_Asked = bool | set[str] | tuple[type, float]


def _asked(node: ast.expr, *, yes: bool) -> Iterator[tuple[str, _Asked]]:
    """Yield what a part asks of columns."""
    if isinstance(node, ast.Name) and node.id in DECISION_COLUMNS:
        yield node.id, yes
    if not isinstance(node, ast.Compare):
        return
    sides = [node.left, *node.comparators]
    for sign, (left, right) in zip(node.ops, pairwise(sides), strict=True):
        kind = type(sign)
        if isinstance(left, ast.Constant) and kind in _MIRRORED:
            left, right, kind = right, left, _MIRRORED[kind]  # noqa: PLW2901
        if isinstance(left, ast.Name) and left.id in DECISION_COLUMNS:
            asked = _of(kind, right)
            if asked is not None:
                yield left.id, asked


def _of(kind: type, right: ast.expr) -> _Asked | None:
    """Return what a comparison asks of a column, None where that is not plain."""
    if kind is ast.In and isinstance(right, ast.List | ast.Tuple):
        words = {one.value for one in right.elts if isinstance(one, ast.Constant)}
        plain = {one for one in words if isinstance(one, str)}
        return plain if len(right.elts) == len(plain) else None
    value = right.value if isinstance(right, ast.Constant) else None
    if isinstance(value, str):
        return {value} if kind is ast.Eq else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return None if kind is ast.NotEq else (kind, float(value))
