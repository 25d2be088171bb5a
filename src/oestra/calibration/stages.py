"""A fit from the start: with few patients and mild errors until near, then as it ships.

Far from the data most published numbers look like outliers, which pull little; errors
with lighter tails let them pull until the fit is near [1]_. Fewer patients are enough
to know the way at first.

References
----------
.. [1] Blake A, Zisserman A (1987). Visual reconstruction. MIT Press: graduated
   non-convexity.
"""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.checkpoint import State
from oestra.calibration.fit import Pace, fit
from oestra.calibration.objective import Objective
from oestra.calibration.softening import FREEDOM
from oestra.calibration.trial_size import PAIRS
from oestra.core.progress import Progress
from oestra.work.each import Workers

__all__ = ["fit_in_stages"]

_FEWEST, _FEWEST_FOLLOWED = 100, 50


class _Stage(NamedTuple):
    """A part of the way.

    Parameters
    ----------
    name : str
        Its word in progress and in the name of its checkpoint.
    fewer : int
        What numbers of patients are divided by.
    freedom : float
        Degrees of freedom of errors of trials.
    rounds : float
        Share of all rounds.
    cohorts : int
        Most populations it is of.
    pace : Pace
        When slopes are measured again.
    """

    name: str
    fewer: int
    freedom: float
    rounds: float
    cohorts: int
    pace: Pace


_STAGES = (
    _Stage("far", 2, 10.0, 0.5, 1, Pace(4, 4)),
    _Stage("near", 2, FREEDOM, 0.2, 1, Pace(0, 4)),
    _Stage("whole", 1, FREEDOM, 0.3, 100, Pace(0, 4)),
)


def _fewer(number: int, times: int, least: int) -> int:
    return min(number, max(least, number // times))


def fit_in_stages(  # noqa: PLR0913 - one argument a choice
    objective: Objective,
    start: NDArray[np.float64],
    *,
    path: Path,
    rounds: int,
    workers: Workers = 2,
    pairs: int = PAIRS,
    progress: Progress = lambda *_: None,
) -> State:
    """Fit from far away, or continue such a fit.

    Parameters
    ----------
    objective, start, workers, pairs, progress
        As of `oestra.calibration.fit.fit`.
    path : Path
        Checkpoint of the last stage; those of the others lie beside it.
    rounds : int
        Of all stages together.

    Returns
    -------
    State
        The end of the last stage.

    Raises
    ------
    InputError
        If a checkpoint is damaged or belongs to another problem.
    """
    *first, last = _STAGES
    state: State | None = None

    def go_on(stage: _Stage, place: Path) -> State:
        own = replace(
            objective,
            patients=_fewer(objective.patients, stage.fewer, _FEWEST),
            most=_fewer(objective.most, stage.fewer, _FEWEST_FOLLOWED),
            cohorts=min(stage.cohorts, objective.cohorts),
        )
        return fit(
            own,
            start if state is None else state.z,
            path=place,
            rounds=max(1, round(stage.rounds * rounds)),
            workers=workers,
            warm=state,
            pace=stage.pace,
            pairs=pairs,
            freedom=stage.freedom,
            progress=lambda what, *of: progress(f"{stage.name}: {what}", *of),
        )

    for stage in first:
        state = go_on(stage, path.with_stem(f"{path.stem}.{stage.name}"))
    return go_on(last, path)
