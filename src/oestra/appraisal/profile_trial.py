"""The trial in which patients of a profile take regimens: nobody is randomized."""

from collections.abc import Sequence

from oestra.appraisal.candidate import Candidate
from oestra.appraisal.profile import Profile
from oestra.core.terms import Criteria
from oestra.trial.design import Arm, TrialDesign, Visits

__all__ = ["hardly_anybody", "profile_trial"]

_ARM = "R{}"
_FEWEST = 8.0
"""Effective patients below which nothing is said."""


def hardly_anybody(size: float) -> str:
    """Return why a set with so few effective patients says nothing, empty if it does.

    Parameters
    ----------
    size : float
        Effective number of its patients who are of a profile.
    """
    if size >= _FEWEST:
        return ""
    return (
        "Hardly any simulated patient is of this profile (an effective number of "
        f"{size:.1f}; at least {_FEWEST:g} are needed): leave a part of the profile "
        "out."
    )


def profile_trial(
    profile: Profile, chosen: Sequence[Candidate], months: float = 60.0
) -> TrialDesign:
    """Return a trial with an arm for each regimen.

    Parameters
    ----------
    profile : Profile
        Who its patients are.
    chosen : sequence of Candidate
        The regimens, one an arm.
    months : float
        How long everybody is followed.

    Returns
    -------
    TrialDesign
        Scans come every 8 weeks and are read by RECIST 1.1.
    """
    arms = tuple(
        Arm(id=_ARM.format(number), label=one.id, regimen=one.regimen, n=100)
        for number, one in enumerate(chosen)
    )
    return TrialDesign(
        id="choice",
        title="Regimens for patients of a profile",
        arms=arms,
        randomized=False,
        year=profile.year,
        eligibility=(*profile.assumed, *profile.criteria),
        visits=Visits(interval_weeks=8.0),
        criteria=Criteria.RECIST_1_1,
        accrual_months=0.0,
        data_cut_months=months,
    )
