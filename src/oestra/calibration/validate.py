"""Leave one trial out: refit without it, predict it, compare.

The refit is a Gauss-Newton step of the loss without the trial's rows, from the best
set, on the Jacobian of the fit; the prediction is then simulated in full.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.between import BetweenTrials
from oestra.calibration.checkpoint import State
from oestra.calibration.objective import Objective
from oestra.calibration.posterior import Posterior, laplace
from oestra.calibration.residual import published
from oestra.calibration.softening import hardened
from oestra.calibration.step import CAUTION
from oestra.core.errors import InputError
from oestra.core.linear_algebra import dot, product, solve
from oestra.core.progress import Progress
from oestra.evidence.target_row import TargetRow
from oestra.work.each import Workers, in_order

__all__ = [
    "REACH_90",
    "LeftOut",
    "leave_all_out",
    "leave_one_out",
    "posterior_of",
    "predict_trial",
    "rows_kept",
    "trial_effects",
]

Array = NDArray[np.float64]
REACH_90 = 1.644854
"""Standard errors to either side of the middle that hold 90 % of a normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A published endpoint predicted by a model that never saw its trial.

    Parameters
    ----------
    row : TargetRow
        The endpoint.
    predicted : float
        On the log scale for ratios and medians, the logit for shares.
    published : float
        On the same scale.
    sampling : float
        Standard error of the published number.
    uncertainty : float
        Standard error of the prediction from what the fit leaves open, and from what
        makes trials differ.
    """

    row: TargetRow
    predicted: float
    published: float
    sampling: float
    uncertainty: float

    @property
    def spread(self) -> float:
        """Standard error of the prediction of a trial of the published size."""
        return float(np.hypot(self.sampling, self.uncertainty))

    @property
    def z(self) -> float:
        """Error in units of its standard error."""
        return (self.predicted - self.published) / self.spread

    @property
    def covered(self) -> bool:
        """Whether the published number lies in the 90 % predictive interval."""
        return abs(self.z) <= REACH_90


def trial_effects(
    rows: tuple[TargetRow, ...], state: State, between: BetweenTrials
) -> Array:
    """Return what one standard deviation of each trial's effect on growth changes.

    Parameters
    ----------
    rows : tuple of TargetRow
        Endpoints of the fit.
    state : State
        Its end.
    between : BetweenTrials
        How much trials differ.

    Returns
    -------
    ndarray, shape (trials, m)
        Of residuals as the fit counts them.
    """
    names = sorted({row.trial for row in rows})
    found = np.zeros((len(names), len(between.slope)))
    for place, row in enumerate(rows):
        found[names.index(row.trial), place] = between.sd * between.slope[place]
    # By how much less than a residual what the fit counts of it grows.
    return found * hardened(state.residual, state.freedom)[1]


def posterior_of(mean: Array, columns: Array, effects: Array) -> Posterior:
    """Return what data say of parameters, each trial with an effect of its own.

    Parameters
    ----------
    mean : ndarray, shape (k,)
        Standardized parameters.
    columns : ndarray, shape (k, m)
        Derivatives of the residuals.
    effects : ndarray, shape (trials, m)
        As of `trial_effects`.
    """
    count = len(mean)
    both = np.concatenate([columns, effects])
    covariance = laplace(np.zeros(len(both)), both).covariance
    return Posterior(mean=mean, covariance=covariance[:count, :count])


def _refit(state: State, kept: NDArray[np.bool_], effects: Array) -> Posterior:
    """Fit anew to what is kept, together with one effect of each trial on growth."""
    count = len(state.z)
    columns = np.concatenate([state.columns, effects])[:, kept]
    origin = np.concatenate([state.z, np.zeros(len(effects))])
    slope = product(columns, state.residual[kept]) + origin
    # As in the fit, a step allows for what is not known of the Jacobian.
    curvature = product(columns, columns.T) + np.eye(len(origin))
    if state.doubt.size:
        curvature[:count, :count] += CAUTION * columns.shape[1] * state.doubt[1:, 1:]
    move = solve(curvature, slope)[:count]
    moved = state.z - np.clip(move, -1.0, 1.0)
    return posterior_of(moved, state.columns[:, kept], effects[:, kept])


def leave_one_out(
    objective: Objective,
    state: State,
    between: BetweenTrials,
    trial: str,
    without: tuple[str, ...] = (),
    before: Array | None = None,
) -> list[LeftOut]:
    """Predict one trial from all others.

    Parameters
    ----------
    objective : Objective
        The problem of the fit.
    state : State
        Its end, with the Jacobian.
    between : BetweenTrials
        How much trials differ.
    trial : str
        Id of the trial to predict, which is left out.
    without : tuple of str
        Other trials that are left out too, such as all of its class.
    before : ndarray, shape (m,), optional
        As of `predict_trial`.

    Returns
    -------
    list of LeftOut
        Its fitted rows.

    Raises
    ------
    InputError
        If the fit has no Jacobian, or no row of the trial.
    """
    kept = rows_kept(objective, state, (trial, *without), trial=trial)
    effects = trial_effects(objective.rows, state, between)
    posterior = _refit(state, kept, effects)
    return predict_trial(objective, state, between, trial, posterior, before)


def rows_kept(
    objective: Objective, state: State, without: Collection[str], *, trial: str
) -> NDArray[np.bool_]:
    """Tell which residuals of a fit are not of some trials.

    Parameters
    ----------
    objective, state
        The problem of the fit, and its end.
    without : collection of str
        Ids of the trials that are left out.
    trial : str
        The one to predict.

    Returns
    -------
    ndarray of bool, shape (m,)
        Of endpoints and facts.

    Raises
    ------
    InputError
        If the fit has no Jacobian, or no row of the trial.
    """
    if np.isnan(state.columns).any():
        raise InputError("This fit has no Jacobian; continue it to the end of a round.")
    if trial not in {row.trial for row in objective.rows}:
        raise InputError(f"The fit has no endpoint of {trial!r}.")
    kept = np.ones(len(state.residual), dtype=bool)
    kept[: len(objective.rows)] = [row.trial not in without for row in objective.rows]
    return kept


def predict_trial(
    objective: Objective, state: State, between: BetweenTrials, trial: str,
    posterior: Posterior, before: Array | None = None,
) -> list[LeftOut]:  # fmt: skip
    """Simulate a trial with parameters that it did not teach.

    Parameters
    ----------
    objective, state, between
        As of `leave_one_out`; the Jacobian tells how far the prediction is open.
    trial : str
        Its id.
    posterior : Posterior
        What the other trials say of the parameters.
    before : ndarray, shape (m,), optional
        Residuals that the first population shows with the parameters of the fit, where
        there are several; simulated if not given.

    Returns
    -------
    list of LeftOut
        Its fitted rows.
    """
    steepness = hardened(state.residual, state.freedom)[1]
    mine = [k for k, row in enumerate(objective.rows) if row.trial == trial]
    rows = tuple(objective.rows[k] for k in mine)
    own = replace(objective, rows=rows, with_facts=False)
    seen = own.part(0).evaluate(posterior.mean).residual
    if own.cohorts > 1:
        # What one population shows of the change is added to what all showed.
        if before is None:
            here = own.part(0).evaluate(state.z).residual
        else:
            here = before[mine]
        seen = hardened(state.residual, state.freedom)[0][mine] + seen - here
    found = []
    for number, (index, row) in enumerate(zip(mine, rows, strict=True)):
        slope = state.columns[:, index] / steepness[index]
        spread = np.hypot(
            np.sqrt(dot(slope, product(posterior.covariance, slope))),
            between.sd * between.slope[index],
        )
        off, there = float(seen[number]), published(row)
        error = there.error_towards(off)
        found.append(
            LeftOut(
                row=row,
                predicted=there.middle + error * off,
                published=there.middle,
                sampling=there.error,
                uncertainty=error * float(spread),
            )
        )
    return found


def leave_all_out(
    objective: Objective,
    state: State,
    between: BetweenTrials,
    progress: Progress = lambda *_: None,
    *,
    classes: Mapping[str, str] | None = None,
    workers: Workers = 1,
) -> list[LeftOut]:
    """Predict each trial from all others, or from those of other classes.

    Parameters
    ----------
    objective, state, between
        As of `leave_one_out`.
    classes : mapping of str to str, optional
        Class of each trial that has one; with it all of a trial's class are left out.
    progress : callable
        Told what is done, how many and of how many.
    workers : int or Executor
        Threads, or who does the work; no result depends on it.

    Returns
    -------
    list of LeftOut
        All fitted rows, by trial.
    """
    trials = sorted({row.trial for row in objective.rows})
    group = classes or {}
    progress("The fit itself", 0, len(trials))
    before = None
    if objective.cohorts > 1:
        before = objective.part(0).evaluate(state.z, workers=workers).residual
    calls = [
        (
            objective,
            state,
            between,
            trial,
            tuple(t for t in trials if group.get(t, t) == group.get(trial, trial)),
            before,
        )
        for trial in trials
    ]
    found: list[LeftOut] = []
    progress(f"Without {trials[0]}", 0, len(trials))
    with in_order(workers, leave_one_out, calls) as results:
        for number, (trial, rows) in enumerate(zip(trials, results, strict=True), 1):
            found += rows
            progress(f"Without {trial}", number, len(trials))
    return found
