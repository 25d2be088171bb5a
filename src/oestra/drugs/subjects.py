"""The patients as pharmacokinetics sees them; all chance comes in from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.drugs.drug import Drug
from oestra.drugs.kinetics import Cyp2d6
from oestra.drugs.reported import Reported

__all__ = ["PkSubjects", "deviate_names"]


def deviate_names(drug: Drug) -> tuple[str, ...]:
    """Name the numbers by which patients differ in a drug's kinetics.

    Parameters
    ----------
    drug : Drug
        The drug.

    Returns
    -------
    tuple of str
        Keys for `PkSubjects.deviates`, such as ``"everolimus/clearance"``.
    """
    named: dict[str, Reported] = {}
    if drug.kinetics:
        named = {f"{drug.id}/{k}": v for k, v in drug.kinetics.parameters.items()}
    for metabolite in drug.metabolites:
        named[f"{metabolite.drug}/ratio"] = metabolite.ratio
    return tuple(name for name, value in named.items() if value.between_patient_cv)


@dataclass(frozen=True, slots=True, kw_only=True)
class PkSubjects:
    """Patients with what makes their concentrations differ.

    Parameters
    ----------
    weight : ndarray of float64, shape (patients,)
        Body weight, kg.
    surface : ndarray of float64, shape (patients,)
        Body surface area, m².
    adherence : ndarray of float64, shape (patients,)
        Share of oral doses that is taken, 0 to 1.
    cyp2d6 : ndarray of str, shape (patients,)
        Phenotypes, values of `Cyp2d6`.
    deviates : mapping of str to ndarray of float64, shape (patients,)
        Standard normal deviates by the names of `deviate_names`; a name that is
        missing means the typical patient.

    Raises
    ------
    InputError
        If the arrays differ in length.
    """

    weight: NDArray[np.float64]
    surface: NDArray[np.float64]
    adherence: NDArray[np.float64]
    cyp2d6: NDArray[np.str_]
    deviates: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse arrays of unequal length."""
        arrays = (self.surface, self.adherence, self.cyp2d6, *self.deviates.values())
        if any(array.shape != self.weight.shape for array in arrays):
            raise InputError("All arrays of PkSubjects must have one entry a patient.")

    @classmethod
    def typical(cls, count: int = 1) -> "PkSubjects":
        """Return patients of 70 kg and 1.8 m² who take every dose."""
        return cls(
            weight=np.full(count, 70.0),
            surface=np.full(count, 1.8),
            adherence=np.ones(count),
            cyp2d6=np.full(count, Cyp2d6.NORMAL.value),
        )

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.weight)

    def spread(self, value: Reported, name: str) -> NDArray[np.float64]:
        """Return each patient's value of a parameter.

        Parameters
        ----------
        value : Reported
            Typical value and coefficient of variation.
        name : str
            Name of its deviate.

        Returns
        -------
        ndarray of float64, shape (patients,)
            Log-normal around the typical value.
        """
        sigma = np.sqrt(np.log1p(value.between_patient_cv**2))
        deviate = self.deviates.get(name)
        if deviate is None or sigma == 0:
            return np.full(len(self), value.value)
        return value.value * np.exp(sigma * deviate)
