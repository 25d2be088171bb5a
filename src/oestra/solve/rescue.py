"""Rescue: lanes the fast solver gives up are tried with a pivoted implicit method.

The generated factors are not pivoted and use exact derivatives. Where a pivot vanishes
or a derivative is infinite though the rates are finite, Radau IIA with a differenced
Jacobian and pivoted factors [1]_ carries the lane on from where it stopped.

References
----------
.. [1] Hairer E, Wanner G (1999). Stiff differential equations solved by Radau methods.
   Journal of Computational and Applied Mathematics 111:93-111.
   doi:10.1016/S0377-0427(99)00134-X.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.solve.radau import Radau

__all__ = ["Rescued", "rescue"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """A lane carried to the end of its interval.

    Parameters
    ----------
    y : ndarray, shape (n,)
        State at the end.
    path : ndarray, shape (points, n)
        States at the times asked for.
    steps : int
        Steps it took.
    """

    y: Floats
    path: Floats
    steps: int


def rescue(
    rates: Callable[[float, Floats], Floats],
    y: Floats,
    interval: tuple[float, float],
    points: Floats,
    tolerances: tuple[float, ArrayLike],
) -> Rescued | None:
    """Integrate one lane with a pivoted method.

    Parameters
    ----------
    rates : callable
        Time derivatives at a time and state.
    y : ndarray, shape (n,)
        State at the beginning.
    interval : tuple of float
        Beginning and end.
    points : ndarray
        Ascending times within the interval.
    tolerances : tuple
        Relative tolerance, and absolute ones of shape (n,).

    Returns
    -------
    Rescued or None
        None if the rates are not finite or the method fails too.
    """
    if not np.all(np.isfinite(rates(interval[0], y))):
        return None
    times, place = np.unique(np.append(points, interval[1]), return_inverse=True)
    method = Radau(rates, *tolerances)
    found = method.run(y, interval[0], times)
    if found is None or not np.all(np.isfinite(found)):
        return None
    path = found[place]
    return Rescued(y=path[-1], path=path[:-1], steps=method.calls)
