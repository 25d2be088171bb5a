"""Courses as they are seen from a later day of each patient, such as randomization."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.trial.assess import Followed
from oestra.trial.lesion import at_visits, diameter

__all__ = ["ShiftedCourse", "shifted"]

Array = NDArray[np.float64]
_MEASURABLE_MM = 10.0
"""Least longest diameter of a lesion that can be measured, by RECIST 1.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedCourse:
    """Courses from a day of each patient on; see `oestra.trial.assess.Followed`.

    Parameters
    ----------
    days : ndarray, shape (t,)
        Output days from there.
    log_volume : ndarray, shape (n, l, t)
        Log volume of each lesion in mm³.
    site, measurable : ndarray, shape (n, l)
        Site codes, and lesions that can be measured then.
    new_lesion_day, symptom_day, death_day : ndarray, shape (n,)
        Days from there, ``inf`` for never.
    ki67, fdg_uptake : ndarray, shape (n, t)
        Markers.
    clone_log_cells : ndarray, shape (n, clones, t)
        Log cell numbers.
    audit : mapping of str to int
        Counts of the storey below.
    """

    days: Array
    log_volume: NDArray[np.float32]
    site: NDArray[np.integer]
    measurable: NDArray[np.bool_]
    new_lesion_day: Array
    symptom_day: Array
    death_day: Array
    ki67: Array
    fdg_uptake: Array
    clone_log_cells: Array
    audit: Mapping[str, int]


def shifted(followed: Followed, since: Array, days: Array) -> ShiftedCourse:
    """Return courses as they are seen from a later day of each patient.

    Parameters
    ----------
    followed : Followed
        The courses.
    since : ndarray, shape (n,)
        Days from which they are seen.
    days : ndarray, shape (t,)
        Output days from there, ascending from 0.

    Returns
    -------
    ShiftedCourse
        Between output days interpolated, of logs where numbers are logs.
    """
    when = since[:, None] + days

    def seen(values: NDArray[np.floating]) -> Array:
        return at_visits(values, followed.days, when)[:, :, 1:]

    cells = getattr(followed, "clone_log_cells", None)
    if cells is None:
        raise InputError("A run-in is treated in patients of the model alone.")
    volume = seen(followed.log_volume)
    large = diameter(volume[:, :, 0]) >= _MEASURABLE_MM
    return ShiftedCourse(
        days=days,
        log_volume=volume.astype(np.float32),
        site=followed.site,
        measurable=followed.measurable & large,
        new_lesion_day=followed.new_lesion_day - since,
        symptom_day=followed.symptom_day - since,
        death_day=followed.death_day - since,
        ki67=seen(followed.ki67[:, None, :])[:, 0],
        fdg_uptake=seen(followed.fdg_uptake[:, None, :])[:, 0],
        clone_log_cells=seen(cells),
        audit=followed.audit,
    )
