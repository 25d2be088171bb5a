"""What the numbers of a trial rest on: drugs that were fitted, patients that stand in.

A caution stands beside the numbers; it refuses nothing.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from oestra.core.library import SHIPPED, Library
from oestra.drugs.regimen import Regimen
from oestra.evidence.published import targets
from oestra.evidence.vocabulary import Use
from oestra.trial.design import Arm, TrialDesign
from oestra.trial.designs import designs
from oestra.trial.menopausal import menopausal_cautions

__all__ = ["THIN", "cautions", "drug_cautions", "drugs_fitted", "unfitted"]

THIN = 200.0
"""Effective patients below which a population counts as thin, as in the case mix."""


@cache
def drugs_fitted() -> frozenset[str]:
    """Return the drugs that some arm of a trial takes whose results were fitted."""
    fitted = {row.trial for row in targets() if row.use is Use.FIT}
    plans = [one for name, one in designs().items() if name in fitted]
    return frozenset(
        drug for one in plans for arm in one.arms for drug in _drugs(arm, SHIPPED)
    )


def _drugs(arm: Arm, library: Library) -> tuple[str, ...]:
    regimens = [Regimen.parse(text, library) for text in arm.regimens]
    return tuple(dict.fromkeys(drug for one in regimens for drug in one.drugs))


def unfitted(design: TrialDesign, library: Library = SHIPPED) -> dict[str, list[str]]:
    """Return by arm the drugs whose effect was never fitted to results of a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    library : Library
        Whose drugs its arms take.
    """
    found = {
        arm.id: [drug for drug in _drugs(arm, library) if drug not in drugs_fitted()]
        for arm in design.arms
    }
    return {arm: drugs for arm, drugs in found.items() if drugs}


def cautions(
    design: TrialDesign,
    effective: Sequence[float],
    planned: int,
    library: Library = SHIPPED,
) -> tuple[str, ...]:
    """Tell what the numbers of a trial do not rest on.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    effective : sequence of float
        Effective number of virtual patients of each population.
    planned : int
        Patients a replicate.
    library : Library
        Whose drugs its arms take.

    Returns
    -------
    tuple of str
        A sentence each, without a period.
    """
    return (
        *drug_cautions(design, library),
        *menopausal_cautions(design, library),
        *_of_patients(effective, planned),
    )


def drug_cautions(design: TrialDesign, library: Library = SHIPPED) -> Iterator[str]:
    """Tell which drugs of a design were never fitted.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    library : Library
        Whose drugs its arms take.

    Yields
    ------
    str
        A sentence each, without a period.
    """
    arms: dict[str, list[str]] = {}
    for arm, drugs in unfitted(design, library).items():
        for drug in drugs:
            arms.setdefault(drug, []).append(arm)
    for drug, where in arms.items():
        yield (
            f"{drug} ({', '.join(where)}) was in no trial that was fitted: its effect "
            "follows from measured potencies and exposure alone"
        )


def _of_patients(effective: Sequence[float], planned: int) -> Iterator[str]:
    least = min(effective)
    if least >= THIN and least >= planned:
        return
    thin = "a thin population" if least < THIN else "fewer than the trial enrolls"
    yield (
        f"{planned} patients a trial are drawn from {least:.0f} effective virtual "
        f"patients, {thin}: copies of few, so that the intervals are too narrow"
    )
