"""Leave a trial out and fit anew in steps: proof of what the one step says.

Each step simulates all other trials, as the fit does, so that a parameter that the
trial alone had determined goes back to where the others leave it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from oestra.calibration.between import BetweenTrials
from oestra.calibration.checkpoint import State
from oestra.calibration.fit import take_round, worker_pool
from oestra.calibration.objective import Objective
from oestra.calibration.validate import (
    LeftOut,
    posterior_of,
    predict_trial,
    rows_kept,
    trial_effects,
)
from oestra.core.progress import Progress
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.work.each import Workers

__all__ = ["Refitted", "refit_without", "refit_worst", "worst_trials"]

_ROUNDS = 4
"""Rounds of four steps; after them the loss of the others falls by its noise alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refitted:
    """A trial predicted by a fit to all others, in one step and in many.

    Parameters
    ----------
    trial : str
        Its id.
    one_step, in_steps : tuple of LeftOut
        Its fitted rows, in the same order.
    """

    trial: str
    one_step: tuple[LeftOut, ...]
    in_steps: tuple[LeftOut, ...]


def worst_trials(found: Sequence[LeftOut], count: int) -> tuple[str, ...]:
    """Return the trials whose hazard ratios are predicted worst, the worst first.

    Parameters
    ----------
    found : sequence of LeftOut
        All trials, each left out.
    count : int
        How many.
    """
    worst: dict[str, float] = {}
    for item in found:
        if item.row.kind == "hazard_ratio":
            worst[item.row.trial] = max(worst.get(item.row.trial, 0.0), abs(item.z))
    return tuple(sorted(worst, key=lambda name: (-worst[name], name))[:count])


def refit_without(
    objective: Objective,
    state: State,
    between: BetweenTrials,
    trial: str,
    *,
    workers: Workers = 1,
) -> list[LeftOut]:
    """Fit to all other trials in steps, and predict one.

    Parameters
    ----------
    objective, state, between
        As of `oestra.calibration.validate.leave_one_out`.
    trial : str
        Id of the trial that is left out.
    workers : int or Executor
        Processes, or who does the work; the result does not depend on it.

    Returns
    -------
    list of LeftOut
        Its fitted rows.

    Raises
    ------
    InputError
        If the fit has no Jacobian, or no row of the trial.
    """
    kept = rows_kept(objective, state, (trial,), trial=trial)
    rows = tuple(row for row in objective.rows if row.trial != trial)
    others = replace(objective, rows=rows)
    own = replace(
        state,
        z=state.z.copy(),
        residual=state.residual[kept],
        columns=state.columns[:, kept],
        doubt=state.doubt.copy(),
        reach=1.0,
        round=0,
        losses=np.empty(0),
    )
    streams = Streams(objective.seed).spawn(Stream.FIT)
    with worker_pool(workers) as pool:
        for _ in range(_ROUNDS):
            take_round(pool, others, own, streams)
    effects = trial_effects(objective.rows, state, between)[:, kept]
    posterior = posterior_of(own.z, own.columns, effects)
    return predict_trial(objective, state, between, trial, posterior)


def refit_worst(  # noqa: PLR0913 - one argument a part of the problem
    objective: Objective,
    state: State,
    between: BetweenTrials,
    found: Sequence[LeftOut],
    count: int,
    progress: Progress = lambda *_: None,
    *,
    workers: Workers = 1,
) -> tuple[Refitted, ...]:
    """Refit in steps without each of the trials that one step predicts worst.

    Parameters
    ----------
    objective, state, between
        As of `refit_without`.
    found : sequence of LeftOut
        All trials, each left out in one step.
    count : int
        How many of them.
    progress : callable
        Told what is done, how many and of how many.
    workers : int or Executor
        Processes, or who does the work.

    Returns
    -------
    tuple of Refitted
        The worst first.
    """
    told = []
    trials = worst_trials(found, count)
    for number, trial in enumerate(trials):
        progress(f"Fitting without {trial}", number, len(trials))
        again = refit_without(objective, state, between, trial, workers=workers)
        once = tuple(item for item in found if item.row.trial == trial)
        told.append(Refitted(trial=trial, one_step=once, in_steps=tuple(again)))
    return tuple(told)
