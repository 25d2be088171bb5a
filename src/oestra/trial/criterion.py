"""Criteria as text: ``not her2_positive and months_since_adjuvant <= 12``.

The grammar is that of Python's comparisons, with ``and``, ``or``, ``not``, ``in``,
arithmetic and parentheses, over column names, numbers, text and true or false. A
comparison with a missing value is false, also one with ``!=`` or ``not in``.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.errors import InputError, shown, unknown_name
from oestra.trial.criterion_text import parse

__all__ = ["constants_beside", "evaluate", "names_in"]

_COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CONSTANTS = {"true": True, "false": False}


def names_in(text: str, *, where: str = "") -> frozenset[str]:
    """Return the names a criterion speaks of.

    Parameters
    ----------
    text : str
        The criterion.
    where : str
        Where it was written, for errors.

    Returns
    -------
    frozenset of str
        Names of columns or definitions.

    Raises
    ------
    InputError
        If the text is no criterion.
    """
    return frozenset(_names(parse(text, where)))


def _names(tree: ast.expr) -> set[str]:
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found - set(_CONSTANTS)


def constants_beside(text: str, *, where: str = "") -> list[tuple[str, str | float]]:
    """Return every name that a criterion compares with a constant, and the constant.

    Parameters
    ----------
    text : str
        The criterion.
    where : str
        Where it was written, for errors.

    Returns
    -------
    list of tuple
        Names with the text or number each is compared with, one by one where it is a
        list.

    Raises
    ------
    InputError
        If the text is no criterion.
    """
    found: list[tuple[str, str | float]] = []
    for node in ast.walk(parse(text, where)):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        for one, other in [*pairwise(sides), *pairwise(sides[::-1])]:
            listed = isinstance(other, ast.List | ast.Tuple)
            items = other.elts if listed else [other]
            if isinstance(one, ast.Name):
                found += [
                    (one.id, item.value)
                    for item in items
                    if isinstance(item, ast.Constant)
                    and isinstance(item.value, str | int | float)
                ]
    return found


def _bool(value: Any) -> Any:
    """Return a truth value or a column of them; anything else is an error."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, pd.Series) and value.dtype == bool:
        return value
    if isinstance(value, pd.Series):
        known = value.dropna()
        if known.map(lambda item: isinstance(item, bool | np.bool_)).all():
            return value.eq(other=True)
    raise TypeError("a number or text stands where yes or no is needed")


def _both(left: Any, right: Any, *, every: bool) -> Any:
    if not isinstance(left, pd.Series) and not isinstance(right, pd.Series):
        return (left and right) if every else (left or right)
    return (left & right) if every else (left | right)


def _known(value: Any) -> Any:
    """Return where a value is not missing."""
    return value.notna() if isinstance(value, pd.Series) else True


def _number(value: Any) -> Any:
    """Return a number or a column of them; anything else is an error.

    Texts and lists would be repeated by ``*`` and joined by ``+``.
    """
    if isinstance(value, float) or (
        isinstance(value, pd.Series) and value.dtype.kind in "iuf"
    ):
        return value
    raise TypeError("yes, no or text stands where a number is needed")


class _Evaluator(ast.NodeVisitor):
    """Evaluates a checked tree over the columns of a table."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table
        self.defined: dict[str, Any] = {}

    def visit_Constant(self, node: ast.Constant) -> Any:
        # A whole number would grow without bound, and slowly, when multiplied.
        return float(node.value) if type(node.value) is int else node.value

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id in _CONSTANTS:
            return _CONSTANTS[node.id]
        if node.id in self.defined:
            return self.defined[node.id]
        if node.id not in self.table.columns:
            raise unknown_name("column", node.id, map(str, self.table.columns))
        return self.table[node.id]

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        every = isinstance(node.op, ast.And)
        parts = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)]
        first, *others = parts
        result = _bool(self.visit(first))
        for other in others:
            result = _both(result, _bool(self.visit(other)), every=every)
        return result

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        value = self.visit(node.operand)
        if isinstance(node.op, ast.USub):
            return -_number(value)
        flag = _bool(value)
        return ~flag if isinstance(flag, pd.Series) else not flag

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        left, right = _number(self.visit(node.left)), _number(self.visit(node.right))
        return _ARITHMETIC[type(node.op)](left, right)

    def visit_List(self, node: ast.List) -> Any:
        return [self.visit(item) for item in node.elts]

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        return [self.visit(item) for item in node.elts]

    def visit_Compare(self, node: ast.Compare) -> Any:
        left, result = self.visit(node.left), True
        for sign, after in zip(node.ops, node.comparators, strict=True):
            right = self.visit(after)
            result = _both(result, self._compare(sign, left, right), every=True)
            left = right
        return result

    def _compare(self, sign: ast.cmpop, left: Any, right: Any) -> Any:
        if not isinstance(sign, ast.In | ast.NotIn):
            found = _COMPARE[type(sign)](left, right)
            if isinstance(sign, ast.NotEq):
                return found & _known(left) & _known(right)
            return found
        options = right if isinstance(right, list) else [right]
        wanted = isinstance(sign, ast.In)
        if not isinstance(left, pd.Series):
            return (left in options) == wanted
        inside = left.isin(options)
        return inside if wanted else ~inside & left.notna()


def _in_order(tree: ast.expr, definitions: Mapping[str, str]) -> list[str]:
    """Return the definitions that a criterion needs, each after those it needs."""
    ordered: dict[str, None] = {}
    opened: set[str] = set()
    ahead = [(name, False) for name in _names(tree) & definitions.keys()]
    while ahead:
        name, ready = ahead.pop()
        if ready:
            ordered[name] = None
        elif name in opened and name not in ordered:
            raise InputError(f"{name!r} is defined by itself.")
        elif name not in opened:
            opened.add(name)
            needs = _names(parse(definitions[name], name)) & definitions.keys()
            ahead += [(name, True), *((need, False) for need in needs)]
    return list(ordered)


def evaluate(
    text: str,
    table: pd.DataFrame,
    definitions: Mapping[str, str] | None = None,
    *,
    where: str = "",
) -> NDArray[np.bool_]:
    """Find the rows of a table that meet a criterion.

    Parameters
    ----------
    text : str
        The criterion.
    table : DataFrame
        One row per candidate.
    definitions : mapping of str to str, optional
        Named criteria that the text may use like columns.
    where : str
        Where it was written, for errors.

    Returns
    -------
    ndarray of bool, shape (rows,)
        Which rows meet it; a comparison with a missing value is false.

    Raises
    ------
    InputError
        If the criterion cannot be read, names an unknown column, compares text with a
        number or is neither true nor false.
    """
    tree = parse(text, where)
    named = definitions or {}
    evaluator = _Evaluator(table)
    try:
        for name in _in_order(tree, named):
            evaluator.defined[name] = evaluator.visit(parse(named[name], name))
        value = _bool(evaluator.visit(tree))
    except (TypeError, ValueError, ZeroDivisionError) as error:
        place = f" in {where}" if where else ""
        raise InputError(
            f"Cannot evaluate the criterion {shown(text)}{place}: {error}."
        ) from error
    if isinstance(value, pd.Series):
        return value.to_numpy(dtype=bool)
    return np.full(len(table), value, dtype=bool)
