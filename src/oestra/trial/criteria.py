"""The numbers in which WHO, RECIST 1.0 and RECIST 1.1 differ.

References
----------
.. [1] Miller AB et al. (1981). Reporting results of cancer treatment. Cancer 47:207-14.
.. [2] Therasse P et al. (2000). New guidelines to evaluate the response to treatment
   in solid tumors. J Natl Cancer Inst 92:205-216.
.. [3] Eisenhauer EA et al. (2009). New response evaluation criteria in solid tumours:
   revised RECIST guideline (version 1.1). Eur J Cancer 45:228-247.
"""

from dataclasses import dataclass

import numpy as np

from oestra.core.terms import Criteria
from oestra.trial.response_code import Code

__all__ = ["CriteriaRules", "rules_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaRules:
    """How one rule set measures targets and calls response and progression.

    Parameters
    ----------
    max_targets, max_per_site : float
        Target lesions followed, in all and per organ; inf without a limit.
    dimension : int
        1 for a sum of diameters (mm), 2 for a sum of products (mm^2).
    partial_ratio : float
        Sum over baseline at or below which a response is partial.
    progression_ratio : float
        Sum over nadir at or above which disease progresses.
    absolute_rise : float
        Least rise of the sum above nadir that counts, in mm or mm^2.
    lesion_ratio : float
        Size of a single target over its own nadir at or above which disease
        progresses whatever the sum does; inf where only the sum counts.
    smallest_measured : float
        Least diameter of a target at baseline, mm.
    smallest_recorded : float
        Diameter recorded for a visible lesion too small to measure, mm.
    normal_node : float
        Short axis below which a lymph node is normal, mm; 0 if nodes must vanish.
    target_node : float
        Least short axis of a lymph node that is a target, mm; smaller ones are
        non-target lesions down to ``normal_node``.
    bone_measured : bool
        Whether a lesion in bone with soft tissue may be a target.
    whole_burden : bool
        Whether non-target progression beside measurable disease needs the whole
        tumor burden to have risen.
    neither : Code
        The word for disease without targets that neither vanished nor progressed.
    """

    max_targets: float
    max_per_site: float
    dimension: int
    partial_ratio: float
    progression_ratio: float
    absolute_rise: float
    lesion_ratio: float
    smallest_measured: float
    smallest_recorded: float
    normal_node: float
    target_node: float
    bone_measured: bool
    whole_burden: bool
    neither: Code


_RULES = {
    Criteria.RECIST_1_1: CriteriaRules(
        max_targets=5,
        max_per_site=2,
        dimension=1,
        partial_ratio=0.70,
        progression_ratio=1.20,
        absolute_rise=5.0,
        lesion_ratio=np.inf,
        smallest_measured=10.0,
        smallest_recorded=5.0,
        normal_node=10.0,
        target_node=15.0,
        bone_measured=True,
        whole_burden=True,
        neither=Code.NON_CR_NON_PD,
    ),
    Criteria.RECIST_1_0: CriteriaRules(
        max_targets=10,
        max_per_site=5,
        dimension=1,
        partial_ratio=0.70,
        progression_ratio=1.20,
        absolute_rise=0.0,
        lesion_ratio=np.inf,
        smallest_measured=10.0,
        smallest_recorded=0.0,
        normal_node=0.0,
        target_node=0.0,
        bone_measured=False,
        whole_burden=False,
        neither=Code.SD,
    ),
    # WHO set no number of lesions and no least size; one lesion that grows is enough.
    Criteria.WHO: CriteriaRules(
        max_targets=np.inf,
        max_per_site=np.inf,
        dimension=2,
        partial_ratio=0.50,
        progression_ratio=1.25,
        absolute_rise=0.0,
        lesion_ratio=1.25,
        smallest_measured=0.0,
        smallest_recorded=0.0,
        normal_node=0.0,
        target_node=0.0,
        bone_measured=True,
        whole_burden=False,
        neither=Code.SD,
    ),
}


def rules_of(criteria: Criteria) -> CriteriaRules:
    """Return the numbers of a rule set."""
    return _RULES[criteria]
