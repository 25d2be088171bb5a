"""The units in which the numbers of a drug's file act.

What is not converted when it is used must be written in one unit; any other would act
as if it were that one.
"""

from collections.abc import Iterator

from oestra.core.errors import InputError
from oestra.drugs.drug import Drug
from oestra.drugs.reported import Reported

__all__ = ["unit_faults"]

Place = tuple[str | int, ...]


def _numbers(drug: Drug) -> Iterator[tuple[Place, Reported | None, str]]:
    yield ("molar_mass",), drug.molar_mass, "g/mol"
    yield ("fraction_unbound",), drug.fraction_unbound, "1"
    yield ("tumor_to_plasma",), drug.tumor_to_plasma, "1"
    yield ("washout",), drug.washout, "day"
    for i, action in enumerate(drug.targets):
        yield ("targets", i, "potency"), action.potency, "nM"
        yield ("targets", i, "max_effect"), action.max_effect, "1"
    for i, harm in enumerate(drug.toxicities):
        yield ("toxicities", i, "rate"), harm.rate, "percent"
        yield ("toxicities", i, "control_rate"), harm.control_rate, "percent"
    if drug.discontinuation is not None:
        stop = drug.discontinuation
        yield ("discontinuation", "rate"), stop.rate, "percent"
        yield ("discontinuation", "control_rate"), stop.control_rate, "percent"
    for source, months in drug.times_on_drug.items():
        yield ("times_on_drug", source), months, "month"
    for source, months in drug.control_times.items():
        yield ("control_times", source), months, "month"
    for i, metabolite in enumerate(drug.metabolites):
        yield ("metabolites", i, "ratio"), metabolite.ratio, "1"
    for i, one in enumerate(drug.interactions):
        yield ("interactions", i, "exposure_factor"), one.exposure_factor, "1"


def unit_faults(drug: Drug) -> Iterator[tuple[Place, InputError]]:
    """Yield numbers whose unit is not the one they act in.

    Parameters
    ----------
    drug : Drug
        The drug.

    Yields
    ------
    place : tuple of str or int
        Keys and positions of the drug's file that lead there.
    error : InputError
        Names the unit given and the one needed.
    """
    for place, number, unit in _numbers(drug):
        if number is not None and number.unit != unit:
            key = ".".join(map(str, place))
            yield place, InputError(f"{key} must be in {unit}, got {number.unit!r}.")
