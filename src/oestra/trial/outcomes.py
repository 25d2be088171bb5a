"""From responses to endpoints: who progressed when, and who is censored why.

References
----------
.. [1] FDA (2018). Clinical trial endpoints for the approval of cancer drugs and
   biologics: guidance for industry. Progression-free survival counts death, time to
   progression censors it; without an event a patient is censored at her last
   assessment.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.trial.assess import Assessment
from oestra.trial.design import ClinicalBenefit, TrialDesign
from oestra.trial.recist import Code, best_response, first_progression

__all__ = ["Fate", "Outcome", "Timed", "derive_outcome", "survival", "within_reach"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to a patient whether or not a scan shows it.

    Parameters
    ----------
    symptom_day, death_day : ndarray of float64, shape (n,)
        Clinical progression and death, inf if none.
    last_day : ndarray of float64, shape (n,)
        Last day on study: withdrawal or other treatment, inf if none.
    cut_day : ndarray of float64, shape (n,)
        Day of the data cut, from randomization.
    """

    symptom_day: NDArray[np.float64]
    death_day: NDArray[np.float64]
    last_day: NDArray[np.float64]
    cut_day: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Time to an event.

    Parameters
    ----------
    day : ndarray of float64, shape (n,)
        Day of the event or of censoring, from randomization.
    event_observed : ndarray of bool, shape (n,)
        True where the event was seen.
    reason : ndarray of str, shape (n,)
        What ended the time.
    """

    day: NDArray[np.float64]
    event_observed: NDArray[np.bool_]
    reason: NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Endpoints of each patient.

    Parameters
    ----------
    pfs, ttp, overall_survival : Timed
        Progression-free survival, time to progression, overall survival.
    best : ndarray of int8, shape (n,)
        Best response as `Code`.
    response_day : ndarray of float64, shape (n,)
        First day of the response, inf without one.
    benefit : ndarray of bool, shape (n,)
        Clinical benefit.
    best_change_percent : ndarray of float64, shape (n,)
        Deepest change of the target sum; nan without targets or scans.
    """

    pfs: Timed
    ttp: Timed
    overall_survival: Timed
    best: NDArray[np.int8]
    response_day: NDArray[np.float64]
    benefit: NDArray[np.bool_]
    best_change_percent: NDArray[np.float64]


def within_reach(
    day: NDArray[np.float64], attended: NDArray[np.bool_], fate: Fate
) -> NDArray[np.bool_]:
    """Tell which visits take place: attended, alive, on study, before the cut.

    Parameters
    ----------
    day : ndarray of float64, shape (n, v)
        Days of the visits.
    attended : ndarray of bool, shape (n, v)
        Visits not missed.
    fate : Fate
        Death, leaving and data cut.

    Returns
    -------
    ndarray of bool, shape (n, v)
        Visits that took place.
    """
    end = np.minimum(np.minimum(fate.last_day, fate.cut_day), fate.death_day)
    return attended & (day <= end[:, None])


def _progression(
    assessment: Assessment, fate: Fate, design: TrialDesign
) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    scan = first_progression(assessment.response, assessment.schedule.day)
    end = np.minimum(fate.last_day, fate.cut_day)
    symptom = np.where(fate.symptom_day <= end, fate.symptom_day, np.inf)
    if not design.clinical_progression:
        symptom = np.full_like(symptom, np.inf)
    reason = np.where(symptom < scan, "clinical progression", "progression on scan")
    return np.minimum(scan, symptom), reason


def _last_assessment(assessment: Assessment) -> NDArray[np.float64]:
    seen = assessment.response != Code.NE
    return np.where(seen, assessment.schedule.day, 0.0).max(axis=1, initial=0.0)


def _why_censored(fate: Fate) -> NDArray[np.str_]:
    return np.where(fate.last_day < fate.cut_day, "left the study", "data cut")


def _timed(
    event: NDArray[np.float64],
    censor: NDArray[np.float64],
    reason: NDArray[np.str_],
    fate: Fate,
) -> Timed:
    seen = np.isfinite(event)
    return Timed(
        day=np.where(seen, event, censor),
        event_observed=seen,
        reason=np.where(seen, reason, _why_censored(fate)),
    )


def survival(fate: Fate) -> Timed:
    """Return overall survival: death up to the data cut, on study or not.

    Parameters
    ----------
    fate : Fate
        Death and data cut.

    Returns
    -------
    Timed
        Time to death.
    """
    seen = fate.death_day <= fate.cut_day
    return Timed(
        day=np.where(seen, fate.death_day, fate.cut_day),
        event_observed=seen,
        reason=np.where(seen, "death", "data cut"),
    )


def _benefit(
    assessment: Assessment,
    progression: NDArray[np.float64],
    response_day: NDArray[np.float64],
    rule: ClinicalBenefit,
) -> NDArray[np.bool_]:
    day = assessment.schedule.day
    good = (assessment.response > Code.PD) & (day < progression[:, None])
    last = np.where(good, day, 0.0).max(axis=1, initial=0.0)
    lasting = last >= 7 * rule.weeks - rule.window_days
    return lasting | (np.isfinite(response_day) & rule.responders)


def derive_outcome(assessment: Assessment, fate: Fate, design: TrialDesign) -> Outcome:
    """Derive every endpoint of every patient.

    Visits of the assessment that did not take place must read NE.

    Parameters
    ----------
    assessment : Assessment
        Responses at the visits.
    fate : Fate
        Symptoms, death, leaving and data cut.
    design : TrialDesign
        Rules of the trial.

    Returns
    -------
    Outcome
        The endpoints.
    """
    progression, reason = _progression(assessment, fate, design)
    end = np.minimum(fate.last_day, fate.cut_day)
    death = np.where(fate.death_day <= end, fate.death_day, np.inf)
    first = np.minimum(progression, death)
    last = np.minimum(_last_assessment(assessment), end)
    day = assessment.schedule.day
    before = np.where(day <= progression[:, None], assessment.response, Code.NE)
    best = best_response(
        before.astype(np.int8),
        day,
        confirmation_weeks=design.confirmation_weeks,
        inevaluable_between=design.inevaluable_between,
        stable_weeks=design.stable_weeks,
        otherwise=np.where(assessment.measurable, Code.SD, assessment.neither).astype(
            np.int8
        ),
    )
    code = np.where(
        (best.code == Code.NE) & np.isfinite(progression), Code.PD, best.code
    )
    seen = (before != Code.NE) & assessment.measurable[:, None]
    change = np.where(seen, assessment.change_percent, np.inf).min(
        axis=1, initial=np.inf
    )
    return Outcome(
        pfs=_timed(first, last, np.where(death < progression, "death", reason), fate),
        ttp=_timed(progression, last, reason, fate),
        overall_survival=survival(fate),
        best=code.astype(np.int8),
        response_day=best.start,
        benefit=_benefit(
            assessment, first, best.start, design.analysis.clinical_benefit
        ),
        best_change_percent=np.where(np.isfinite(change), change, np.nan),
    )
