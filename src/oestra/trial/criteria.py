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

from oestra.core.terms import Criteria

__all__ = ["CriteriaRules", "rules_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaRules:
    """How one rule set measures targets and calls response and progression.

    Parameters
    ----------
    max_targets, max_per_site : int
        Target lesions followed, in all and per organ.
    dimension : int
        1 for a sum of diameters (mm), 2 for a sum of products (mm^2).
    partial_ratio : float
        Sum over baseline at or below which a response is partial.
    progression_ratio : float
        Sum over nadir at or above which disease progresses.
    absolute_rise : float
        Least rise of the sum above nadir that counts, in mm or mm^2.
    smallest_recorded : float
        Diameter recorded for a visible lesion too small to measure, mm.
    normal_node : float
        Short axis below which a lymph node is normal, mm; 0 if nodes must vanish.
    whole_burden : bool
        Whether non-target progression beside measurable disease needs the whole
        tumor burden to have risen.
    """

    max_targets: int
    max_per_site: int
    dimension: int
    partial_ratio: float
    progression_ratio: float
    absolute_rise: float
    smallest_recorded: float
    normal_node: float
    whole_burden: bool


_RULES = {
    Criteria.RECIST_1_1: CriteriaRules(
        max_targets=5,
        max_per_site=2,
        dimension=1,
        partial_ratio=0.70,
        progression_ratio=1.20,
        absolute_rise=5.0,
        smallest_recorded=5.0,
        normal_node=10.0,
        whole_burden=True,
    ),
    Criteria.RECIST_1_0: CriteriaRules(
        max_targets=10,
        max_per_site=5,
        dimension=1,
        partial_ratio=0.70,
        progression_ratio=1.20,
        absolute_rise=0.0,
        smallest_recorded=0.0,
        normal_node=0.0,
        whole_burden=False,
    ),
    # WHO set no number of lesions; the sum of products is read for progression too.
    Criteria.WHO: CriteriaRules(
        max_targets=10,
        max_per_site=10,
        dimension=2,
        partial_ratio=0.50,
        progression_ratio=1.25,
        absolute_rise=0.0,
        smallest_recorded=0.0,
        normal_node=0.0,
        whole_burden=False,
    ),
}


def rules_of(criteria: Criteria) -> CriteriaRules:
    """Return the numbers of a rule set."""
    return _RULES[criteria]
