"""Whether a subgroup gains more or less than the others.

References
----------
.. [1] Altman DG, Bland JM (2003). Interaction revisited: the difference between two
   estimates. BMJ 326:219. doi:10.1136/bmj.326.7382.219
"""

import math
from dataclasses import replace

import pandas as pd

from oestra.survival.cox import CoxResult
from oestra.trial.analyze import ContrastEstimate, compare_arms
from oestra.trial.design import Contrast, TrialDesign
from oestra.trial.value import Value

__all__ = ["difference_p", "with_interaction"]


def difference_p(inside: CoxResult, outside: CoxResult) -> Value:
    """Test whether two independent hazard ratios differ.

    Parameters
    ----------
    inside, outside : CoxResult
        Hazard ratios of patients in and outside the subgroup.

    Returns
    -------
    Value
        Two-sided p of the difference of the log hazard ratios, or why there is none.
    """
    for result in (inside, outside):
        if result.log_hazard_ratio is None or result.standard_error is None:
            return Value(None, result.reason)
    there, back = inside.log_hazard_ratio or 0.0, outside.log_hazard_ratio or 0.0
    error = math.hypot(inside.standard_error or 0.0, outside.standard_error or 0.0)
    return Value(math.erfc(abs(there - back) / error / math.sqrt(2)))


def with_interaction(
    found: ContrastEstimate,
    others: pd.DataFrame,
    design: TrialDesign,
    contrast: Contrast,
) -> ContrastEstimate:
    """Add the test of interaction to a comparison within a subgroup.

    Parameters
    ----------
    found : ContrastEstimate
        The comparison in the primary endpoint within the subgroup.
    others : DataFrame
        Patients outside the subgroup, as `conduct` returns them.
    design : TrialDesign
        The trial.
    contrast : Contrast
        The arms compared.

    Returns
    -------
    ContrastEstimate
        The comparison with its interaction p.
    """
    outside = compare_arms(
        others.loc[others["arm"] == contrast.arm],
        others.loc[others["arm"] == contrast.control],
        design,
        design.analysis.primary,
    )
    return replace(found, interaction_p=difference_p(found.cox, outside.cox))
