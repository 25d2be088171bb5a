"""Overall survival: what a trial's patients take and die of after its therapy."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from oestra.core.library import SHIPPED, Library
from oestra.drugs.regimen import Regimen
from oestra.follow.choices import Crossing
from oestra.follow.later import After
from oestra.trial.censoring import Therapy
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.event_rule import Timed
from oestra.trial.outcomes import Fate, derive_outcome
from oestra.trial.treat import Treated

__all__ = ["after_therapy", "dying_as_lived"]


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


def dying_as_lived(found: Treated, lived: Timed, design: TrialDesign) -> Treated:
    """Return patients whose deaths are those of their lives after the therapy.

    Where the rule of a trial ignores other therapy, a death under it counts, and is
    that under what was taken then, as overall survival has it. Under other rules it
    does not count, and nothing changes.

    Parameters
    ----------
    found : Treated
        The patients of an arm, with deaths as if nothing followed its therapy.
    lived : Timed
        Their overall survival.
    design : TrialDesign
        The trial, with its rule.
    """
    if design.censoring.event_rule.new_therapy is not Therapy.IGNORE:
        return found
    death = np.where(lived.event_observed, lived.day, np.inf)
    fate = replace(found.fate, death_day=death)
    outcome = derive_outcome(found.assessment, fate, design)
    return replace(found, fate=fate, outcome=outcome)
