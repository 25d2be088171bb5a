"""Parameter sets that stand for what measurements on cells leave open.

Each set minimizes the loss of measurements and priors that were moved by their own
errors: randomized maximum likelihood, an ensemble smoother whose sets are followed on
the model itself. How far the sets are from what a normal approximation draws, and
whether they predict the measurements as widely as they should, is told beside them.

References
----------
.. [1] Oliver DS, He N, Reynolds AC (1996). Conditioning permeability fields to
   pressure data. ECMOR V.
.. [2] Chen Y, Oliver DS (2012). Ensemble randomized maximum likelihood method as an
   iterative ensemble smoother. Math Geosci 44:1-26.
"""

from concurrent.futures import Executor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.gauss_newton import CellOptimum
from oestra.core.linear_algebra import inverse, product, solve
from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["draw_cell"]

Array = NDArray[np.float64]
_STEPS = 3
_SEED = 20141


def _followed(optimum: CellOptimum, noise: Array, prior: Array) -> tuple[Array, Array]:
    """Fit to moved measurements and priors, along the Jacobian of the best set."""
    normal, z, best = optimum.precision, optimum.z, (np.inf, optimum.z)
    for step in range(_STEPS + 1):
        seen = optimum.problem.evaluate(z)
        if seen is None:
            break
        off = seen[0] + noise
        total = float(np.sum(off**2) + np.sum((z - prior) ** 2))
        if total < best[0]:
            best = (total, z)
        if step < _STEPS:
            slope = product(optimum.jacobian.T, off) + z - prior
            z = z - solve(normal, slope)
    return best[1], np.array([best[0]])


def draw_cell(
    pool: Executor, optimum: CellOptimum, count: int = 40
) -> tuple[Array, dict[str, Any]]:
    """Draw parameter sets.

    Parameters
    ----------
    pool : Executor
        Who does the work.
    optimum : CellOptimum
        The end of a fit.
    count : int
        How many sets.

    Returns
    -------
    ndarray, shape (count, k)
        Standardized parameters.
    dict
        ``sets``; ``finite``, the share that was followed to an end; ``spread``, the
        median over parameters of their standard deviation over that of the normal
        approximation; ``misfit``, the sum of squares of a set at its own measurements
        over the number expected of it; ``shift``, the largest distance of a mean from
        the best set, standard deviations.
    """
    streams = Streams(_SEED).spawn(Stream.POSTERIOR)
    size, terms = len(optimum.z), len(optimum.residual)
    chance = streams.normal(Stream.POSTERIOR, np.arange(count), terms + size)
    work = [pool.submit(_followed, optimum, one[:terms], one[terms:]) for one in chance]
    seen = [one.result() for one in work]
    z = np.array([one[0] for one in seen])
    total = np.array([one[1][0] for one in seen])
    kept = np.isfinite(total)
    deviation = np.sqrt(np.diag(inverse(optimum.precision)))
    spread = z[kept].std(axis=0, ddof=1) / deviation
    shift = (z[kept].mean(axis=0) - optimum.z) / deviation
    told = {
        "method": "randomized maximum likelihood",
        "sets": count,
        "finite": float(kept.mean()),
        "spread": float(np.median(spread)),
        "spread_low": float(np.quantile(spread, 0.1)),
        "spread_high": float(np.quantile(spread, 0.9)),
        "misfit": float(np.mean(total[kept]) / terms),
        "shift": float(np.abs(shift).max()),
    }
    return z[kept], told
