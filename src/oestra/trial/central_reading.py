"""Scans read a second time, by a central reader who does not decide on treatment.

She measures the same lesions with an error of her own. Treatment ends with what the
investigator reads: from there on there are scans only where the rule of the trial has
patients scanned on under another therapy.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.trial.assess import Assessment, assess, read_scans
from oestra.trial.assumption import Assumptions
from oestra.trial.design import TrialDesign
from oestra.trial.outcomes import Fate, Outcome, derive_outcome, within_reach
from oestra.trial.reading import Reading
from oestra.trial.response_code import Code
from oestra.trial.treat import Treated

__all__ = ["CentralReading", "read_centrally"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralReading:
    """What a central reader sees of the patients of an arm.

    Parameters
    ----------
    fate : Fate
        What happens to them; who has progressed by the investigator's reading goes on
        to another therapy.
    reading : Reading
        What was seen on the scans.
    assessment : Assessment
        Responses.
    outcome : Outcome
        Endpoints, survival as if the therapy of the trial went on.
    """

    fate: Fate
    reading: Reading
    assessment: Assessment
    outcome: Outcome


def read_centrally(
    found: Treated,
    design: TrialDesign,
    patient: NDArray[np.int64],
    assumptions: Assumptions,
) -> CentralReading:
    """Read the scans of an arm again.

    Parameters
    ----------
    found : Treated
        The patients, as the investigator read them.
    design : TrialDesign
        The trial.
    patient : ndarray of int, shape (n,)
        Numbers that key the draws.
    assumptions : Assumptions
        Error of reading.
    """
    day = np.minimum(found.fate.other_therapy_day, found.progression_day)
    fate = replace(found.fate, new_therapy_day=day)
    visits, rule = found.visits, design.censoring.event_rule
    reading = read_scans(
        found.followed,
        visits,
        design.criteria,
        patient,
        streams=found.chance.visits.spawn(Stream.CENTRAL),
        assumptions=assumptions,
    )
    whole = assess(reading, visits, design.criteria)
    # A finding that a later scan has to bear out is dated as the investigator dates it,
    # so scans are left out only once they are read.
    done = within_reach(visits.day, visits.attended, fate, rule)
    assessment = replace(
        whole,
        schedule=replace(visits, attended=done),
        response=np.where(done, whole.response, Code.NE).astype(np.int8),
    )
    return CentralReading(
        fate=fate,
        reading=replace(reading, assessed=done),
        assessment=assessment,
        outcome=derive_outcome(assessment, fate, design),
    )
