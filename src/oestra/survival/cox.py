"""Cox regression of one group against another, stratified or not.

References
----------
.. [1] Cox DR (1972). Regression models and life-tables. J R Stat Soc B 34:187-220.
.. [2] Efron B (1977). The efficiency of Cox's likelihood function for censored data.
   J Am Stat Assoc 72:557-565.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from oestra.survival.partial_likelihood import maximize, tie_table
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
        The same on the log scale.
    reason : str
        Why it cannot be estimated, empty otherwise.
    """

    hazard_ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    log_hazard_ratio: float | None
    standard_error: float | None
    reason: str = ""


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


def _not_estimable(reason: str) -> CoxResult:
    return CoxResult(
        hazard_ratio=None,
        low=None,
        high=None,
        p=None,
        log_hazard_ratio=None,
        standard_error=None,
        reason=reason,
    )


def _why_not(sample: Sample) -> str:
    why = sample.why_not()
    if why:
        return why
    in_group = sample.event_observed & sample.group
    if not in_group.any() or not (sample.event_observed & ~sample.group).any():
        return "one group has no events"
    return ""


def hazard_ratio(
    durations: ArrayLike,
    event_observed: ArrayLike,
    group: ArrayLike,
    strata: ArrayLike | None = None,
) -> CoxResult:
    """Estimate a hazard ratio with Efron's ties, in numpy alone.

    Made for loops over many trials; `cox` does the same through lifelines.

    Parameters
    ----------
    durations : array_like of float, shape (n,)
        Time to event or censoring.
    event_observed : array_like of bool, shape (n,)
        True where the event was seen.
    group : array_like of bool, shape (n,)
        True in the group of interest.
    strata : array_like, shape (n,), optional
        Labels with a baseline hazard each.

    Returns
    -------
    CoxResult
        The estimate, or None with a reason.

    Raises
    ------
    InputError
        If shapes differ or a time is negative or not finite.
    """
    sample = two_groups(durations, event_observed, group, strata)
    why = _why_not(sample)
    if why:
        return _not_estimable(why)
    found = maximize(tie_table(sample))
    if found is None:
        return _not_estimable("the partial likelihood has no maximum")
    return _record(*found)


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
        If shapes differ or a time is negative or not finite.
    """
    sample = two_groups(durations, event_observed, group, strata)
    why = _why_not(sample)
    if why or maximize(tie_table(sample)) is None:
        return _not_estimable(why or "the partial likelihood has no maximum")
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
