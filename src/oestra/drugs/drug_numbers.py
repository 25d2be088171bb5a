"""The numbers of a drug's file: in which unit each acts, and where it means anything.

What is not converted when it is used must be written in one unit; any other would act
as if it were that one. That none is negative every quantity sees to; a potency of 0 or
more than all of a drug unbound would run, and give nonsense.
"""

from collections.abc import Callable, Iterator
from enum import Enum

from oestra.core.errors import InputError
from oestra.drugs.drug import Drug
from oestra.drugs.reported import Reported

__all__ = ["number_faults"]

Place = tuple[str | int, ...]


class _May(Enum):
    """What a number may be, in words."""

    BE_ANY = "0 or more"
    BE_POSITIVE = "above 0"
    BE_A_SHARE = "above 0 and at most 1"
    BE_PERCENT = "from 0 to 100 percent"


_HOLDS: dict[_May, Callable[[float], bool]] = {
    _May.BE_ANY: lambda value: value >= 0,
    _May.BE_POSITIVE: lambda value: value > 0,
    _May.BE_A_SHARE: lambda value: 0 < value <= 1,
    _May.BE_PERCENT: lambda value: 0 <= value <= 100,
}
_CONVERTED = ""
"""In place of a unit: any that fits is converted where the number is used."""
_Number = tuple[Place, Reported | None, str, _May]


def _of_exposure(drug: Drug) -> Iterator[_Number]:
    yield ("molar_mass",), drug.molar_mass, "g/mol", _May.BE_POSITIVE
    yield ("fraction_unbound",), drug.fraction_unbound, "1", _May.BE_A_SHARE
    yield ("tumor_to_plasma",), drug.tumor_to_plasma, "1", _May.BE_POSITIVE
    yield ("washout",), drug.washout, "day", _May.BE_ANY
    for name, value in drug.kinetics.parameters.items() if drug.kinetics else ():
        place = ("kinetics", "parameters", name)
        yield place, value, _CONVERTED, _May.BE_POSITIVE
    for i, metabolite in enumerate(drug.metabolites):
        place = ("metabolites", i)
        yield (*place, "ratio"), metabolite.ratio, "1", _May.BE_POSITIVE
        half_life = metabolite.half_life
        yield (*place, "half_life"), half_life, _CONVERTED, _May.BE_POSITIVE
        for phenotype, ratio in metabolite.by_cyp2d6.items():
            where = (*place, "by_cyp2d6", str(phenotype))
            yield where, ratio, _CONVERTED, _May.BE_POSITIVE
    for i, one in enumerate(drug.interactions):
        where = ("interactions", i, "exposure_factor")
        yield where, one.exposure_factor, "1", _May.BE_POSITIVE


def _of_action(drug: Drug) -> Iterator[_Number]:
    for i, action in enumerate(drug.targets):
        place = ("targets", i)
        yield (*place, "potency"), action.potency, "nM", _May.BE_POSITIVE
        yield (*place, "max_effect"), action.max_effect, "1", _May.BE_A_SHARE
        if action.inactivation is not None:
            for key in ("rate", "binding_constant", "turnover"):
                value = getattr(action.inactivation, key)
                where = (*place, "inactivation", key)
                yield where, value, _CONVERTED, _May.BE_POSITIVE


def _of_harm(drug: Drug) -> Iterator[_Number]:
    for i, harm in enumerate(drug.toxicities):
        place = ("toxicities", i)
        yield (*place, "rate"), harm.rate, "percent", _May.BE_PERCENT
        yield (*place, "control_rate"), harm.control_rate, "percent", _May.BE_PERCENT
    stop = drug.discontinuation
    if stop is not None:
        place = ("discontinuation",)
        yield (*place, "rate"), stop.rate, "percent", _May.BE_PERCENT
        yield (*place, "control_rate"), stop.control_rate, "percent", _May.BE_PERCENT
    for source, months in drug.times_on_drug.items():
        yield ("times_on_drug", source), months, "month", _May.BE_ANY
    for source, months in drug.control_times.items():
        yield ("control_times", source), months, "month", _May.BE_ANY


def _bare(drug: Drug) -> Iterator[tuple[Place, float, _May]]:
    """Yield numbers that have no unit and no origin."""
    for i, action in enumerate(drug.targets):
        yield ("targets", i, "hill"), action.hill, _May.BE_POSITIVE
    for name, value in drug.kinetics.parameters.items() if drug.kinetics else ():
        place = ("kinetics", "parameters", name, "between_patient_cv")
        yield place, value.between_patient_cv, _May.BE_ANY


def number_faults(drug: Drug) -> Iterator[tuple[Place, InputError]]:
    """Yield numbers in another unit than they act in, and those that mean nothing.

    Parameters
    ----------
    drug : Drug
        The drug.

    Yields
    ------
    place : tuple of str or int
        Keys and positions of the drug's file that lead there.
    error : InputError
        Names what was given and what is needed.
    """
    every = (*_of_exposure(drug), *_of_action(drug), *_of_harm(drug))
    known = [
        (place, number, unit, may)
        for place, number, unit, may in every
        if number is not None
    ]
    for place, number, unit, _ in known:
        if unit not in (_CONVERTED, number.unit):
            key = ".".join(map(str, place))
            yield place, InputError(f"{key} must be in {unit}, got {number.unit!r}.")
    values = ((place, number.value, may) for place, number, _, may in known)
    for place, value, may in (*values, *_bare(drug)):
        if not _HOLDS[may](value):
            key = ".".join(map(str, place))
            yield place, InputError(f"{key} must be {may.value}, got {value:g}.")
