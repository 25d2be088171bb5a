"""The ranges in which the numbers of a drug's file mean anything.

That none is negative every quantity sees to; a potency of 0 or more than all of a drug
unbound would run, and give nonsense.
"""

from collections.abc import Callable, Iterator

from oestra.core.errors import InputError
from oestra.drugs.drug import Drug
from oestra.drugs.reported import Reported

__all__ = ["range_faults"]

Place = tuple[str | int, ...]
_Number = tuple[Place, Reported | None]


def _above_zero(drug: Drug) -> Iterator[_Number]:
    yield ("molar_mass",), drug.molar_mass
    yield ("tumor_to_plasma",), drug.tumor_to_plasma
    for name, value in drug.kinetics.parameters.items() if drug.kinetics else ():
        yield ("kinetics", "parameters", name), value
    for i, action in enumerate(drug.targets):
        yield ("targets", i, "potency"), action.potency
        if action.inactivation is not None:
            for key in ("rate", "binding_constant", "turnover"):
                place = ("targets", i, "inactivation", key)
                yield place, getattr(action.inactivation, key)
    for i, metabolite in enumerate(drug.metabolites):
        yield ("metabolites", i, "ratio"), metabolite.ratio
        yield ("metabolites", i, "half_life"), metabolite.half_life
        for phenotype, ratio in metabolite.by_cyp2d6.items():
            yield ("metabolites", i, "by_cyp2d6", str(phenotype)), ratio
    for i, one in enumerate(drug.interactions):
        yield ("interactions", i, "exposure_factor"), one.exposure_factor


def _percentages(drug: Drug) -> Iterator[_Number]:
    for i, harm in enumerate(drug.toxicities):
        yield ("toxicities", i, "rate"), harm.rate
        yield ("toxicities", i, "control_rate"), harm.control_rate
    if drug.discontinuation is not None:
        yield ("discontinuation", "rate"), drug.discontinuation.rate
        yield ("discontinuation", "control_rate"), drug.discontinuation.control_rate


def _shares(drug: Drug) -> Iterator[_Number]:
    yield ("fraction_unbound",), drug.fraction_unbound
    for i, action in enumerate(drug.targets):
        yield ("targets", i, "max_effect"), action.max_effect


_RANGES: tuple[
    tuple[Callable[[Drug], Iterator[_Number]], Callable[[float], bool], str], ...
] = (
    (_above_zero, lambda value: value > 0, "above 0"),
    (_shares, lambda value: 0 < value <= 1, "above 0 and at most 1"),
    (_percentages, lambda value: value <= 100, "from 0 to 100 percent"),
)
"""Which numbers, whether one may be, and what may."""


def _outside(drug: Drug) -> Iterator[tuple[Place, float, str]]:
    """Yield places of numbers outside their range, the number and what is allowed."""
    for numbers, may_be, allowed in _RANGES:
        for place, number in numbers(drug):
            if number is not None and not may_be(number.value):
                yield place, number.value, allowed


def _bare(drug: Drug) -> Iterator[tuple[Place, float, str]]:
    """Yield the same of numbers without unit."""
    for i, action in enumerate(drug.targets):
        if not action.hill > 0:
            yield ("targets", i, "hill"), action.hill, "above 0"
    for name, value in drug.kinetics.parameters.items() if drug.kinetics else ():
        if not value.between_patient_cv >= 0:
            place = ("kinetics", "parameters", name, "between_patient_cv")
            yield place, value.between_patient_cv, "0 or more"


def range_faults(drug: Drug) -> Iterator[tuple[Place, InputError]]:
    """Yield numbers of a drug that can mean nothing.

    Parameters
    ----------
    drug : Drug
        The drug.

    Yields
    ------
    place : tuple of str or int
        Keys and positions of the drug's file that lead there.
    error : InputError
        Names the number given and what is allowed.
    """
    for place, value, allowed in (*_outside(drug), *_bare(drug)):
        key = ".".join(map(str, place))
        yield place, InputError(f"{key} must be {allowed}, got {value:g}.")
