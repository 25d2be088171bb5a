"""What an aromatase inhibitor leaves of a postmenopausal woman's estradiol."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.quantity import Origin, Quantity
from oestra.core.vocabulary import Target
from oestra.drugs.occupancy import mean_occupancy
from oestra.drugs.schedule import Component
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


def residual_estradiol(
    component: Component, subjects: PkSubjects
) -> NDArray[np.float64]:
    """Return plasma estradiol on an aromatase inhibitor at steady state.

    Parameters
    ----------
    component : Component
        An aromatase inhibitor of a regimen.
    subjects : PkSubjects
        The patients.

    Returns
    -------
    ndarray of float64, shape (patients,)
        Fraction of the patient's own baseline.

    Raises
    ------
    InputError
        If the drug does not act on aromatase.
    """
    active = 1.0 - mean_occupancy(component, Target.CYP19A1, subjects)
    share = NON_AROMATASE_SHARE.value
    return share + (1.0 - share) * active
