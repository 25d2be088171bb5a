"""All that can be wrong with a drug beyond the form of its file."""

from collections.abc import Iterator

from oestra.core.errors import InputError
from oestra.drugs.disposition import kinetics_faults
from oestra.drugs.drug import Drug
from oestra.drugs.drug_numbers import number_faults
from oestra.drugs.rate_times import rate_time_faults

__all__ = ["check_drug", "drug_faults"]


def drug_faults(drug: Drug) -> Iterator[tuple[tuple[str | int, ...], InputError]]:
    """Yield what is wrong with the kinetics, units, ranges and times of a drug.

    Parameters
    ----------
    drug : Drug
        The drug.

    Yields
    ------
    place : tuple of str or int
        Keys and positions of the drug's file that lead there.
    error : InputError
        What is wrong.
    """
    yield from kinetics_faults(drug)
    yield from number_faults(drug)
    yield from rate_time_faults(drug)


def check_drug(drug: Drug) -> None:
    """Raise InputError for the first fault of a drug."""
    for _, fault in drug_faults(drug):
        raise fault
