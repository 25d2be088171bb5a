"""Ovarian estradiol of patients: how it reaches a tumor, what treatment leaves."""

import numpy as np
from numpy.typing import NDArray

from oestra.course.assemble import Lanes
from oestra.drugs.regimen import Regimen
from oestra.drugs.subjects import PkSubjects
from oestra.engagement.ovary import ovarian_left

__all__ = ["add_ovaries", "ovarian_ramps"]

Array = NDArray[np.float64]
_OVARIES = "e2_medium"
"""Parameter of the cell for estradiol that aromatase does not make: in a culture that
of the medium, in a patient that of her ovaries."""


def add_ovaries(lanes: Lanes, plasma: Array) -> None:
    """Let ovarian estradiol reach the tumor as all of plasma does.

    Parameters
    ----------
    lanes : Lanes
        Clones of n patients; changed.
    plasma : ndarray, shape (n,)
        Estradiol in plasma that ovaries make, nM.
    """
    column = lanes.cell.column
    reaches = lanes.p[:, :, column("e2_tumor_ratio")] * (
        1.0 - lanes.p[:, :, column("e2_local_share")]
    )
    lanes.p[:, :, column(_OVARIES)] += reaches * plasma[:, None]


def ovarian_ramps(
    lanes: Lanes,
    regimen: Regimen,
    subjects: PkSubjects,
    edges: Array,
    since: NDArray[np.int64] | None = None,
) -> dict[int, Array]:
    """Return what a regimen leaves of ovarian estradiol, by column of the lanes.

    Parameters
    ----------
    lanes : Lanes
        Clones of n patients.
    regimen : Regimen
        What they take.
    subjects : PkSubjects
        Who they are.
    edges : ndarray, shape (periods + 1,)
        Ends of the periods.
    since : ndarray of int, shape (n,), optional
        Period in which each begins to be suppressed, the first by default.

    Returns
    -------
    dict of int to ndarray, shape (n, periods)
        Share left; empty where the regimen leaves ovaries alone.
    """
    left = ovarian_left(regimen, subjects, edges)
    if left is None:
        return {}
    if since is not None:
        place = np.maximum(np.arange(left.shape[1])[None, :] - since[:, None], 0)
        left = np.take_along_axis(left, place, axis=1)
    return {lanes.cell.column(_OVARIES): left}
