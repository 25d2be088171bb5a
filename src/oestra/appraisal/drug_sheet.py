"""What is known of a drug, as a table, and its concentrations in many patients."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from oestra.core.library import SHIPPED, Library
from oestra.core.quantity import Quantity
from oestra.core.streams import Streams
from oestra.drugs.action import TargetAction
from oestra.drugs.describe import describe
from oestra.drugs.drug import Drug
from oestra.drugs.kinetics import Cyp2d6, Metabolite
from oestra.drugs.pharmacokinetics import concentration
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects, deviate_names

__all__ = [
    "Concentration",
    "drug_course",
    "drug_quantities",
    "drug_record",
    "exposure_checks",
]

_PATIENTS = 400
_DAYS = 28.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """Concentration of one substance in a population.

    Parameters
    ----------
    substance : str
        Drug or metabolite.
    hours : ndarray of float, shape (t,)
        Time since the first dose.
    median : ndarray of float, shape (t,)
        Median concentration over patients, nM.
    low, high : ndarray of float, shape (t,), optional
        Central 90 % interval between patients, nM.
    potencies : mapping of str to float
        Potency against each target, nM.
    """

    substance: str
    hours: NDArray[np.float64]
    median: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    potencies: Mapping[str, float] = field(default_factory=dict)


def _acting(action: TargetAction) -> Iterator[tuple[str, Quantity]]:
    """Yield the numbers by which a drug acts on a target."""
    if action.inactivation is None:
        yield f"potency on {action.target}", action.potency
    else:
        yield f"inactivation of {action.target}", action.inactivation.rate
        yield f"binding to {action.target}", action.inactivation.binding_constant
        yield f"turnover of {action.target}", action.inactivation.turnover
    if action.max_effect is not None:
        yield f"maximal effect on {action.target}", action.max_effect


def _named(drug: Drug) -> Iterator[tuple[str, Quantity]]:
    """Yield every number of a drug that acts in the model, with its name."""
    for action in drug.targets:
        yield from _acting(action)
    if drug.kinetics:
        for name, value in drug.kinetics.parameters.items():
            yield name.replace("_", " "), value
    for metabolite in drug.metabolites:
        yield from _formed(f"{metabolite.drug} to {drug.id}, molar", metabolite)
        yield f"half-life of {metabolite.drug}", metabolite.half_life
    yield "fraction unbound", drug.fraction_unbound
    if drug.tumor_to_plasma is not None:
        yield "free in tumor over plasma", drug.tumor_to_plasma
    yield "molar mass", drug.molar_mass
    yield from _harms(drug)


def _formed(name: str, metabolite: Metabolite) -> Iterator[tuple[str, Quantity]]:
    """Yield how much of a metabolite there is, by phenotype where that decides."""
    if not metabolite.by_cyp2d6.keys() >= set(Cyp2d6):
        yield name, metabolite.ratio
    for phenotype, ratio in metabolite.by_cyp2d6.items():
        yield f"{name}, CYP2D6 {phenotype}", ratio


def _harms(drug: Drug) -> Iterator[tuple[str, Quantity]]:
    """Yield the shares of patients by which harm acts on trial."""
    stopped = drug.discontinuation
    if stopped:
        yield "discontinued for harm", stopped.rate
    if stopped and stopped.control_rate:
        yield "discontinued for harm in the control arm", stopped.control_rate
    for harm in drug.toxicities:
        grade = "any grade" if harm.grade == "any" else f"grade {harm.grade}"
        yield f"{harm.event}, {grade}", harm.rate
        if harm.control_rate:
            yield f"{harm.event}, {grade}, in the control arm", harm.control_rate


def drug_quantities(drug: Drug) -> pd.DataFrame:
    """Return the numbers of a drug, each with its interval and where it comes from.

    Parameters
    ----------
    drug : Drug
        The drug.

    Returns
    -------
    DataFrame
        Columns ``quantity``, ``value``, ``unit``, ``low``, ``high``, ``origin`` and
        ``source`` (the key of the source, or the reason).
    """
    rows = [
        {
            "quantity": name,
            "value": quantity.value,
            "unit": quantity.unit,
            "low": quantity.interval[0],
            "high": quantity.interval[1],
            "origin": str(quantity.origin),
            "source": quantity.source or quantity.reason,
        }
        for name, quantity in _named(drug)
    ]
    return pd.DataFrame(rows)


def exposure_checks(drug: Drug, library: Library = SHIPPED) -> list[dict[str, Any]]:
    """Set the published exposures of a drug beside those of the typical patient.

    Parameters
    ----------
    drug : Drug
        The drug.
    library : Library
        Whose drug it is.

    Returns
    -------
    list of dict
        One a published exposure: ``regimen``, ``what``, ``unit``, ``published``,
        ``low``, ``high``, ``simulated`` and ``inside``.
    """
    rows: list[dict[str, Any]] = []
    for check in describe(drug.id, library).checks:
        found = check.published
        moiety = found.moiety or drug.id
        when = f", first {found.first_days:g} days" if found.first_days else ""
        rows.append(
            {
                "regimen": found.regimen,
                "what": f"{found.measure} of {moiety} in {found.matrix}{when}",
                "unit": found.value.unit,
                "published": found.value.value,
                "low": found.value.interval[0],
                "high": found.value.interval[1],
                "simulated": check.simulated,
                "inside": check.inside,
            }
        )
    return rows


def drug_record(drug: Drug, library: Library = SHIPPED) -> dict[str, Any]:
    """Return a drug as one JSON object.

    Parameters
    ----------
    drug : Drug
        The drug.
    library : Library
        Whose drug it is.

    Returns
    -------
    dict
        Names, mechanism, regimens and every number.
    """
    return {
        "drug": drug.id,
        "aliases": list(drug.aliases),
        "class": str(drug.drug_class),
        "mechanism": drug.mechanism,
        "targets": [str(action.target) for action in drug.targets],
        "regimens": list(drug.standard_regimens),
        "quantities": drug_quantities(drug).to_dict(orient="records"),
        "exposures": exposure_checks(drug, library),
    }


def drug_course(regimen: Regimen, *, seed: int) -> list[Concentration]:
    """Simulate the free concentrations of a regimen's first four weeks.

    Parameters
    ----------
    regimen : Regimen
        What is given.
    seed : int
        Seed of the differences between patients.

    Returns
    -------
    list of Concentration
        Each drug and active metabolite in 400 patients of typical size.
    """
    days = np.unique(np.concatenate([np.linspace(0, _DAYS, 28 * 24 + 1), [0.01, 0.02]]))
    found: list[Concentration] = []
    for component in regimen.components:
        subjects = _subjects(component.drug, Streams(seed))
        moieties = {one.id: one for one in component.drug.moieties}
        for name, level in concentration(component, days, subjects).items():
            low, median, high = np.quantile(level, [0.05, 0.5, 0.95], axis=0)
            potencies = {
                str(action.target): action.potency.value
                for action in moieties[name].targets
                if action.potency.unit == "nM"
            }
            found.append(
                Concentration(
                    substance=name,
                    hours=24 * days,
                    median=median,
                    low=low,
                    high=high,
                    potencies=potencies,
                )
            )
    return found


def _subjects(drug: Drug, streams: Streams) -> PkSubjects:
    """Return patients who differ in the drug's kinetics alone."""
    typical = PkSubjects.typical(_PATIENTS)
    patients = np.arange(_PATIENTS)
    return PkSubjects(
        weight=typical.weight,
        surface=typical.surface,
        adherence=typical.adherence,
        cyp2d6=typical.cyp2d6,
        deviates={
            name: streams.normal(name, patients)[:, 0] for name in deviate_names(drug)
        },
    )
