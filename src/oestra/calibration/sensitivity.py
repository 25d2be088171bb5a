"""Which endpoints depend on which parameters: density-based indices over a sample.

The parameters are spread around the best set, all at once, and each endpoint is
simulated for every set. The index of a parameter is the median distance of Kolmogorov
and Smirnov between an endpoint's distribution and that given a narrow range of the
parameter [1]_: 0 where it changes nothing, whatever the shape of the dependence. Few
sets make it larger than 0 by chance; parameters that do not exist show by how much
[2]_.

References
----------
.. [1] Pianosi F, Wagener T (2018). Distribution-based sensitivity analysis from a
   generic input-output sample. Environ Model Softw 108:197-207.
.. [2] Khorashadi Zadeh F, Nossent J, Sarrazin F, et al. (2017). Comparison of
   variance-based and moment-independent global sensitivity analysis approaches by
   application to the SWAT model. Environ Model Softw 91:210-222.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from oestra.calibration.attempt import Simulated, try_out
from oestra.calibration.parallel import run_all
from oestra.core.errors import InputError
from oestra.core.linear_algebra import product
from oestra.core.progress import Progress
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.work.each import Workers

__all__ = [
    "REACH",
    "Sensitivity",
    "Sweep",
    "latin_hypercube",
    "rank",
    "sweep",
]

Array = NDArray[np.float64]
REACH = 1.0
"""Prior standard deviations to either side of the best set."""
_SLICES = 5
"""Ranges of a parameter."""
_DUMMIES = 100
_ABOVE = 0.99
"""Share of the parameters that do not exist whose index is chance."""
_LEAST = 4 * _SLICES


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A sample of parameter sets and what each gave.

    Parameters
    ----------
    z : ndarray, shape (n, k)
        Standardized parameters, only of sets that could be simulated.
    residual : ndarray, shape (n, m)
        Standard errors by which each endpoint exceeds the published one.
    endpoints : tuple of str, length m
        Ids of endpoints and facts.
    skipped : int
        Sets whose cell has no steady state, or that failed otherwise.
    """

    z: Array
    residual: Array
    endpoints: tuple[str, ...]
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How much each endpoint depends on each parameter.

    Parameters
    ----------
    index : ndarray, shape (m, k)
        PAWN, the median over ranges of the parameter; 0 none, 1 all.
    noise : ndarray, shape (m,)
        What a parameter without influence reaches by chance.
    direction : ndarray, shape (m, k)
        Rank correlation: whether the endpoint rises or falls with the parameter.
    """

    index: Array
    noise: Array
    direction: Array


def latin_hypercube(center: Array, count: int, streams: Streams) -> Array:
    """Spread parameter sets evenly around a center.

    Parameters
    ----------
    center : ndarray, shape (k,)
        Standardized parameters.
    count : int
        Sets.
    streams : Streams
        Source of chance.

    Returns
    -------
    ndarray, shape (count, k)
        Within `REACH` of the center; each parameter takes each of ``count`` equal
        ranges once.
    """
    names = range(len(center))
    place = np.array([streams.permutation(Stream.ORDER, k, count) for k in names]).T
    level = (
        place + streams.uniform(Stream.PLACE, np.arange(count), len(center))
    ) / count
    return center + REACH * (2.0 * level - 1.0)


def sweep(
    objective: Simulated, sets: Array, *, workers: Workers = 2, progress: Progress
) -> Sweep:
    """Simulate every endpoint for every parameter set.

    Parameters
    ----------
    objective : Objective
        The problem.
    sets : ndarray, shape (n, k)
        Standardized parameters.
    workers : int or Executor
        Processes to start, or who does the work; the result does not depend on it.
    progress : callable
        Told what is done, how many and of how many.

    Returns
    -------
    Sweep
        The sets that could be simulated.

    Raises
    ------
    InputError
        If fewer than 20 could be.
    OestraError
        If a process was ended from outside.
    """
    found = run_all(
        try_out,
        [(objective, z) for z in sets],
        workers=workers,
        what="parameter sets",
        progress=progress,
    )
    kept = [one for one in found if one is not None]
    if len(kept) < _LEAST:
        raise InputError(
            f"Only {len(kept)} of {len(sets)} parameter sets could be simulated, too "
            f"few for an index; ask for more with --sets (at least {_LEAST} must do)."
        )
    return Sweep(
        z=np.array([one.z for one in kept]),
        residual=np.array([one.residual for one in kept]),
        endpoints=kept[0].names,
        skipped=len(found) - len(kept),
    )


def rank(found: Sweep, streams: Streams) -> Sensitivity:
    """Compute how much each endpoint depends on each parameter.

    Parameters
    ----------
    found : Sweep
        The sample.
    streams : Streams
        Source of chance, for the parameters that do not exist.

    Returns
    -------
    Sensitivity
        The indices.
    """
    count, k = found.z.shape
    dummies = streams.uniform(Stream.DUMMIES, np.arange(count), _DUMMIES)
    inputs = np.hstack([found.z, dummies])
    index = np.array([_pawn(inputs, y) for y in found.residual.T])
    ranks = _standard(rankdata(found.z, axis=0))
    response = _standard(rankdata(found.residual, axis=0))
    return Sensitivity(
        index=index[:, :k],
        noise=np.quantile(index[:, k:], _ABOVE, axis=1),
        direction=product(response.T, ranks) / count,
    )


def _standard(values: Array) -> Array:
    centered = values - values.mean(axis=0)
    spread = centered.std(axis=0)
    return np.asarray(centered / np.where(spread > 0, spread, np.inf))


def _pawn(inputs: Array, y: Array) -> Array:
    from SALib.analyze import pawn  # noqa: PLC0415 - slow to load

    names = [f"x{number}" for number in range(inputs.shape[1])]
    problem: dict[str, Any] = {
        "num_vars": len(names),
        "names": names,
        "bounds": [[0.0, 1.0]] * len(names),
    }
    if np.ptp(y) == 0.0:
        return np.zeros(len(names))
    found = pawn.analyze(problem, inputs, y, S=_SLICES)
    return np.asarray(found["median"], dtype=float)
