"""Cox regression of one group against another, stratified or not.

The sources stand in `oestra.survival.partial_likelihood`.
"""

import math
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from oestra.core.errors import InputError, nearest, shown
from oestra.survival.partial_likelihood import (
    Ties,
    maximize,
    monotone,
    robust_error,
    tie_table,
)
from oestra.survival.sample import Sample, two_groups

__all__ = ["CoxResult", "cox", "hazard_ratio"]

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxResult:
    """Hazard ratio of the group of interest against the control.

    Parameters
    ----------
    hazard_ratio, low, high : float or None
        Estimate and 95 % Wald limits; None if it cannot be estimated.
    p : float or None
        Two-sided Wald p value.
    log_hazard_ratio, standard_error : float or None
        The same on the log scale; the error is robust where it was asked for, or a
        weight is no whole number.
    reason : str
        Why it cannot be estimated, empty otherwise.
    toward : str
        Where the likelihood is monotone, the ratio towards which it rises without end:
        ``"zero"`` or ``"infinity"``; ``"any"`` where all ratios are as likely.
    """

    hazard_ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    log_hazard_ratio: float | None
    standard_error: float | None
    reason: str = ""
    toward: str = ""


def _record(log_hazard_ratio: float, standard_error: float) -> CoxResult:
    half = _Z95 * standard_error
    return CoxResult(
        hazard_ratio=math.exp(log_hazard_ratio),
        low=math.exp(log_hazard_ratio - half),
        high=math.exp(log_hazard_ratio + half),
        p=math.erfc(abs(log_hazard_ratio) / standard_error / math.sqrt(2)),
        log_hazard_ratio=log_hazard_ratio,
        standard_error=standard_error,
    )


def _not_estimable(reason: str, toward: str = "") -> CoxResult:
    return CoxResult(
        hazard_ratio=None,
        low=None,
        high=None,
        p=None,
        log_hazard_ratio=None,
        standard_error=None,
        reason=reason,
        toward=toward,
    )


def _impossible(sample: Sample, ties: Ties) -> CoxResult | None:
    """Return a result without a number where there can be none."""
    why = sample.why_not()
    if why:
        return _not_estimable(why)
    toward = monotone(tie_table(sample, ties))
    in_group = sample.event_observed & sample.group
    if not in_group.any() or not (sample.event_observed & ~sample.group).any():
        return _not_estimable("one group has no events", toward)
    if toward:
        return _not_estimable(
            "the likelihood is monotone: the partial likelihood has no maximum", toward
        )
    return None


def hazard_ratio(  # noqa: PLR0913
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    ties: Ties = "efron",
    robust: bool | None = None,
) -> CoxResult:
    """Estimate a hazard ratio, in numpy alone.

    Assumes proportional hazards within strata and independent censoring. Made for loops
    over many trials; `cox` does the same through lifelines.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, or of 0 and 1, shape (n,)
        True where the event was seen.
    group : array_like of bool, or of 0 and 1, shape (n,)
        True in the group of interest.
    strata : array_like, shape (n,), optional
        Labels with a baseline hazard each.
    weights : array_like of float, shape (n,), optional
        Positive case weights.
    ties : {"efron", "breslow"}
        How deaths at one time share a risk set.
    robust : bool, optional
        Whether the error is that of Lin and Wei; by default where a weight is no whole
        number, as in R.

    Returns
    -------
    CoxResult
        The estimate, or None with a reason.

    Raises
    ------
    InputError
        If shapes differ, a time is negative or not finite, a mark of an event or group
        is neither true nor false, a weight is not positive, or ``ties`` is unknown.
    """
    if ties not in get_args(Ties):
        near = nearest(str(ties), get_args(Ties))
        hint = f"; nearest is {near!r}" if near else ""
        raise InputError(
            f"Ties must be efron or breslow, got {shown(str(ties))}{hint}."
        )
    sample = two_groups(durations, event_observed, group, strata, weights)
    none = _impossible(sample, ties)
    if none is not None:
        return none
    table = tie_table(sample, ties)
    found = maximize(table)
    if found is None:
        return _not_estimable("the partial likelihood has no maximum that was found")
    beta, error = found
    if robust is None:
        robust = bool((sample.weight != np.floor(sample.weight)).any())
    return _record(beta, robust_error(sample, table, beta, error) if robust else error)


def cox(
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
) -> CoxResult:
    """Estimate a hazard ratio through lifelines' Cox model.

    Assumes proportional hazards within strata and independent censoring.

    Parameters
    ----------
    durations, event_observed, group, strata
        As in `hazard_ratio`.

    Returns
    -------
    CoxResult
        The estimate, or None with a reason.

    Raises
    ------
    InputError
        As in `hazard_ratio`.
    """
    sample = two_groups(durations, event_observed, group, strata)
    none = _impossible(sample, "efron")
    if none is not None:
        return none
    import pandas as pd  # noqa: PLC0415 - heavy, loaded late
    from lifelines import CoxPHFitter  # noqa: PLC0415 - heavy, loaded late

    frame = pd.DataFrame(
        {
            "time": sample.durations,
            "event": sample.event_observed.astype(int),
            "group": sample.group.astype(np.float64),
            "stratum": sample.stratum,
        }
    )
    fitter = CoxPHFitter().fit(
        frame,
        "time",
        "event",
        strata=["stratum"],
        fit_options={"step_size": 0.95, "precision": 1e-12, "r_precision": 1e-14},
    )
    return _record(
        float(fitter.params_["group"]), float(fitter.standard_errors_["group"])
    )
