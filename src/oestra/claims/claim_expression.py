"""Expressions over readouts: ``1 - treated.growth_rate / control.growth_rate``.

The grammar is that of Python's arithmetic with calls of known functions; a run and one
of its readouts are joined by a dot.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from oestra.claims.readings import Readings, number
from oestra.core.errors import InputError, shown, unknown_name

__all__ = ["calls_in", "check_grammar", "evaluate", "readouts_in"]

_ARITHMETIC: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
Read = Callable[[str, str], Readings]
Functions = Mapping[str, Callable[..., float]]


@cache
def _parse(text: str) -> ast.expr:
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except SyntaxError as error:
        raise InputError(f"Cannot read the expression {text!r}.") from error


def readouts_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield every run and readout an expression speaks of.

    Parameters
    ----------
    text : str
        The expression.

    Yields
    ------
    tuple of str
        Run and readout.
    """
    for node in ast.walk(_parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


def calls_in(text: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield every function an expression calls.

    Parameters
    ----------
    text : str
        The expression.

    Yields
    ------
    name : str
        Name of the function.
    given : tuple
        Its arguments that are written out; None for all others.
    """
    for node in ast.walk(_parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            written = [getattr(one, "value", None) for one in node.args]
            plain = [v if isinstance(v, str | int | float) else None for v in written]
            yield node.func.id, tuple(plain)


def check_grammar(text: str) -> None:
    """Refuse an expression that `evaluate` could not take, whatever is read.

    Parameters
    ----------
    text : str
        The expression.

    Raises
    ------
    InputError
        If it is none, or uses anything but numbers, readouts, arithmetic and calls.
    """
    ahead: list[ast.expr] = [_parse(text)]
    while ahead:
        match node := ahead.pop():
            case ast.Constant(value=int() | float() | str()):
                continue
            case ast.Attribute(value=ast.Name()):
                continue
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                ahead.append(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                ahead += [left, right]
            case ast.Call(func=ast.Name(), args=arguments, keywords=[]):
                ahead += [one for one in arguments if not isinstance(one, ast.Name)]
            case _:
                raise _refused(text, node)


def _refused(text: str, node: ast.expr) -> InputError:
    return InputError(
        f"The expression {shown(text)} uses {shown(ast.unparse(node))}; allowed are "
        "numbers, run.readout, + - * /, parentheses and known functions."
    )


def evaluate(text: str, *, read: Read, functions: Functions) -> float:
    """Return the value of an expression.

    Parameters
    ----------
    text : str
        The expression.
    read : callable
        Takes a run and a readout and returns the readings.
    functions : mapping of str to callable
        What may be called. A bare name among the arguments, such as that of a course
        of patients, is passed on as text.

    Returns
    -------
    float
        The value; NaN where something is divided by zero.

    Raises
    ------
    InputError
        If the expression uses anything else.
    """
    return number(_Reader(text, read, functions).value(_parse(text)))


class _Reader:
    """Walks the tree of one expression."""

    def __init__(self, text: str, read: Read, functions: Functions) -> None:
        self.text, self.read, self.functions = text, read, functions

    def value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int() | float() | str() as given):
                return given
            case ast.Attribute(value=ast.Name(id=run), attr=readout):
                return self.read(run, readout)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -number(self.value(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self.combine(type(op), left, right)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self.call(name, arguments)
            case _:
                raise _refused(self.text, node)

    def combine(self, op: type, left: ast.expr, right: ast.expr) -> float:
        try:
            return _ARITHMETIC[op](number(self.value(left)), number(self.value(right)))
        except ZeroDivisionError:
            return float("nan")

    def call(self, name: str, arguments: list[ast.expr]) -> float:
        if name not in self.functions:
            raise unknown_name("function", name, self.functions, where=repr(self.text))
        given = [
            one.id if isinstance(one, ast.Name) else self.value(one)
            for one in arguments
        ]
        return self.functions[name](*given)
