"""Overall survival: what a trial's patients take and die of after its therapy."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.library import SHIPPED, Library
from oestra.drugs.regimen import Regimen
from oestra.follow.choices import Crossing
from oestra.follow.later import After
from oestra.trial.design import Arm
from oestra.trial.event_rule import Timed
from oestra.trial.outcomes import Fate

__all__ = ["after_therapy"]


def _end_of_therapy(ttp: Timed, fate: Fate) -> NDArray[np.float64]:
    """Return the day of progression or of leaving the therapy, inf for neither."""
    last = np.minimum(fate.last_day, fate.other_therapy_day)
    left = np.where(last < fate.cut_day, last, np.inf)
    return np.where(ttp.event_observed, ttp.day, left)


def _taken(arm: Arm, library: Library) -> Regimen:
    """Return all drugs of an arm, each once."""
    regimens = [Regimen.parse(text, library) for text in arm.regimens]
    if len(regimens) == 1:
        return regimens[0]
    parts = {part.drug.id: part for one in regimens for part in one.components}
    return Regimen(tuple(parts.values()))


def after_therapy(
    arm: Arm, ttp: Timed, fate: Fate, year: float, library: Library = SHIPPED
) -> After:
    """Return when the therapy of an arm ended, and what its patients take next.

    Parameters
    ----------
    arm : Arm
        The arm.
    ttp : Timed
        Progression as the trial saw it.
    fate : Fate
        Leaving and data cut.
    year : float
        Calendar year whose practice follows.
    library : Library
        Whose drugs they are.

    Returns
    -------
    After
        For the patients of the arm.
    """
    crossing = None
    if arm.crossover is not None:
        crossing = Crossing(
            regimen=Regimen.parse(arm.crossover.regimen, library),
            share=arm.crossover.percent / 100.0,
        )
    return After(
        day=_end_of_therapy(ttp, fate),
        until=fate.cut_day,
        regimen=_taken(arm, library),
        crossing=crossing,
        year=year,
    )
