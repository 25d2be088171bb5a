"""One lane by SciPy's backward differentiation formulas [1]_, with factors of our own.

References
----------
.. [1] Shampine LF, Reichelt MW (1997). The MATLAB ODE suite. SIAM Journal on
   Scientific Computing 18:1-22. doi:10.1137/S1064827594276424.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import BDF
from scipy.sparse import csr_array

from oestra.solve.large.equations import Equations
from oestra.solve.large.newton_systems import NewtonSystems, Solver
from oestra.solve.outcome import Outcome

__all__ = ["Course", "follow"]

Floats = NDArray[np.float64]


class _Bdf(BDF):
    """SciPy's method with factors of `NewtonSystems`."""

    def __init__(
        self, equations: Equations, start: tuple[Any, ...], **options: Any
    ) -> None:
        super().__init__(
            equations.rates, *start, jac=equations.jacobian_columns, **options
        )
        systems = NewtonSystems(equations.plan)

        def factor(matrix: Any) -> Solver:
            self.nlu += 1
            return systems.factor(csr_array(matrix))

        self.lu = factor
        self.solve_lu = lambda factors, b: factors.solve(b)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a lane arrived.

    Parameters
    ----------
    y : ndarray, shape (n,)
        Its last state.
    time : float
        When that was.
    path : ndarray, shape (points, n)
        States at the times asked for, NaN where they were not reached.
    outcome : Outcome
        How it ended.
    steps, factorizations : int
        What it cost.
    step : float
        Size of the last step.
    """

    y: Floats
    time: float
    path: Floats
    outcome: Outcome
    steps: int
    factorizations: int
    step: float


def follow(  # noqa: PLR0913
    equations: Equations,
    y: Floats,
    interval: tuple[float, float],
    at: Floats,
    *,
    first: float,
    most: int,
    rtol: float,
    atol: Any,
) -> Course:
    """Integrate one lane.

    Parameters
    ----------
    equations : Equations
        Rates and their Jacobian at the lane's parameters.
    y : ndarray, shape (n,)
        Initial state.
    interval : tuple of float
        Beginning and end.
    at : ndarray, shape (points,)
        Ascending times within the interval.
    first : float
        First step, zero where it is to be estimated.
    most : int
        Steps to try.
    rtol, atol : float or ndarray
        Tolerances.

    Returns
    -------
    Course
        Where it arrived.
    """
    begin, end = interval
    path = np.full((len(at), len(y)), np.nan)
    done = int(np.searchsorted(at, begin, side="right"))
    path[:done] = y
    if not np.all(np.isfinite(equations.rates(begin, y))):
        return _course(y, begin, path, Outcome.NON_FINITE)
    if not end > begin:
        return _course(y, begin, path, Outcome.REACHED_END)
    step = min(first, end - begin) if first > 0.0 else None
    solver = _Bdf(equations, (begin, y, end), first_step=step, rtol=rtol, atol=atol)
    outcome, steps = Outcome.REACHED_END, 0
    while solver.status == "running":
        if steps == most:
            outcome = Outcome.STEP_LIMIT
            break
        reason = solver.step()
        if reason is not None:
            outcome = Outcome.STEP_TOO_SMALL
            break
        steps += 1
        passed = int(np.searchsorted(at, solver.t, side="right"))
        if passed > done:
            path[done:passed] = solver.dense_output()(at[done:passed]).T
            done = passed
    return Course(
        y=solver.y, time=float(solver.t), path=path, outcome=outcome, steps=steps,
        factorizations=solver.nlu, step=float(solver.h_abs),
    )  # fmt: skip


def _course(y: Floats, time: float, path: Floats, outcome: Outcome) -> Course:
    return Course(
        y=y, time=time, path=path, outcome=outcome, steps=0, factorizations=0, step=0.0
    )
