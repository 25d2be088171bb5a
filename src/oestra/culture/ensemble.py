"""Cultures under every parameter set that a fit leaves open."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.culture.cell_result import CellResult
from oestra.culture.dose_response import DoseResponse, DoseSpread

__all__ = ["LEVEL", "with_bands", "with_dose_bands"]

Array = NDArray[np.float64]
LEVEL = 95.0
"""Percent of the parameter sets between the ends of a band."""
_EDGES = (50.0 - LEVEL / 2.0, 50.0 + LEVEL / 2.0)


def with_bands(
    run: Callable[[ParameterSet], CellResult], sets: Sequence[ParameterSet]
) -> CellResult:
    """Return the courses of the first set with the band of all.

    Parameters
    ----------
    run : callable
        The experiment with a parameter set.
    sets : sequence of ParameterSet
        The best one first.

    Returns
    -------
    CellResult
        With `bands`: the middle 95 % of the sets at each reading, which holds what the
        fit leaves open and neither noise of measurement nor faults of the equations.
    """
    results = [run(one) for one in sets]
    bands = {}
    for one in results[0].readouts:
        before = np.array([result.untreated[one.name] for result in results])
        after = np.array([result.treated[one.name] for result in results])
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = after / before
        bands[one.name] = {
            "untreated": _band(before),
            "treated": _band(after),
            "ratio": _band(ratio),
        }
    return replace(results[0], bands=bands)


def with_dose_bands(
    run: Callable[[ParameterSet], DoseResponse], sets: Sequence[ParameterSet]
) -> DoseResponse:
    """Return the dose-response of the first set with the spread of all.

    Parameters
    ----------
    run : callable
        The series with a parameter set.
    sets : sequence of ParameterSet
        The best one first.

    Returns
    -------
    DoseResponse
        With `bands` and `spreads`. A dose that a set does not reach is left out of its
        interval, and how many reach it is told.
    """
    results = [run(one) for one in sets]
    first = results[0]
    curves = {
        one.name: [
            [each.untreated[one.name], *each.responses[one.name]] for each in results
        ]
        for one in first.readouts
    }
    curves["gr"] = [[1.0, *each.gr] for each in results]
    read = [each.numbers() for each in results]
    return replace(
        first,
        bands={name: _band(courses) for name, courses in curves.items()},
        spreads={name: _spread([one[name] for one in read]) for name in read[0]},
    )


def _band(courses: ArrayLike) -> Array:
    """Return both ends of each point, NaN where a set has none."""
    return np.percentile(np.asarray(courses, dtype=float), _EDGES, axis=0)


def _spread(values: Sequence[float | None]) -> DoseSpread:
    """Return both ends of a number, over the sets that have one."""
    held = [one for one in values if one is not None]
    low, high = np.percentile(held, _EDGES) if held else (None, None)
    return DoseSpread(
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        reached=len(held),
        sets=len(values),
    )
