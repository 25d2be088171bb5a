"""Lanes one after another by Radau IIA: slow, and apart from the generated steps."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.solve.call import Call
from oestra.solve.outcome import Outcome
from oestra.solve.radau import Radau

__all__ = ["RADAU", "run_by_radau"]

Floats = NDArray[np.float64]
RADAU = "radau"
"""Name of the method."""

Sweep = Callable[[Floats, Floats, Floats], Floats]


def run_by_radau(call: Call, rates: Sweep, outputs: Sweep) -> None:
    """Integrate the lanes of a call and write its results.

    Parameters
    ----------
    call : Call
        A call with tolerances, points and room for results.
    rates, outputs : callable
        Time derivatives and outputs of states, parameters and times, each with one row
        a lane.

    Raises
    ------
    InputError
        If the call has a schedule of several segments, or jumps.
    """
    a, job = call.arrays, call.job
    if job.segments > 1 or job.changes or job.jumps:
        raise InputError(f"The method {RADAU!r} takes an interval, not a schedule.")
    for lane in range(call.lanes):
        begin, end = np.broadcast_to(call.times, (call.lanes, 2))[lane].tolist()
        y, p = a["y"][lane], a["p"][lane]
        points = a["points"] if a["points"].ndim == 1 else a["points"][lane]

        def rate(t: float, state: Floats, p: Floats = p) -> Floats:
            return rates(state[None], p[None], np.array([t]))[0]

        times, place = np.unique(np.append(points, end), return_inverse=True)
        method = Radau(rate, job.relative, a["tolerance"], most=job.max_steps)
        found = method.run(y, begin, times)
        path = method.path if found is None else found
        a["y_out"][lane] = path[place[-1]]
        a["steps"][lane], a["step_out"][lane] = method.tried, 0.0
        a["reached"][lane] = method.reached
        a["turned"][lane] = 0.0
        if found is None or not np.all(np.isfinite(found)):
            a["outcome"][lane] = _cause(rate, y, begin, method)
        if len(points) and call.code.outputs:
            here = path[place[:-1]]
            rows = np.repeat(p[None], len(points), axis=0)
            recorded = outputs(here, rows, points)
            recorded[~np.isfinite(here).all(axis=1)] = np.nan
            a["record"][lane] = recorded


def _cause(
    rate: Callable[[float, Floats], Floats], y: Floats, begin: float, method: Radau
) -> Outcome:
    if not np.all(np.isfinite(rate(begin, y))):
        return Outcome.NON_FINITE
    return Outcome.STEP_LIMIT if method.tried > method.most else Outcome.STEP_TOO_SMALL
