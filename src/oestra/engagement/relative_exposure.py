"""How much of a drug each patient has in her, beside the typical patient."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.library import SHIPPED, Library
from oestra.drugs.pharmacokinetics import exposure
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects

__all__ = ["relative_exposure"]

Array = NDArray[np.float64]
_EDGES = np.array([0.0, 168.0])
"""The first 24 weeks, in which most harm is seen."""


def relative_exposure(
    regimen: Regimen, subjects: PkSubjects, library: Library = SHIPPED
) -> dict[str, Array]:
    """Return the average exposure of patients over that at the standard dose.

    Parameters
    ----------
    regimen : Regimen
        What they take.
    subjects : PkSubjects
        The patients.
    library : Library
        Whose drugs the standard regimens name.

    Returns
    -------
    dict of str to ndarray, shape (patients,)
        By id of drug; 1 for the typical patient on the first standard regimen of its
        file, and for everybody where the file has none.

    Examples
    --------
    >>> typical = PkSubjects.typical()
    >>> half = relative_exposure(Regimen.parse("everolimus 5 mg daily"), typical)
    >>> round(float(half["everolimus"][0]), 2)
    0.5
    """
    if not regimen.components:
        return {}
    found = exposure(regimen, _EDGES, subjects)
    everybody = np.ones(len(subjects))
    relative: dict[str, Array] = {}
    for component in regimen.components:
        drug = component.drug
        if not drug.standard_regimens:
            relative[drug.id] = everybody
            continue
        standard = Regimen.parse(drug.standard_regimens[0], library)
        typical = exposure(standard, _EDGES, PkSubjects.typical())[drug.id]
        relative[drug.id] = found[drug.id][:, 0] / float(typical[0, 0])
    return relative
