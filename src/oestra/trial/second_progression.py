"""What happens after a phase that progression ends: the second progression.

Treatment goes on with the next phase; scans have a new baseline where it begins, as on
a new line of therapy. A new lesion that was seen before is part of that baseline.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.trial.arm_treatment import EventKind, phases_of
from oestra.trial.assess import assess, read_scans
from oestra.trial.assumption import Assumptions
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.event_rule import Timed
from oestra.trial.outcomes import Fate, derive_outcome
from oestra.trial.shifted_course import shifted
from oestra.trial.treat import Treated

__all__ = [
    "NO_SECOND",
    "TREATED",
    "SecondProgression",
    "after_progression",
    "second_progression",
    "until_treated",
]

Array = NDArray[np.float64]
NO_SECOND = "no second treatment"
"""Why a time to the second progression is censored at the first."""
TREATED = "treated"
"""Begins the names of columns of what ends a treatment, where endpoints do not tell:
it goes on at progression, or progression after missed scans is censored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondProgression:
    """Times from randomization of patients whose treatment goes on at progression.

    Parameters
    ----------
    pfs2 : Timed
        To the second progression, or death.
    treated : Timed
        To what ends the treatment: the second progression, the first where nothing
        follows it, or death.
    progression : Timed
        To the progression that ends it.
    """

    pfs2: Timed
    treated: Timed
    progression: Timed


def after_progression(arm: Arm) -> int | None:
    """Return the number of the phase that follows progression, None for none."""
    for number, phase in enumerate(phases_of(arm)):
        if phase.until is not None and phase.until.event is EventKind.PROGRESSION:
            return number + 1
    return None


def _later(day: Array, start: Array) -> Array:
    """Return days from a start; what was before it does not happen again."""
    return np.where(day > start, day - start, np.inf)


def _joined(who: NDArray[np.bool_], start: Array, later: Timed, first: Timed) -> Timed:
    return Timed(
        day=np.where(who, start + later.day, first.day),
        event_observed=np.where(who, later.event_observed, first.event_observed),
        reason=np.where(who, later.reason, first.reason),
    )


def second_progression(
    found: Treated,
    arm: Arm,
    design: TrialDesign,
    patient: NDArray[np.int64],
    assumptions: Assumptions,
) -> SecondProgression | None:
    """Read the scans of patients after they went on to another treatment.

    Parameters
    ----------
    found : Treated
        The patients, as they were read up to progression.
    arm : Arm
        Their arm, without a choice.
    design : TrialDesign
        The trial.
    patient : ndarray of int, shape (n,)
        Numbers that key the draws.
    assumptions : Assumptions
        Error of reading.

    Returns
    -------
    SecondProgression or None
        None where progression ends the treatment.
    """
    number = after_progression(arm)
    if number is None:
        return None
    begins = found.harm.phases[number].start
    who = np.isfinite(begins)
    start = np.where(who, begins, 0.0)
    course = replace(
        shifted(found.followed, start, found.followed.days),
        new_lesion_day=_later(found.followed.new_lesion_day, start),
    )
    day = found.visits.day - start[:, None]
    visits = replace(
        found.visits,
        day=np.maximum(day, 0.0),
        attended=found.visits.attended & (day > 0) & who[:, None],
    )
    fate = Fate(
        symptom_day=_later(found.fate.symptom_day, start),
        death_day=found.fate.death_day - start,
        last_day=found.fate.last_day - start,
        cut_day=found.fate.cut_day - start,
        new_therapy_day=found.fate.other_therapy_day - start,
    )
    reading = read_scans(
        course,
        visits,
        design.criteria,
        patient,
        streams=found.chance.visits.spawn(Stream.SECOND),
        assumptions=assumptions,
    )
    later = derive_outcome(assess(reading, visits, design.criteria), fate, design)
    first = found.outcome
    pfs2 = _joined(who, start, later.pfs, first.pfs)
    gone = ~who & first.pfs.event_observed & (first.pfs.reason != "death")
    return SecondProgression(
        pfs2=replace(
            pfs2,
            event_observed=pfs2.event_observed & ~gone,
            reason=np.where(gone, NO_SECOND, pfs2.reason),
        ),
        treated=_joined(who, start, later.ended, first.ended),
        progression=_joined(who, start, later.progression, first.progression),
    )


def until_treated(table: pd.DataFrame) -> pd.DataFrame:
    """Return patients with what ends their treatment in place of the first progression.

    Parameters
    ----------
    table : DataFrame
        Patients of an arm; where treatment ends at progression, as it is.
    """
    if f"{TREATED}_day" not in table:
        return table
    goes_on = table[f"{TREATED}_day"].notna()
    own = {
        f"pfs_{part}": table[f"{TREATED}_{part}"].where(goes_on, table[f"pfs_{part}"])
        for part in ("day", "event", "reason")
    }
    return table.assign(**own)
