"""One drug at a glance: its file, its curve and how its kinetics meet the published."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.library import SHIPPED, Library
from oestra.core.ordered_sum import ordered_sum
from oestra.core.units import convert
from oestra.drugs.blood import in_blood
from oestra.drugs.drug import Drug
from oestra.drugs.load import find
from oestra.drugs.measured import Exposure, Matrix, Measure
from oestra.drugs.pharmacokinetics import concentration
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects

__all__ = ["Curve", "Description", "ExposureCheck", "describe", "simulate_exposure"]

_POINTS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureCheck:
    """A published exposure beside the typical patient's.

    Parameters
    ----------
    published : Exposure
        What was found, with its interval.
    simulated : float
        The same measure from the drug's kinetics, in the unit of the published value.
    """

    published: Exposure
    simulated: float

    @property
    def inside(self) -> bool:
        """Whether the simulated value lies in the published interval."""
        low, high = self.published.value.interval
        return low <= self.simulated <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Total concentrations of the typical patient over time, for a figure.

    Parameters
    ----------
    regimen : str
        What is given.
    times_days : ndarray of float64, shape (times,)
        Time from the first dose.
    concentrations : dict of str to ndarray of float64, shape (times,)
        Total concentration, nM, by id of drug or metabolite.
    """

    regimen: str
    times_days: NDArray[np.float64]
    concentrations: dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What ``oestra drugs NAME`` shows.

    Parameters
    ----------
    drug : Drug
        The file's content.
    checks : tuple of ExposureCheck
        One a published exposure.
    curve : Curve or None
        Of the first standard regimen; None for a metabolite.
    """

    drug: Drug
    checks: tuple[ExposureCheck, ...]
    curve: Curve | None


def simulate_exposure(
    drug: Drug,
    exposure: Exposure,
    subjects: PkSubjects | None = None,
    library: Library = SHIPPED,
) -> NDArray[np.float64]:
    """Simulate what a published exposure measured.

    Parameters
    ----------
    drug : Drug
        The drug that is given.
    exposure : Exposure
        Regimen, measure, moiety, matrix and time.
    subjects : PkSubjects, optional
        The patients; one typical patient unless given.
    library : Library
        Whose drugs the regimen names.

    Returns
    -------
    ndarray of float64, shape (patients,)
        In the unit of the published value.
    """
    subjects = subjects or PkSubjects.typical()
    component = Regimen.parse(exposure.regimen, library).component(drug.id)
    moiety = next(
        one for one in drug.moieties if one.id == (exposure.moiety or drug.id)
    )
    if exposure.first_days:
        start, length = 0.0, exposure.first_days
    else:
        component, start, length = component.at_steady_state()
    times = start + length * np.arange(_POINTS) / _POINTS
    molar = concentration(component, times, subjects, free=False)[moiety.id]
    unit = exposure.value.unit
    if unit.removesuffix("/L").endswith(("M", "mol")):
        return _measured(molar, exposure.measure) * convert(1.0, "nM", unit)
    level = molar * moiety.molar_mass.value * 1e-6
    modeled = drug.kinetics.matrix if drug.kinetics else Matrix.PLASMA
    if exposure.matrix is Matrix.BLOOD and modeled is Matrix.PLASMA:
        level = in_blood(moiety, level)
    value = _measured(level, exposure.measure)
    if exposure.measure is Measure.AREA:
        return value * length * convert(1.0, "mg*day/L", unit)
    return value * convert(1.0, "mg/L", unit)


def _measured(levels: NDArray[np.float64], measure: Measure) -> NDArray[np.float64]:
    if measure is Measure.MAXIMUM:
        return levels.max(axis=1)
    if measure is Measure.MINIMUM:
        return levels[:, -1]
    return ordered_sum(levels, axis=1) / levels.shape[1]


def _curve(drug: Drug, library: Library) -> Curve | None:
    if not drug.standard_regimens:
        return None
    regimen = Regimen.parse(drug.standard_regimens[0], library)
    half_lives = min(drug.washout.value, 200.0) * 1.5
    until = float(np.ceil(max(half_lives, 7.0)))
    times = np.linspace(0.0, until, _POINTS)
    levels = concentration(
        regimen.component(drug.id), times, PkSubjects.typical(), free=False
    )
    return Curve(
        regimen=str(regimen),
        times_days=times,
        concentrations={name: level[0] for name, level in levels.items()},
    )


def describe(name: str, library: Library = SHIPPED) -> Description:
    """Describe a drug.

    Parameters
    ----------
    name : str
        Its id or an alias.
    library : Library
        Where to look.

    Returns
    -------
    Description
        File, exposures against the published ones, and a concentration curve.

    Raises
    ------
    InputError
        If there is no such drug.
    """
    drug = find(name, library)
    checks = tuple(
        ExposureCheck(
            published=exposure,
            simulated=float(simulate_exposure(drug, exposure, library=library)[0]),
        )
        for exposure in drug.exposures
    )
    return Description(drug=drug, checks=checks, curve=_curve(drug, library))
