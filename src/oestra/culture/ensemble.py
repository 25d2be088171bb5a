"""Courses of a culture under every parameter set that a fit leaves open."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from oestra.core.parameter_set import ParameterSet
from oestra.culture.cell_result import CellResult

__all__ = ["LEVEL", "with_bands"]

LEVEL = 95.0
"""Percent of the parameter sets between the ends of a band."""


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
    edges = [50.0 - LEVEL / 2.0, 50.0 + LEVEL / 2.0]
    bands = {}
    for one in results[0].readouts:
        before = np.array([result.untreated[one.name] for result in results])
        after = np.array([result.treated[one.name] for result in results])
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = after / before
        bands[one.name] = {
            "untreated": np.percentile(before, edges, axis=0),
            "treated": np.percentile(after, edges, axis=0),
            "ratio": np.percentile(ratio, edges, axis=0),
        }
    return replace(results[0], bands=bands)
