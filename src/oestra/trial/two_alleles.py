"""Trials that speak of two ESR1 alleles of one tumor, and whom they recruit from."""

from oestra.history.cohort import SECOND_ALLELE, Cohort
from oestra.history.second_allele import ALLELE_COLUMNS, with_second_alleles
from oestra.trial.criterion import names_in
from oestra.trial.design import TrialDesign
from oestra.trial.design_criteria import criteria_of
from oestra.trial.treated import Population

__all__ = ["PLASMA_ALLELES", "cohort_of", "population_of"]

PLASMA_ALLELES = {f"{name}_plasma": allele for name, allele in ALLELE_COLUMNS.items()}
"""Columns of assays in plasma that tell one allele from the others."""
_COLUMNS = frozenset({SECOND_ALLELE, *ALLELE_COLUMNS, *PLASMA_ALLELES})


def cohort_of(design: TrialDesign, cohort: Cohort) -> Cohort:
    """Return the population that a trial recruits from.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    cohort : Cohort
        A pool, in which tumors have one ESR1 allele.

    Returns
    -------
    Cohort
        The same, or one in which some tumors have two where a criterion of the trial
        tells alleles apart.
    """
    if any(_COLUMNS & names_in(text) for text in criteria_of(design)):
        return with_second_alleles(cohort)
    return cohort


def population_of(design: TrialDesign, population: Population) -> Population:
    """Return the population of any kind that a trial recruits from; see `cohort_of`.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    population : Population
        A pool; one that is not of the model tells what it tells.
    """
    if isinstance(population, Cohort):
        return cohort_of(design, population)
    return population
