"""Predictions of experiments on cells by fits that never saw them.

At an optimum the step that leaving out an experiment makes is known from the Jacobian:
that of Gauss and Newton from all others. The experiment is then predicted linearly;
the worst ones are fitted again in full, as proof.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.gauss_newton import CellOptimum, fit_cell
from oestra.calibration.cells.problem import harden, terms
from oestra.calibration.cells.repeat import readings
from oestra.core.linear_algebra import product, solve
from oestra.work.each import Workers

__all__ = ["LeftOut", "leave_out", "refit_without"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Residuals of every experiment, predicted from all others.

    Parameters
    ----------
    residual : ndarray, shape (terms,)
        Softened, in standard errors.
    groups : mapping of str to float
        Sum of squares of each experiment.
    """

    residual: Array
    groups: Mapping[str, float]

    @property
    def score(self) -> float:
        """Half the sum of squares: the negative log predictive score but a constant."""
        return 0.5 * float(np.sum(self.residual**2))

    def values(self) -> Array:
        """Return the predictions of the readings, (readings,)."""
        raw = harden(self.residual)
        return np.array(
            [one.value_at(off) for one, off in zip(readings(), raw, strict=False)]
        )


def _groups() -> dict[str, NDArray[np.int64]]:
    found: dict[str, list[int]] = {}
    for k, term in enumerate(terms()):
        found.setdefault(term.group, []).append(k)
    return {name: np.array(rows) for name, rows in found.items()}


def leave_out(optimum: CellOptimum) -> LeftOut:
    """Predict every experiment from all others, linearly.

    Parameters
    ----------
    optimum : CellOptimum
        The fit to all.

    Returns
    -------
    LeftOut
        What the others predict.
    """
    residual = optimum.residual.copy()
    sums = {}
    for name, rows in _groups().items():
        own = optimum.jacobian[rows]
        rest = optimum.precision - product(own.T, own)
        move = solve(rest, product(own.T, optimum.residual[rows]))
        residual[rows] = optimum.residual[rows] + product(own, move)
        sums[name] = float(np.sum(residual[rows] ** 2))
    return LeftOut(residual=residual, groups=sums)


def refit_without(
    workers: Workers, optimum: CellOptimum, names: Sequence[str], *, rounds: int = 3
) -> dict[str, float]:
    """Leave experiments out in full: fit the rest on the model itself, not linearly.

    Parameters
    ----------
    workers : int or Executor
        Processes to start, or who does the work.
    optimum : CellOptimum
        The fit to all.
    names : sequence of str
        Experiments.
    rounds : int
        At most so many Jacobians of each fit.

    Returns
    -------
    dict of str to float
        Sum of squares of each experiment as the others predict it.
    """
    groups = _groups()
    found = {}
    for name in names:
        rest = replace(optimum.problem, without=name)
        end = fit_cell(rest, optimum.z, rounds=rounds, workers=workers)
        seen = optimum.problem.evaluate(end.z)
        own = np.nan if seen is None else seen[0][groups[name]]
        found[name] = float(np.sum(own**2))
    return found
