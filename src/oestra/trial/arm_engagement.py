"""How much of its drugs an arm gives its patients, and takes of their targets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.core.parameter_set import ParameterSet
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.target import find_lever
from oestra.engagement.regimen_load import drug_loads, pk_subjects
from oestra.engagement.relative_exposure import relative_exposure
from oestra.history.cohort import Cohort
from oestra.trial.case_mix import Weighted
from oestra.trial.design import TrialDesign

__all__ = ["ArmEngagement", "Between", "arm_engagement"]

Array = NDArray[np.float64]
_PATIENTS = 400
_QUANTILES = (2.5, 50.0, 97.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A number that differs between patients.

    Parameters
    ----------
    low, median, high : float
        Quantiles of 2.5, 50 and 97.5 % of eligible patients.
    """

    low: float
    median: float
    high: float

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {"low": self.low, "median": self.median, "high": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEngagement:
    """Exposure and targets of one arm, before harm changes doses.

    Parameters
    ----------
    exposure : mapping of str to Between
        By drug, average exposure of the first 24 weeks over that of the typical patient
        at the standard dose.
    targets : mapping of str to Between
        By target, share of its activity that all drugs together take, averaged over
        eight weeks at steady state.
    """

    exposure: Mapping[str, Between] = field(default_factory=dict)
    targets: Mapping[str, Between] = field(default_factory=dict)

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        return {
            "relative_exposure": {
                k: v.to_json_dict() for k, v in self.exposure.items()
            },
            "target_share_taken": {
                k: v.to_json_dict() for k, v in self.targets.items()
            },
        }


def _between(values: Array) -> Between:
    low, median, high = (float(one) for one in np.percentile(values, _QUANTILES))
    return Between(low=low, median=median, high=high)


def _targets(
    regimen: Regimen, subjects: PkSubjects, parameters: ParameterSet
) -> dict[str, Between]:
    loads = drug_loads(regimen, subjects, parameters)
    found: dict[str, Between] = {}
    for component in regimen.components:
        for target in component.drug.acts_on:
            lever = find_lever(target, parameters.library)
            if lever.parameter in loads:
                taken = np.asarray(loads[lever.parameter], dtype=float)
                share = taken / (1.0 + taken) if lever.is_load else taken
                found[target] = _between(share)
    return found


def arm_engagement(
    design: TrialDesign, population: object, weighted: Weighted
) -> dict[str, ArmEngagement]:
    """Return exposure and targets of each arm of a trial.

    Parameters
    ----------
    design : TrialDesign
        The trial.
    population : object
        The pool; nothing is known of one that is not of the model.
    weighted : Weighted
        Its eligible patients and their weights, of whom 400 stand for all.

    Returns
    -------
    dict of str to ArmEngagement
        By arm; of phases that of the first, of a choice that of the first option.
    """
    if not isinstance(population, Cohort):
        return {}
    edges = np.cumsum(weighted.weight) / np.sum(weighted.weight)
    level = (np.arange(_PATIENTS) + 0.5) / _PATIENTS
    rows = weighted.rows[np.minimum(np.searchsorted(edges, level), edges.size - 1)]
    parameters = population.parameters
    covariates = population.patients(rows)
    found: dict[str, ArmEngagement] = {}
    for arm in design.arms:
        regimen = Regimen.parse(arm.regimens[0], parameters.library)
        subjects = pk_subjects(covariates, regimen, population.streams)
        exposure = relative_exposure(regimen, subjects, parameters.library)
        found[arm.id] = ArmEngagement(
            exposure={name: _between(values) for name, values in exposure.items()},
            targets=_targets(regimen, subjects, parameters),
        )
    return found
