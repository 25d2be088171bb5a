"""What GnRH agonists leave of the estradiol that ovaries make.

The pituitary is held from the first depot on; estradiol follows within weeks, and
returns when the last depot is used up. The short rise at the start is left out.
"""

import numpy as np
from numpy.typing import NDArray

from oestra.core.quantity import Origin, Quantity
from oestra.drugs.ovarian_suppression import SUPPRESSION
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.target_load import target_load

__all__ = ["OVARIAN_FALL", "ovarian_left"]

Array = NDArray[np.float64]
OVARIAN_FALL = Quantity(
    value=10.0,
    unit="day",
    interval=(5.0, 21.0),
    origin=Origin.ASSUMED,
    reason=(
        "Time constant of the fall: estradiol is at its level after menopause some "
        "three to four weeks after the first depot, from general knowledge."
    ),
)
"""Time constant with which ovarian estradiol falls once the pituitary is held."""


def ovarian_left(regimen: Regimen, subjects: PkSubjects, edges: Array) -> Array | None:
    """Return what a regimen leaves of ovarian estradiol over time.

    Parameters
    ----------
    regimen : Regimen
        What is taken from time 0.
    subjects : PkSubjects
        The patients.
    edges : ndarray, shape (periods + 1,)
        Days between which to average.

    Returns
    -------
    ndarray, shape (patients, periods), or None
        Share left, 0 to 1; None where the regimen leaves ovaries alone.

    Examples
    --------
    >>> goserelin = Regimen.parse("goserelin 3.6 mg every 28 days")
    >>> months = np.array([0.0, 28.0, 56.0, 84.0])
    >>> ovarian_left(goserelin, PkSubjects.typical(), months).round(2)
    array([[0.37, 0.07, 0.06]])
    """
    taken = Regimen(
        tuple(one for one in regimen.components if SUPPRESSION in one.drug.acts_on)
    )
    if not taken.components:
        return None
    load = target_load(taken, edges, subjects)[SUPPRESSION]
    most = max(
        1.0 if action.max_effect is None else action.max_effect.value
        for one in taken.components
        for action in one.drug.actions(SUPPRESSION).values()
    )
    decay = np.exp(-edges / OVARIAN_FALL.value)
    waiting = OVARIAN_FALL.value * (decay[:-1] - decay[1:]) / np.diff(edges)
    return 1.0 - most * load / (1.0 + load) * (1.0 - waiting)
