"""Pharmacokinetic models, each solved by hand into exponentials.

Parameters are read from a drug's file in the units named here; rates per hour and
clearances per hour are turned to days. Clearances and volumes of oral drugs are
apparent ones (CL/F, V/F) unless the model says otherwise.

References
----------
.. [1] Gabrielsson J, Weiner D. Pharmacokinetic and Pharmacodynamic Data Analysis:
   closed forms of the one- and two-compartment models.
.. [2] Wilkinson GR, Shand DG (1975). Clin Pharmacol Ther 18:377: the well-stirred
   model of hepatic extraction.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, unknown_name
from oestra.core.units import convert
from oestra.drugs.drug import Drug
from oestra.drugs.kinetics import Metabolite
from oestra.drugs.response import Response
from oestra.drugs.subjects import PkSubjects

__all__ = ["MODELS", "disposition", "formed", "kinetics_faults"]

Array = NDArray[np.float64]
Values = Mapping[str, Array]


def _one_compartment(clearance: Array, volume: Array) -> Response:
    return Response((1 / volume)[None], (clearance / volume)[None])


def _two_compartments(
    clearance: Array, central: Array, exchange: Array, peripheral: Array
) -> Response:
    """Solve the two-compartment model for a bolus into the center."""
    k10, k12, k21 = clearance / central, exchange / central, exchange / peripheral
    half = (k10 + k12 + k21) / 2
    root = np.sqrt(half**2 - k10 * k21)
    fast, slow = half + root, half - root
    share = (fast - k21) / (fast - slow)
    return Response(
        np.stack([share / central, (1 - share) / central]), np.stack([fast, slow])
    )


def _oral(p: Values, _daily: Array) -> Response:
    """One compartment after first-order absorption."""
    return _one_compartment(p["clearance"], p["volume"]).fed(p["absorption_rate"])


def _oral_two(p: Values, _daily: Array) -> Response:
    """Two compartments after first-order absorption."""
    return _intravenous(p, _daily).fed(p["absorption_rate"])


def _intravenous(p: Values, _daily: Array) -> Response:
    """Two compartments after a bolus."""
    return _two_compartments(
        p["clearance"], p["central_volume"], p["exchange"], p["peripheral_volume"]
    )


def _hepatic(p: Values, _daily: Array) -> Response:
    """Two compartments with first pass and clearance by a well-stirred liver."""
    flow = p["hepatic_flow"]
    drawn = p["unbound_in_liver"] * p["intrinsic_clearance"]
    clearance = flow * drawn / (flow + drawn)
    center = _two_compartments(
        clearance, p["central_volume"], p["exchange"], p["peripheral_volume"]
    )
    return center.fed(1 / p["absorption_time"], 1 - clearance / flow)


def _depot(p: Values, _daily: Array) -> Response:
    """One compartment fed by a fast and a slow depot in parallel (flip-flop)."""
    center = _one_compartment(p["clearance"], p["volume"])
    fast = p["fast_share"]
    return center.fed(p["fast_rate"], fast).plus(center.fed(p["slow_rate"], 1 - fast))


def _antibody(p: Values, daily: Array) -> Response:
    """Two compartments, linear and saturable elimination, linear about steady state.

    The average concentration C solves rate = CL C + Vmax C / (Km + C); there the
    saturable path is a clearance of Vmax / (Km + C).
    """
    linear, vmax, km = p["clearance"], p["maximum_rate"], p["michaelis_constant"]
    b = vmax + linear * km - daily
    average = (np.sqrt(b**2 + 4 * linear * km * daily) - b) / (2 * linear)
    return _two_compartments(
        linear + vmax / (km + average),
        p["central_volume"],
        p["exchange"],
        p["peripheral_volume"],
    )


@dataclass(frozen=True, slots=True)
class _Model:
    solve: Callable[[Values, Array], Response]
    units: Mapping[str, str]


_CENTER = {
    "clearance": "L/day",
    "central_volume": "L",
    "exchange": "L/day",
    "peripheral_volume": "L",
}

MODELS: Mapping[str, _Model] = {
    "oral": _Model(
        _oral, {"absorption_rate": "1/day", "clearance": "L/day", "volume": "L"}
    ),
    "oral in two compartments": _Model(
        _oral_two, {"absorption_rate": "1/day", **_CENTER}
    ),
    "intravenous": _Model(_intravenous, _CENTER),
    "oral with hepatic extraction": _Model(
        _hepatic,
        {
            "absorption_time": "day",
            "intrinsic_clearance": "L/day",
            "unbound_in_liver": "1",
            "hepatic_flow": "L/day",
            "central_volume": "L",
            "exchange": "L/day",
            "peripheral_volume": "L",
        },
    ),
    "intramuscular depot": _Model(
        _depot,
        {
            "fast_share": "1",
            "fast_rate": "1/day",
            "slow_rate": "1/day",
            "clearance": "L/day",
            "volume": "L",
        },
    ),
    "antibody with saturable elimination": _Model(
        _antibody,
        {**_CENTER, "maximum_rate": "mg/day", "michaelis_constant": "mg/L"},
    ),
}
"""Models by the name a drug's file uses, with the unit each parameter is used in."""

_BLOOD = {"binding_capacity": "mg/L", "binding_constant": "mg/L", "partition": "1"}
"""Optional parameters of binding to red cells, all or none."""


def kinetics_faults(drug: Drug) -> Iterator[tuple[tuple[str, ...], InputError]]:
    """Yield everything that is wrong with the kinetics of a drug.

    Parameters
    ----------
    drug : Drug
        The drug.

    Yields
    ------
    place : tuple of str
        Keys of the drug's file that lead there.
    error : InputError
        What is wrong.
    """
    if drug.kinetics is None:
        return
    place = ("kinetics", "model")
    if drug.kinetics.model not in MODELS:
        yield place, unknown_name("pharmacokinetic model", drug.kinetics.model, MODELS)
        return
    needed, given = MODELS[drug.kinetics.model].units, drug.kinetics.parameters
    allowed = {**needed, **_BLOOD, "hematocrit": "1"}
    for name in given:
        where = ("kinetics", "parameters", name)
        if name not in allowed:
            yield where, unknown_name("kinetic parameter", name, allowed)
            continue
        try:
            convert(given[name].value, given[name].unit, allowed[name])
        except InputError as error:
            yield where, error
    missing = [name for name in needed if name not in given]
    if missing:
        yield (
            place,
            InputError(
                f"The model {drug.kinetics.model!r} needs {', '.join(missing)}."
            ),
        )


def disposition(drug: Drug, subjects: PkSubjects, daily: Array) -> Response:
    """Solve a drug's kinetics for every patient.

    Parameters
    ----------
    drug : Drug
        A drug that is given, not a metabolite.
    subjects : PkSubjects
        The patients.
    daily : ndarray of float64, shape (patients,)
        Mean dose in the long run, mg/day; only saturable models look at it.

    Returns
    -------
    Response
        Concentration per dose in plasma, 1/L.

    Raises
    ------
    InputError
        If the drug is only formed from another and cannot be dosed.
    """
    if drug.kinetics is None:
        raise InputError(f"{drug.id} is a metabolite; a regimen gives its parent.")
    model = MODELS[drug.kinetics.model]
    values: dict[str, Array] = {}
    for name, unit in model.units.items():
        reported = drug.kinetics.parameters[name]
        spread = subjects.spread(reported, f"{drug.id}/{name}")
        values[name] = spread * convert(1.0, reported.unit, unit)
    return model.solve(values, daily)


def formed(parent: Response, metabolite: Metabolite, subjects: PkSubjects) -> Response:
    """Solve the kinetics of a metabolite that its parent feeds.

    Parameters
    ----------
    parent : Response
        Molar concentration of the parent per molar dose.
    metabolite : Metabolite
        Ratio at steady state, half-life.
    subjects : PkSubjects
        The patients, with their CYP2D6 phenotype.

    Returns
    -------
    Response
        Molar concentration of the metabolite per molar dose of the parent.
    """
    ratio = subjects.spread(metabolite.ratio, f"{metabolite.drug}/ratio")
    for phenotype, reported in metabolite.by_cyp2d6.items():
        share = reported.value / metabolite.ratio.value
        ratio = np.where(subjects.cyp2d6 == phenotype.value, ratio * share, ratio)
    half_life = convert(metabolite.half_life.value, metabolite.half_life.unit, "day")
    rate = np.full(len(subjects), np.log(2) / half_life)
    return parent.fed(rate).scaled(ratio)
