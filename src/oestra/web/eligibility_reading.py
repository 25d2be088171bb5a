"""Criteria that a slider or a choice can show: read from their text, and written."""

import ast
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from oestra.trial.criterion_text import parse
from oestra.trial.decision_columns import DECISION_COLUMNS, DECISION_RANGES

__all__ = ["Part", "Shown", "Words", "kind_of", "parts_of", "read_part", "write_part"]

Shown = Mapping[str, Any]
"""What a control shows: ``is`` yes, no or a list of words; ``low`` and ``high`` of a
slider, each a sign and a number."""
Words = Mapping[str, Collection[str]]
"""What columns of words can hold."""
_SIGNS: Mapping[type, str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two ``and`` of a criterion.

    Parameters
    ----------
    text : str
        As it is written.
    column : str
        Which column it speaks of; empty where no control can show it.
    shown : mapping
        What a control shows of it.
    """

    text: str
    column: str
    shown: Shown


def kind_of(column: str, words: Words) -> str:
    """Return by what a column is chosen: words, a number, or a flag."""
    if column in words:
        return "words"
    return "number" if column in DECISION_RANGES else "flag"


def parts_of(line: str, words: Words) -> tuple[Part, ...]:
    """Split a criterion at its ``and``.

    Parameters
    ----------
    line : str
        The criterion.
    words : mapping of str to collection of str
        What columns of words can hold.
    """
    plain = " ".join(line.split())
    tree = parse(plain)
    nodes = [tree]
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        nodes = tree.values
    found: list[Part] = []
    for node in nodes:
        text = ast.get_source_segment(plain, node) or plain
        either = node is not tree and isinstance(node, ast.BoolOp)
        column, shown = read_part(node, words) or ("", {})
        found.append(Part(f"({text})" if either else text, column, shown))
    return tuple(found)


def read_part(node: ast.expr, words: Words) -> tuple[str, Shown] | None:
    """Return the column that a criterion speaks of, and what a control shows of it.

    Parameters
    ----------
    node : ast.expr
        Its tree.
    words : mapping of str to collection of str
        What columns of words can hold.

    Returns
    -------
    tuple, or None
        None where no control can show it.
    """
    if isinstance(node, ast.Compare):
        return _words(node, words) or _bounds(node)
    negated = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    name = node.operand if isinstance(node, ast.UnaryOp) and negated else node
    if not isinstance(name, ast.Name) or name.id not in DECISION_COLUMNS:
        return None
    if kind_of(name.id, words) != "flag":
        return None
    return name.id, {"is": "no" if negated else "yes"}


def _words(node: ast.Compare, words: Words) -> tuple[str, Shown] | None:
    """Read a column of words that is, or is not, one word or one of several."""
    name, sign, right = node.left, node.ops[0], node.comparators[0]
    if len(node.ops) != 1 or not isinstance(name, ast.Name) or name.id not in words:
        return None
    listed = isinstance(sign, ast.In | ast.NotIn)
    items = right.elts if isinstance(right, ast.List | ast.Tuple) else [right]
    named = [item.value for item in items if isinstance(item, ast.Constant)]
    known = words[name.id]
    if len(named) < len(items) or any(word not in known for word in named):
        return None
    if listed or isinstance(sign, ast.Eq | ast.NotEq):
        wanted = isinstance(sign, ast.In | ast.Eq)
        return name.id, {"is": [one for one in known if (one in named) == wanted]}
    return None


def _bounds(node: ast.Compare) -> tuple[str, Shown] | None:
    """Read bounds of one number, such as ``1 <= prior_lines <= 3``."""
    found: dict[str, str] = {}
    names: set[str] = set()
    sides = [node.left, *node.comparators]
    for sign, (left, right) in zip(node.ops, pairwise(sides), strict=True):
        one = _bound(_SIGNS.get(type(sign), ""), left, right)
        if one is None or found.keys() & one[1].keys():
            return None
        names.add(one[0])
        found |= one[1]
    return (names.pop(), found) if len(names) == 1 else None


def _bound(sign: str, left: ast.expr, right: ast.expr) -> tuple[str, Shown] | None:
    if isinstance(left, ast.Constant):
        left, right, sign = right, left, _TURNED.get(sign, "")
    if not isinstance(left, ast.Name) or left.id not in DECISION_RANGES or not sign:
        return None
    value = right.value if isinstance(right, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value):
        return None
    number = f"{value:.17g}" if float(value).is_integer() else repr(value)
    if sign == "==":
        return left.id, {"low": f">= {number}", "high": f"<= {number}"}
    return left.id, {"low" if sign[0] == ">" else "high": f"{sign} {number}"}


def write_part(column: str, shown: Shown) -> str:
    """Return the criterion of what a control shows; empty for any.

    Parameters
    ----------
    column : str
        The column.
    shown : mapping
        What its control shows.
    """
    return " and ".join(_written(column, shown))


def _written(column: str, shown: Shown) -> Iterator[str]:
    chosen = shown.get("is")
    if isinstance(chosen, str):
        yield column if chosen == "yes" else f"not {column}"
    elif chosen:
        named = ", ".join(f'"{word}"' for word in chosen)
        yield f"{column} == {named}" if len(chosen) == 1 else f"{column} in [{named}]"
    low, high = shown.get("low", ""), shown.get("high", "")
    if low.startswith(">=") and high.startswith("<=") and low[3:] == high[3:]:
        yield f"{column} == {low[3:]}"
        return
    if low:
        yield f"{column} {low}"
    if high:
        yield f"{column} {high}"
