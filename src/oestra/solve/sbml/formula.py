"""Formulas of an SBML document as plain trees, free of the library that read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from oestra.core.errors import InputError, shown

__all__ = ["Formula", "names_in", "read_formula"]

AVOGADRO = 6.02214179e23
"""The value that SBML Level 3 fixes for its ``avogadro`` symbol (section 3.4.6)."""

_KINDS = {
    "PLUS": "plus", "MINUS": "minus", "TIMES": "times", "DIVIDE": "divide",
    "POWER": "power", "FUNCTION_POWER": "power", "FUNCTION_ROOT": "root",
    "FUNCTION_ABS": "abs", "FUNCTION_EXP": "exp", "FUNCTION_LN": "ln",
    "FUNCTION_LOG": "log", "FUNCTION_FLOOR": "floor", "FUNCTION_CEILING": "ceiling",
    "FUNCTION_FACTORIAL": "factorial", "FUNCTION_QUOTIENT": "quotient",
    "FUNCTION_REM": "rem", "FUNCTION_MIN": "min", "FUNCTION_MAX": "max",
    "FUNCTION_SIN": "sin", "FUNCTION_COS": "cos", "FUNCTION_TAN": "tan",
    "FUNCTION_SEC": "sec", "FUNCTION_CSC": "csc", "FUNCTION_COT": "cot",
    "FUNCTION_SINH": "sinh", "FUNCTION_COSH": "cosh", "FUNCTION_TANH": "tanh",
    "FUNCTION_SECH": "sech", "FUNCTION_CSCH": "csch", "FUNCTION_COTH": "coth",
    "FUNCTION_ARCSIN": "arcsin", "FUNCTION_ARCCOS": "arccos",
    "FUNCTION_ARCTAN": "arctan", "FUNCTION_ARCSEC": "arcsec",
    "FUNCTION_ARCCSC": "arccsc", "FUNCTION_ARCCOT": "arccot",
    "FUNCTION_ARCSINH": "arcsinh", "FUNCTION_ARCCOSH": "arccosh",
    "FUNCTION_ARCTANH": "arctanh", "FUNCTION_ARCSECH": "arcsech",
    "FUNCTION_ARCCSCH": "arccsch", "FUNCTION_ARCCOTH": "arccoth",
    "RELATIONAL_EQ": "eq", "RELATIONAL_NEQ": "neq", "RELATIONAL_LT": "lt",
    "RELATIONAL_LEQ": "leq", "RELATIONAL_GT": "gt", "RELATIONAL_GEQ": "geq",
    "LOGICAL_AND": "and", "LOGICAL_OR": "or", "LOGICAL_XOR": "xor",
    "LOGICAL_NOT": "not", "LOGICAL_IMPLIES": "implies",
    "FUNCTION_PIECEWISE": "piecewise", "FUNCTION": "call", "NAME": "name",
    "NAME_TIME": "time", "FUNCTION_RATE_OF": "rateOf", "FUNCTION_DELAY": "delay",
    "LAMBDA": "lambda",
}  # fmt: skip

_NUMBERS = {
    "CONSTANT_E": 2.718281828459045, "CONSTANT_PI": 3.141592653589793,
    "CONSTANT_TRUE": 1.0, "CONSTANT_FALSE": 0.0, "NAME_AVOGADRO": AVOGADRO,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A node of a formula.

    Parameters
    ----------
    op : str
        The MathML element, or ``"number"``, ``"name"``, ``"time"``, ``"call"``.
    args : tuple of Formula
        Operands.
    value : float
        The number of a ``"number"``.
    name : str
        The identifier of a ``"name"`` or ``"call"``.
    """

    op: str
    args: tuple["Formula", ...] = ()
    value: float = 0.0
    name: str = ""


@cache
def _codes() -> tuple[dict[int, str], dict[int, float]]:
    import libsbml  # noqa: PLC0415

    kinds = {getattr(libsbml, f"AST_{name}"): op for name, op in _KINDS.items()}
    return kinds, {getattr(libsbml, f"AST_{n}"): v for n, v in _NUMBERS.items()}


def read_formula(node: Any, where: str) -> Formula:
    """Copy a libSBML syntax tree.

    Parameters
    ----------
    node : libsbml.ASTNode
        Root of the tree.
    where : str
        What the formula belongs to, for messages.

    Returns
    -------
    Formula
        The same formula.

    Raises
    ------
    InputError
        If the tree holds an operator that is not part of SBML core.
    """
    done: list[Formula] = []
    stack = [(node, False)]
    while stack:
        current, ready = stack.pop()
        count = current.getNumChildren()
        if not ready and count:
            stack.append((current, True))
            stack.extend((current.getChild(i), False) for i in range(count - 1, -1, -1))
            continue
        args = tuple(done[len(done) - count :])
        del done[len(done) - count :]
        done.append(_copy(current, args, where))
    return done[0]


def _copy(node: Any, args: tuple[Formula, ...], where: str) -> Formula:
    kinds, numbers = _codes()
    kind = node.getType()
    if kind in numbers:
        return Formula("number", value=numbers[kind])
    if node.isNumber():
        return Formula("number", value=float(node.getValue()))
    if kind not in kinds:
        name = (node.getName() or "").strip()
        fault = f"uses {shown(name)}, which is" if name else "is empty or uses what is"
        raise InputError(
            f"The formula of {where} {fault} not part of SBML Level 3 core."
        )
    return Formula(kinds[kind], args, name=(node.getName() or "").strip())


def names_in(formula: Formula) -> Iterator[str]:
    """Yield the identifiers a formula mentions, rates apart, with repetitions."""
    stack = [formula]
    while stack:
        node = stack.pop()
        if node.op == "name":
            yield node.name
        elif node.op != "rateOf":
            stack.extend(node.args)
