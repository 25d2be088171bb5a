"""What a criterion compares: numbers, words, or yes and no; and whether it can hold."""

import ast
import math
import operator
from collections.abc import Callable, Collection
from itertools import pairwise

from oestra.core.errors import InputError, shown
from oestra.trial.criterion_text import parse
from oestra.trial.decision_columns import (
    DECISION_COLUMNS,
    DECISION_RANGES,
    DECISION_WORDS,
)

__all__ = ["check_sense"]

Range = tuple[float, float]
_NEVER: dict[type, Callable[[Range, Range], bool]] = {
    ast.Gt: lambda left, right: left[1] <= right[0],
    ast.GtE: lambda left, right: left[1] < right[0],
    ast.Lt: lambda left, right: left[0] >= right[1],
    ast.LtE: lambda left, right: left[0] > right[1],
    ast.Eq: lambda left, right: left[1] < right[0] or right[1] < left[0],
}
"""When a comparison of two numbers can never hold, from the ranges of both."""
_SIGNS: dict[type, str] = {
          ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==",
          ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in"}  # fmt: skip
_OPPOSITE: dict[type, str] = {
             ast.Gt: "<=", ast.GtE: "<", ast.Lt: ">=", ast.LtE: ">", ast.Eq: "!=",
             ast.NotEq: "==", ast.In: "not in", ast.NotIn: "in"}  # fmt: skip
_ALL = (-math.inf, math.inf)


def check_sense(text: str, definitions: Collection[str], *, where: str) -> None:
    """Refuse a criterion that can mean nothing.

    Parameters
    ----------
    text : str
        The criterion; its names are known.
    definitions : collection of str
        Names the design defines beside the columns of decisions.
    where : str
        Where it was written, for errors.

    Raises
    ------
    InputError
        If numbers, words and yes or no are mixed, a comparison can never hold or
        compares constants only, or ``not`` stands before a comparison without
        parentheses.
    """
    plain = " ".join(text.split())
    _Sense(plain, definitions, where).flag(parse(plain, where))


class _Sense:
    """Goes through the tree of one criterion."""

    def __init__(self, text: str, definitions: Collection[str], where: str) -> None:
        self.text = text
        self.definitions = definitions
        self.where = where

    def source(self, node: ast.AST) -> str:
        """Return what was written."""
        return shown(ast.get_source_segment(self.text, node) or self.text)

    def refuse(self, node: ast.AST, reason: str) -> InputError:
        return InputError(f"{self.source(node)} in {self.where} {reason}.")

    def kind(self, node: ast.expr) -> str:
        """Return what a part is: a number, words, a list, or yes or no."""
        if isinstance(node, ast.Constant):
            kinds: dict[type, str] = {bool: "yes or no", str: "words"}
            return kinds.get(type(node.value), "a number")
        if isinstance(node, ast.Name):
            if node.id in self.definitions or node.id in ("true", "false"):
                return "yes or no"
            if node.id in DECISION_WORDS:
                return "words"
            return "a number" if node.id in DECISION_RANGES else "yes or no"
        if isinstance(node, ast.List | ast.Tuple):
            return "a list"
        negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        number = negative or isinstance(node, ast.BinOp)
        return "a number" if number else "yes or no"

    def flag(self, node: ast.expr) -> None:
        """Check a part that must be yes or no."""
        if self.kind(node) != "yes or no":
            raise self.refuse(
                node, f"is {self.kind(node)} where yes or no is needed; compare it"
            )
        if isinstance(node, ast.BoolOp):
            for part in node.values:
                self.flag(part)
            if isinstance(node.op, ast.And):
                self.at_once(node)
        elif isinstance(node, ast.UnaryOp):
            self.negated(node)
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for sign, (left, right) in zip(node.ops, pairwise(sides), strict=True):
                self.compared(node, sign, left, right)

    def at_once(self, node: ast.BoolOp) -> None:
        """Refuse a column that shall hold two words at once."""
        asked: dict[str, str] = {}
        for part in node.values:
            if not isinstance(part, ast.Compare) or len(part.ops) != 1:
                continue
            name, word = part.left, part.comparators[0]
            if not isinstance(part.ops[0], ast.Eq) or not isinstance(name, ast.Name):
                continue
            if not isinstance(word, ast.Constant) or not isinstance(word.value, str):
                continue
            other = asked.setdefault(name.id, word.value)
            if other != word.value:
                either = f"{name.id} in [{other!r}, {word.value!r}] for either"
                alleles = {f"esr1_{one.lower()}" for one in (other, word.value)}
                if name.id == "esr1_allele" and alleles <= DECISION_COLUMNS.keys():
                    either += f", {' and '.join(sorted(alleles))} for both"
                raise self.refuse(
                    node,
                    f"can never hold: {name.id} is one word; write {either}",
                )

    def negated(self, node: ast.UnaryOp) -> None:
        """Check what stands behind ``not``."""
        inner = node.operand
        # Offsets of a tree count bytes.
        between = self.text.encode()[node.col_offset : inner.col_offset]
        if isinstance(inner, ast.Compare) and b"(" not in between:
            written = ast.get_source_segment(self.text, inner) or ""
            advice = f"write {shown(f'not ({written})')}"
            if len(inner.ops) == 1:
                left, right = (
                    ast.get_source_segment(self.text, side) or ""
                    for side in (inner.left, inner.comparators[0])
                )
                other = f"{left} {_OPPOSITE[type(inner.ops[0])]} {right}"
                advice += f" or {shown(other)}"
            raise self.refuse(node, f"can be read in two ways; {advice}")
        self.flag(inner)

    def compared(
        self, node: ast.Compare, sign: ast.cmpop, left: ast.expr, right: ast.expr
    ) -> None:
        """Check one comparison."""
        if isinstance(sign, ast.In | ast.NotIn):
            self.listed(node, sign, left, right)
            return
        kinds = self.kind(left), self.kind(right)
        if kinds[0] != kinds[1] or "a list" in kinds:
            raise self.refuse(node, f"compares {kinds[0]} with {kinds[1]}")
        if not any(isinstance(part, ast.Name) for part in ast.walk(node)):
            raise self.refuse(node, "compares constants, and speaks of no patient")
        if kinds[0] != "a number":
            for side in (left, right):
                if kinds[0] == "yes or no":
                    self.flag(side)
            if not isinstance(sign, ast.Eq | ast.NotEq):
                raise self.refuse(
                    node, f"asks whether {kinds[0]} is more or less; use == or !="
                )
            return
        self.possible(node, sign, left, right)

    def listed(
        self, node: ast.Compare, sign: ast.cmpop, left: ast.expr, right: ast.expr
    ) -> None:
        """Check whether something is in a list."""
        if not isinstance(right, ast.List | ast.Tuple) or not right.elts:
            raise self.refuse(
                node, f"needs a list after '{_SIGNS[type(sign)]}', such as [1, 2]"
            )
        for item in right.elts:
            self.compared(node, ast.Eq(), left, item)

    def possible(
        self, node: ast.Compare, sign: ast.cmpop, left: ast.expr, right: ast.expr
    ) -> None:
        """Refuse a comparison of numbers that can never hold."""
        ranges = self.range(left), self.range(right)
        if type(sign) in _NEVER and _NEVER[type(sign)](*ranges):
            known = ", ".join(
                f"{name} lies from {DECISION_RANGES[name][0]:g} to "
                f"{DECISION_RANGES[name][1]:g}"
                for name in sorted(_columns(node))
            )
            raise self.refuse(node, f"can never hold: {known}")

    def range(self, node: ast.expr) -> Range:
        """Return between what a number lies."""
        if self.kind(node) != "a number":
            raise self.refuse(node, f"is {self.kind(node)} where a number is needed")
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            return (float(node.value), float(node.value))  # pyright: ignore[reportArgumentType]
        if isinstance(node, ast.Name):
            return DECISION_RANGES[node.id]
        if isinstance(node, ast.UnaryOp):
            low, high = self.range(node.operand)
            return -high, -low
        if isinstance(node, ast.BinOp):
            return self.calculated(node)
        return _ALL

    def calculated(self, node: ast.BinOp) -> Range:
        """Return between what a sum, difference, product or quotient lies."""
        left, right = self.range(node.left), self.range(node.right)
        if isinstance(node.op, ast.Div):
            if right == (0.0, 0.0):
                raise self.refuse(node, "divides by zero")
            if right[0] <= 0 <= right[1]:
                return _ALL
            right = 1 / right[1], 1 / right[0]
        signs: dict[type, Callable[[float, float], float]]
        signs = {ast.Add: operator.add, ast.Sub: operator.sub}
        combine = signs.get(type(node.op), operator.mul)
        ends = [combine(a, b) for a in left for b in right]
        if any(math.isnan(end) for end in ends):
            return _ALL
        return min(ends), max(ends)


def _columns(node: ast.AST) -> set[str]:
    """Return the columns of numbers that a part speaks of."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names & DECISION_RANGES.keys()
