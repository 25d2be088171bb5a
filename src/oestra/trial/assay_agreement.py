"""How what assays find agrees with what is true, among the patients of a trial."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.trial.assay import ASSAYS, assays_asked, truly_mutant
from oestra.trial.criterion import evaluate, names_in
from oestra.trial.design import TrialDesign

__all__ = ["Agreement", "assay_agreement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An assay against the truth, in patients who meet all other criteria.

    Parameters
    ----------
    mutant_percent, called_percent : float
        Who has the mutation, and who is called mutant.
    sensitivity_percent, specificity_percent : float or None
        Of the mutant, who is called; of the others, who is not. None where there are
        no such patients.
    called_mutant_percent : float or None
        Of who is called, who has the mutation.
    """

    mutant_percent: float
    called_percent: float
    sensitivity_percent: float | None
    specificity_percent: float | None
    called_mutant_percent: float | None

    def to_json_dict(self) -> dict[str, float | None]:
        """Return the printed form."""
        return {name: getattr(self, name) for name in self.__slots__}


def _percent(
    weight: NDArray[np.float64], among: NDArray[np.bool_], who: NDArray[np.bool_]
) -> float | None:
    whole = float(weight[among].sum())
    return 100.0 * float(weight[among & who].sum()) / whole if whole > 0 else None


def assay_agreement(
    design: TrialDesign, decisions: pd.DataFrame
) -> Mapping[str, Agreement]:
    """Compare each assay that a trial asks for with the truth.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    decisions : DataFrame
        Enrollment opportunities as the trial sees them.

    Returns
    -------
    mapping of str to Agreement
        By column, among who meets the criteria that speak of no assay, weighted to the
        population.
    """
    asked = [name for name in assays_asked(design) if name in decisions]
    if not asked:
        return {}
    able = np.ones(len(decisions), dtype=bool)
    for text in design.eligibility:
        if not _speaks_of_assays(text, design):
            able &= evaluate(text, decisions, design.definitions)
    weight = decisions["weight"].to_numpy(dtype=float)
    found: dict[str, Agreement] = {}
    for name in asked:
        called = decisions[name].to_numpy(dtype=bool)
        mutant = truly_mutant(name, decisions)
        found[name] = Agreement(
            mutant_percent=_percent(weight, able, mutant) or 0.0,
            called_percent=_percent(weight, able, called) or 0.0,
            sensitivity_percent=_percent(weight, able & mutant, called),
            specificity_percent=_percent(weight, able & ~mutant, ~called),
            called_mutant_percent=_percent(weight, able & called, mutant),
        )
    return found


def _speaks_of_assays(text: str, design: TrialDesign) -> bool:
    """Tell whether a criterion names an assay, through definitions too."""
    found, ahead = set[str](), [text]
    while ahead:
        new = names_in(ahead.pop()) - found
        found |= new
        ahead += [design.definitions[name] for name in new & set(design.definitions)]
    return bool(found & set(ASSAYS))
