"""A dose as it is prescribed: an amount, flat or scaled to the patient's size."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError

__all__ = ["Dose", "DoseUnit"]


class DoseUnit(StrEnum):
    """Units a dose may be written in."""

    MICROGRAM = "ug"
    MILLIGRAM = "mg"
    GRAM = "g"
    PER_WEIGHT = "mg/kg"
    PER_SURFACE = "mg/m2"


_MILLIGRAMS = {
    DoseUnit.MICROGRAM: 1e-3,
    DoseUnit.MILLIGRAM: 1.0,
    DoseUnit.GRAM: 1e3,
    DoseUnit.PER_WEIGHT: 1.0,
    DoseUnit.PER_SURFACE: 1.0,
}

_LARGEST = 1e5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One administration.

    Parameters
    ----------
    amount : float
        How much, in ``unit``.
    unit : DoseUnit
        Flat, per kilogram of body weight or per square meter of body surface.

    Raises
    ------
    InputError
        If the amount is not above 0, or is too large to be meant.

    Examples
    --------
    >>> str(Dose(amount=2.5, unit=DoseUnit.MILLIGRAM))
    '2.5 mg'
    """

    amount: float
    unit: DoseUnit

    def __post_init__(self) -> None:
        """Refuse what is no dose."""
        if not 0 < self.amount <= _LARGEST:
            raise InputError(
                f"A dose must be more than 0 and at most {_LARGEST:g}, got "
                f"{self.amount:g} {self.unit}."
            )

    def __str__(self) -> str:
        """Return the dose as the grammar of regimens writes it."""
        amount = self.amount
        text = str(int(amount)) if float(amount).is_integer() else repr(amount)
        return f"{text} {self.unit}"

    @property
    def typical_milligrams(self) -> float:
        """Amount for a person of 70 kg and 1.8 square meters."""
        weight, surface = np.full(1, 70.0), np.full(1, 1.8)
        return float(self.milligrams(weight, surface)[0])

    def milligrams(
        self, weight: NDArray[np.float64], surface: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the amount each patient receives.

        Parameters
        ----------
        weight : ndarray of float64, shape (patients,)
            Body weight, kg.
        surface : ndarray of float64, shape (patients,)
            Body surface area, m².

        Returns
        -------
        ndarray of float64, shape (patients,)
            Milligrams.
        """
        size = np.ones_like(weight)
        if self.unit is DoseUnit.PER_WEIGHT:
            size = weight
        elif self.unit is DoseUnit.PER_SURFACE:
            size = surface
        return self.amount * _MILLIGRAMS[self.unit] * size
