"""Roots of negative numbers: where a state that fell below zero is taken as zero.

Concentrations go below zero by rounding, so the generated code takes the root of what
is negative as zero (`oestra.solve.simplify.lower`). Where that is more than rounding,
the lane must say so. Each root that may see a negative number is watched at the
recorded times: its base, where the root counts, and by how much the base may err.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.solve.derivative import TIME, gradients
from oestra.solve.expression import Expression, const, operation, state, time, walk
from oestra.solve.outcome import Outcome
from oestra.solve.settings import Settings
from oestra.solve.simplify import is_invariant, simplify

__all__ = ["Roots", "roots_of"]

Floats = NDArray[np.float64]
_ZERO, _ONE = const(0.0), const(1.0)
_MARGIN = 100.0
"""Errors of a step that may add up before a negative number is more than rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roots:
    """The roots of a model that are watched.

    Parameters
    ----------
    outputs : dict of str to Expression
        What to record behind what is asked for: for each root its negative base, the
        size of what the base is made of, and the weight of an absolute error in it.
    """

    outputs: dict[str, Expression]

    def judge(
        self, courses: Floats, outcome: NDArray[np.int8], settings: Settings
    ) -> tuple[Floats, NDArray[np.int8]]:
        """Take the watched outputs off, and end lanes at the root of a negative number.

        Parameters
        ----------
        courses : ndarray, shape (lanes, points, outputs)
            What was recorded, the watched outputs last.
        outcome : ndarray of int8, shape (lanes,)
            Codes.
        settings : Settings
            Tolerances of the run.

        Returns
        -------
        courses : ndarray
            Without the watched outputs; NaN from where a root was that of a negative
            number.
        outcome : ndarray of int8
            ``NEGATIVE_ROOT`` for those lanes.
        """
        if not self.outputs:
            return courses, outcome
        asked = courses.shape[2] - len(self.outputs)
        watched = courses[:, :, asked:].reshape(*courses.shape[:2], -1, 3)
        courses = courses[:, :, :asked]
        with np.errstate(invalid="ignore"):
            size = np.fmax.accumulate(watched[..., 1], axis=1)
            slack = settings.rtol * size + settings.atol * watched[..., 2]
            below = (watched[..., 0] < -_MARGIN * slack).any(axis=2)
        ended = np.logical_or.accumulate(below, axis=1)
        lanes = ended[:, -1]
        if lanes.any():
            courses = np.where(ended[:, :, None], np.nan, courses)
            outcome = np.where(lanes, np.int8(Outcome.NEGATIVE_ROOT), outcome)
        return courses, outcome


def roots_of(expressions: Iterable[Expression]) -> Roots:
    """Find the roots that may be those of a negative number.

    Parameters
    ----------
    expressions : iterable of Expression
        Rates and what is recorded.

    Returns
    -------
    Roots
        What to watch.
    """
    uses = _uses(tuple(expressions))
    roots = [node for node in uses if _may_be_negative(node)]
    bases = simplify([node.args[0] for node in roots])
    outputs: dict[str, Expression] = {}
    for k, (node, slopes) in enumerate(zip(roots, gradients(bases), strict=True)):
        base = node.args[0]
        used = uses[node]
        if node.op == "pow":
            whole = operation("eq", operation("floor", node.args[1]), node.args[1])
            used = operation("and", used, operation("not", whole))
        size, weight = _ZERO, _ZERO
        for position, slope in slopes.items():
            effect = operation("abs", slope)
            if position == TIME:
                size = size + effect * operation("abs", time())
            else:
                size = size + effect * operation("abs", state(position))
                weight = weight + effect
        outputs[f"root {k}: base"] = operation("select", used, base, _ZERO)
        outputs[f"root {k}: size"] = size
        outputs[f"root {k}: weight"] = weight
    return Roots(outputs=outputs)


def _may_be_negative(node: Expression) -> bool:
    if node.op not in ("sqrt", "pow") or is_invariant(node.args[0]):
        return False
    exponent = node.args[-1]
    return node.op == "sqrt" or exponent.op != "const" or bool(exponent.value % 1)


def _uses(roots: Sequence[Expression]) -> dict[Expression, Expression]:
    """Return for each node the condition under which its value counts."""
    order = list(walk(roots))
    uses: dict[Expression, Expression] = dict.fromkeys(roots, _ONE)
    for node in reversed(order):
        here = uses[node]
        branches = [here] * len(node.args)
        if node.op == "select":
            condition = node.args[0]
            branches[1] = _both(here, condition)
            branches[2] = _both(here, operation("not", condition))
        for argument, use in zip(node.args, branches, strict=True):
            known = uses.get(argument)
            uses[argument] = use if known is None else _either(known, use)
    return uses


def _both(a: Expression, b: Expression) -> Expression:
    return b if a is _ONE else operation("and", a, b)


def _either(a: Expression, b: Expression) -> Expression:
    return a if a is b or a is _ONE else _ONE if b is _ONE else operation("or", a, b)
