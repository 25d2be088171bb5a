"""From responses to endpoints: who progressed when, and who is censored why.

The rules of events and censoring stand in `oestra.trial.censoring`.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.trial.analysis import TimeToEvent
from oestra.trial.assess import Assessment
from oestra.trial.censoring import EventRule, Therapy
from oestra.trial.data_cut import cut
from oestra.trial.design import ClinicalBenefit, TrialDesign
from oestra.trial.event_rule import Histories, Timed, time_to
from oestra.trial.recist import (
    BestResponse,
    Code,
    best_response,
    first_progression,
)

__all__ = [
    "Fate",
    "Outcome",
    "Timed",
    "best_until",
    "derive_outcome",
    "survival",
    "within_reach",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to a patient whether or not a scan shows it.

    Parameters
    ----------
    symptom_day, death_day : ndarray of float64, shape (n,)
        Clinical progression and death, inf if none.
    last_day : ndarray of float64, shape (n,)
        Last day on study, by withdrawal, inf if none.
    cut_day : ndarray of float64, shape (n,)
        Day of the data cut, from randomization.
    new_therapy_day : ndarray of float64, shape (n,), optional
        Start of another anticancer therapy without progression, inf if none.
    """

    symptom_day: NDArray[np.float64]
    death_day: NDArray[np.float64]
    last_day: NDArray[np.float64]
    cut_day: NDArray[np.float64]
    new_therapy_day: NDArray[np.float64] | None = None

    @property
    def other_therapy_day(self) -> NDArray[np.float64]:
        """Start of another therapy, inf for those who start none, shape (n,)."""
        if self.new_therapy_day is None:
            return np.full_like(self.cut_day, np.inf)
        return self.new_therapy_day

    def end(self, rule: EventRule) -> NDArray[np.float64]:
        """Return the last day on which a patient is assessed, shape (n,).

        Parameters
        ----------
        rule : EventRule
            Which says whether another therapy ends it.
        """
        end = np.minimum(self.last_day, self.cut_day)
        if rule.new_therapy is Therapy.IGNORE:
            return end
        return np.minimum(end, self.other_therapy_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Endpoints of each patient.

    Parameters
    ----------
    pfs, ttp, overall_survival : Timed
        Progression-free survival, time to progression, overall survival.
    progression, ended : Timed
        Time to progression, and to progression or death, as they were found, whatever
        the analysis censors.
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
    progression: Timed
    ended: Timed
    best: NDArray[np.int8]
    response_day: NDArray[np.float64]
    benefit: NDArray[np.bool_]
    best_change_percent: NDArray[np.float64]


def within_reach(
    day: NDArray[np.float64],
    attended: NDArray[np.bool_],
    fate: Fate,
    rule: EventRule = EventRule(),  # noqa: B008 - frozen
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
    rule : EventRule
        Which says whether patients are scanned on under another therapy.

    Returns
    -------
    ndarray of bool, shape (n, v)
        Visits that took place.
    """
    end = np.minimum(fate.end(rule), fate.death_day)
    return attended & (day <= end[:, None])


def _histories(assessment: Assessment, fate: Fate) -> Histories:
    response, day = assessment.response, assessment.schedule.day
    return Histories(
        scan_day=day,
        adequate=response != Code.NE,
        progression_day=first_progression(response, day),
        symptom_day=fate.symptom_day,
        death_day=fate.death_day,
        new_therapy_day=fate.other_therapy_day,
        last_day=fate.last_day,
        cut_day=fate.cut_day,
        # The model measures every patient before she is treated.
        baseline=np.ones(fate.cut_day.size, dtype=bool),
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
    day, event = cut(fate.death_day, np.isfinite(fate.death_day), None, fate.cut_day)
    return Timed(
        day=day,
        event_observed=event,
        reason=np.where(event, "death", "data cut"),
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


def best_until(
    assessment: Assessment,
    progression: NDArray[np.float64],
    design: TrialDesign,
    confirmation_weeks: float | None,
) -> BestResponse:
    """Return the best response up to progression, however that was found.

    Parameters
    ----------
    assessment : Assessment
        Responses at the visits.
    progression : ndarray of float64, shape (n,)
        Day of progression, inf if none.
    design : TrialDesign
        Rules of the trial.
    confirmation_weeks : float or None
        Weeks after which a response must be seen again, None if never.

    Returns
    -------
    BestResponse
        Code and first day of the response.
    """
    day = assessment.schedule.day
    before = np.where(day <= progression[:, None], assessment.response, Code.NE)
    best = best_response(
        before.astype(np.int8),
        day,
        confirmation_weeks=confirmation_weeks,
        inevaluable_between=design.inevaluable_between,
        stable_weeks=design.stable_weeks,
        otherwise=np.where(assessment.measurable, Code.SD, assessment.neither).astype(
            np.int8
        ),
    )
    code = np.where(
        (best.code == Code.NE) & np.isfinite(progression), Code.PD, best.code
    )
    return replace(best, code=code.astype(np.int8))


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
    rule, histories = design.censoring.event_rule, _histories(assessment, fate)
    pfs, ttp = (
        time_to(endpoint, histories, rule)
        for endpoint in (TimeToEvent.PFS, TimeToEvent.TTP)
    )
    # What was found stays found, where an analysis censors it for missed scans.
    found, ended = (
        time_to(endpoint, histories, replace(rule, missed_assessments=0))
        for endpoint in (TimeToEvent.TTP, TimeToEvent.PFS)
    )
    progression = np.where(found.event_observed, found.day, np.inf)
    death = np.where(fate.death_day <= fate.end(rule), fate.death_day, np.inf)
    day = assessment.schedule.day
    best = best_until(assessment, progression, design, design.confirmation_weeks)
    before = np.where(day <= progression[:, None], assessment.response, Code.NE)
    seen = (before != Code.NE) & assessment.measurable[:, None]
    change = np.where(seen, assessment.change_percent, np.inf).min(
        axis=1, initial=np.inf
    )
    return Outcome(
        pfs=pfs,
        ttp=ttp,
        overall_survival=survival(fate),
        progression=found,
        ended=ended,
        best=best.code,
        response_day=best.start,
        benefit=_benefit(
            assessment,
            np.minimum(progression, death),
            best.start,
            design.analysis.clinical_benefit,
        ),
        best_change_percent=np.where(np.isfinite(change), change, np.nan),
    )
