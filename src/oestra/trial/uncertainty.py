"""Where the spread of a predicted effect comes from: parameters, patients, the trial.

Replicates of a trial take the parameter sets in turn, each set with a population of its
own. What differs between replicates of one set is what another trial of that size would
give; what differs between the means of sets beyond that is the parameters' part, and
with it what their populations, being finite, differ by.

References
----------
.. [1] Searle SR, Casella G, McCulloch CE (1992). Variance Components. Wiley.
   doi:10.1002/9780470316856
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.trial.design import TrialDesign
from oestra.trial.replicate import Replicate
from oestra.trial.trial_setting import Setting

__all__ = ["Spread", "decompose", "uncertainty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Standard deviations of a log hazard ratio by what causes them.

    Parameters
    ----------
    parameters : float
        Of the expected value over parameter sets with their populations; 0 where the
        sets differ no more than chance makes them.
    patients : float
        At most this much of it comes from populations of the size simulated; an upper
        bound, for little of what differs between trials is who is enrolled.
    trial : float
        Over trials of the planned size, for one population and parameter set: who is
        enrolled, into which arm, and what happens to them.
    """

    parameters: float
    patients: float
    trial: float


def decompose(
    values: NDArray[np.float64], sets: NDArray[np.int64], pool_ratio: float
) -> Spread | None:
    """Split the variance of replicates into that between sets and that within.

    The one-way analysis of variance with random effects; means are weighted equally.
    A finite pool of virtual patients is itself a sample: it adds to the expected value
    at most what a trial as large as the pool would have as its own variance.

    Parameters
    ----------
    values : ndarray of float64, shape (r,)
        Estimate of each replicate, on a scale where errors add.
    sets : ndarray of int64, shape (r,)
        Number of the parameter set of each.
    pool_ratio : float
        Patients of the trial over the effective number in the pool.

    Returns
    -------
    Spread or None
        None with fewer than two sets of at least two replicates.
    """
    groups = [values[sets == number] for number in np.unique(sets)]
    groups = [group for group in groups if group.size >= 2]
    if len(groups) < 2:
        return None
    free = sum(group.size - 1 for group in groups)
    within = sum(float(np.sum((g - g.mean()) ** 2)) for g in groups) / free
    means = np.array([group.mean() for group in groups])
    chance = within * float(np.mean([1 / group.size for group in groups]))
    between = max(float(np.var(means, ddof=1)) - chance, 0.0)
    return Spread(
        parameters=math.sqrt(between),
        patients=math.sqrt(within * pool_ratio),
        trial=math.sqrt(within),
    )


def uncertainty(
    design: TrialDesign, runs: Sequence[Replicate], settings: Sequence[Setting]
) -> dict[str, Any]:
    """Split the spread of the first hazard ratio of the primary endpoint.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    runs : sequence of Replicate
        Replicates, which took the settings in turn.
    settings : sequence of Setting
        One a parameter set.

    Returns
    -------
    dict of str to Any
        ``uncertainty`` with the standard deviations of the log hazard ratio, or
        nothing where there are too few replicates of too few sets.
    """
    known: list[tuple[float, int]] = []
    for number, run in enumerate(runs):
        found = run.first(design)
        ratio = None if found is None else found.hazard_ratio.number
        if ratio is not None and ratio > 0:
            known.append((math.log(ratio), number % len(settings)))
    if not known:
        return {}
    planned = settings[0].patients or sum(arm.n for arm in design.arms)
    pool = float(np.mean([s.weighted.effective_size for s in settings]))
    values, sets = zip(*known, strict=True)
    spread = decompose(np.array(values), np.array(sets), planned / pool)
    return {} if spread is None else {"uncertainty": asdict(spread)}
