"""Endpoints of the patients of an arm as columns of its table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.trial.assess import Assessment
from oestra.trial.censoring import EventRule
from oestra.trial.design import TrialDesign
from oestra.trial.discontinue import Leaving
from oestra.trial.event_rule import Timed
from oestra.trial.harmed import treated_until
from oestra.trial.outcomes import Fate, Outcome
from oestra.trial.reader import Reader
from oestra.trial.second_progression import TREATED, SecondProgression
from oestra.trial.two_readings import OTHER

__all__ = ["central_first", "patient_columns", "two_readers"]


def central_first(design: TrialDesign) -> bool:
    """Tell whether the central reader is the primary one."""
    return design.reading[:1] == (Reader.CENTRAL,)


def two_readers(
    design: TrialDesign,
    columns: dict[str, NDArray[Any]],
    central: Outcome,
    assessment: Assessment,
) -> dict[str, NDArray[Any]]:
    """Return endpoints of two readers, those of the primary one without a prefix.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    columns : dict of str to ndarray
        As `patient_columns` returns them of the investigator's reading.
    central : Outcome
        What the central reader finds.
    assessment : Assessment
        Her reading of the scans.
    """
    theirs = _endpoints(central) | {"has_targets": assessment.measurable}
    own = {name: columns[name] for name in theirs}
    first, other = (theirs, own) if central_first(design) else (own, theirs)
    return first | {f"{OTHER}{name}": values for name, values in other.items()}


def patient_columns(
    outcome: Outcome,
    fate: Fate,
    leaving: Leaving,
    rule: EventRule,
    second: SecondProgression | None = None,
) -> dict[str, NDArray[Any]]:
    """Return the endpoints of patients as columns, and whom harm stopped.

    Parameters
    ----------
    outcome : Outcome
        Endpoints.
    fate : Fate
        What happens whether or not a scan shows it.
    leaving : Leaving
        When harm stops or lowers the treatment.
    rule : EventRule
        What the analysis censors.
    second : SecondProgression, optional
        Of patients whose treatment goes on at progression.
    """
    columns = _endpoints(outcome)
    last = outcome.ended if second is None else second.treated
    if second is not None:
        columns |= _timed("pfs2", second.pfs2)
    if second is not None or rule.missed_assessments:
        columns |= _timed(TREATED, last)
    until = treated_until(last.day, last.event_observed, leaving, fate.cut_day)
    columns["stopped_for_harm"] = leaving.stop_day < until
    taken_until = np.minimum(until, leaving.stop_day)
    columns["reduced_for_harm"] = leaving.reduce_day < taken_until
    return columns


def _timed(name: str, time: Timed) -> dict[str, NDArray[Any]]:
    return {
        f"{name}_day": time.day,
        f"{name}_event": time.event_observed,
        f"{name}_reason": time.reason,
    }


def _endpoints(outcome: Outcome) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {}
    timed = (
        ("pfs", outcome.pfs),
        ("ttp", outcome.ttp),
        ("os", outcome.overall_survival),
    )
    for name, time in timed:
        columns |= _timed(name, time)
    columns["best_response"] = outcome.best
    columns["response_day"] = outcome.response_day
    columns["benefit"] = outcome.benefit
    columns["best_change_percent"] = outcome.best_change_percent
    return columns
