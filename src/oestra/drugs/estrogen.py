"""What an aromatase inhibitor leaves of a postmenopausal woman's estradiol."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.quantity import Origin, Quantity
from oestra.core.terms import Target
from oestra.drugs.cycle_occupancy import mean_occupancy
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects

__all__ = ["NON_AROMATASE_SHARE", "residual_estradiol"]

NON_AROMATASE_SHARE = Quantity(
    value=0.015,
    unit="1",
    interval=(0.0, 0.024),
    origin=Origin.ASSUMED,
    reason=(
        "Estradiol that no aromatase inhibitor removes: stored estrone sulfate, diet, "
        "cross-reaction. At most what letrozole leaves in the tumor, 2.4 %."
    ),
)
"""Share of estradiol that does not come from aromatase."""


def residual_estradiol(regimen: Regimen, subjects: PkSubjects) -> NDArray[np.float64]:
    """Return plasma estradiol on a regimen at steady state.

    Parameters
    ----------
    regimen : Regimen
        What is given, usually one aromatase inhibitor among it.
    subjects : PkSubjects
        The patients.

    Returns
    -------
    ndarray of float64, shape (patients,)
        Fraction of the patient's own baseline: 1 without an aromatase inhibitor.

    Examples
    --------
    >>> regimen = Regimen.parse("letrozole 2.5 mg daily")
    >>> round(float(residual_estradiol(regimen, PkSubjects.typical())[0]), 3)
    0.059
    """
    active = np.ones(len(subjects))
    for component in regimen.components:
        if component.drug.action(Target.CYP19A1):
            active *= 1.0 - mean_occupancy(
                component, Target.CYP19A1, subjects, partners=regimen.drugs
            )
    share = NON_AROMATASE_SHARE.value
    return share + (1.0 - share) * active
