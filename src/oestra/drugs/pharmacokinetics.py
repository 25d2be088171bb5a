"""Concentrations and average exposures of a regimen in many patients at once.

Everything is closed form: see `oestra.drugs.response`. Concentrations are molar (nM),
free unless said otherwise, and those of the compartment in which the drug's fraction
unbound is defined (plasma; whole blood where its file says so).
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.drugs.component import Component
from oestra.drugs.disposition import disposition, formed
from oestra.drugs.drug import Drug
from oestra.drugs.regimen import Regimen
from oestra.drugs.response import Response
from oestra.drugs.subjects import PkSubjects
from oestra.drugs.train import Train

__all__ = ["concentration", "exposure", "moieties"]

Array = NDArray[np.float64]
_NANOMOLES_PER_GRAM = 1e9


def moieties(component: Component, subjects: PkSubjects) -> dict[str, Response]:
    """Solve a component's kinetics: the drug and its active metabolites.

    Parameters
    ----------
    component : Component
        One drug of a regimen.
    subjects : PkSubjects
        The patients.

    Returns
    -------
    dict of str to Response
        Total molar concentration per mg of dose, nM/mg, by id.
    """
    drug = component.drug
    parent = disposition(drug, subjects, _daily_dose(component, subjects))
    per_mg = _NANOMOLES_PER_GRAM * 1e-3 / drug.molar_mass.value
    found = {drug.id: parent}
    for metabolite in drug.metabolites:
        found[metabolite.drug] = formed(parent, metabolite, subjects)
    return {name: response.scaled(per_mg) for name, response in found.items()}


def _daily_dose(component: Component, subjects: PkSubjects) -> Array:
    """Return the mean dose of the last phase, mg/day."""
    phase = component.phases[-1]
    dose = phase.dose.milligrams(subjects.weight, subjects.surface)
    if phase.days:
        return dose / max(phase.days[-1] / len(phase.days), 1.0)
    duty = phase.on_days / phase.cycle_days if phase.cycle_days else 1.0
    return dose / phase.interval * duty


def _taken(drug: Drug, train: Train, subjects: PkSubjects) -> Array:
    """Return the amount of each dose that is taken on average, mg."""
    amount = train.dose.milligrams(subjects.weight, subjects.surface)
    by_mouth = drug.kinetics is not None and drug.kinetics.model.startswith("oral")
    return amount * subjects.adherence if by_mouth else amount


def _interaction(drug: Drug, given: Iterable[str]) -> float:
    """Return the factor that drugs given at the same time put on exposure."""
    partners = set(given)
    return math.prod(
        found.exposure_factor.value
        for found in drug.interactions
        if found.exposure_factor and found.partner in partners
    )


def _unbound(drug: Drug, *, free: bool) -> dict[str, float]:
    """Return the share of each moiety that is counted."""
    return {m.id: m.fraction_unbound.value if free else 1.0 for m in drug.moieties}


def exposure(
    regimen: Regimen, edges: Array, subjects: PkSubjects, *, free: bool = True
) -> dict[str, Array]:
    """Average the concentrations of a regimen over periods of time.

    The average is exact, loading, accumulation and washout included. Missed doses
    lower it in proportion.

    Parameters
    ----------
    regimen : Regimen
        What is given from time 0.
    edges : ndarray of float64, shape (blocks + 1,)
        Ascending days between which to average, such as those of `Regimen.blocks`.
    subjects : PkSubjects
        The patients.
    free : bool
        Unbound concentration, or total.

    Returns
    -------
    dict of str to ndarray of float64, shape (patients, blocks)
        Average concentration, nM, by id of drug or metabolite.

    Raises
    ------
    InputError
        If the edges do not ascend.

    Examples
    --------
    >>> regimen = Regimen.parse("everolimus 10 mg daily")
    >>> average = exposure(regimen, np.array([28.0, 56.0]), PkSubjects.typical())
    >>> round(float(average["everolimus"][0, 0]), 1)
    1.3
    """
    edges = np.asarray(edges, dtype=float)
    if len(edges) < 2 or np.any(np.diff(edges) <= 0):
        raise InputError("The edges of blocks must be two or more, and must ascend.")
    found: dict[str, Array] = {}
    for component in regimen.components:
        drug = component.drug
        unbound = _unbound(drug, free=free)
        factor = _interaction(drug, regimen.drugs)
        for name, response in moieties(component, subjects).items():
            area = np.zeros((len(subjects), len(edges)))
            for train in component.trains():
                dose = factor * _taken(drug, train, subjects)
                area += dose[:, None] * response.cumulated(train, edges)
            average = unbound[name] * np.diff(area, axis=1) / np.diff(edges)
            found[name] = found.get(name, 0.0) + np.maximum(average, 0.0)
    return found


def concentration(
    component: Component,
    times: Array,
    subjects: PkSubjects,
    *,
    free: bool = True,
    partners: tuple[str, ...] = (),
) -> dict[str, Array]:
    """Return concentrations over time, dose by dose.

    Parameters
    ----------
    component : Component
        One drug of a regimen.
    times : ndarray of float64, shape (times,)
        Days from the start of the regimen.
    subjects : PkSubjects
        The patients.
    free : bool
        Unbound concentration, or total.
    partners : tuple of str
        Ids of drugs given at the same time, which may change exposure.

    Returns
    -------
    dict of str to ndarray of float64, shape (patients, times)
        Concentration, nM, by id of drug or metabolite.
    """
    drug = component.drug
    share = _unbound(drug, free=free)
    times = np.asarray(times, dtype=float)
    factor = _interaction(drug, partners)
    found: dict[str, Array] = {}
    for name, response in moieties(component, subjects).items():
        total = np.zeros((len(subjects), len(times)))
        for train in component.trains():
            dose = share[name] * factor * _taken(drug, train, subjects)
            total += dose[:, None] * response.concentration(train, times)
        found[name] = np.maximum(total, 0.0)
    return found
