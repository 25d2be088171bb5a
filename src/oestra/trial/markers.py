"""What biopsies and metabolic scans find before and under treatment."""

import numpy as np
from numpy.typing import NDArray

from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.trial.analysis import Analysis, Ki67Biopsy, MetabolicScan
from oestra.trial.assess import Followed
from oestra.trial.assumption import Assumptions

__all__ = ["markers"]


def _on_day(
    values: NDArray[np.float64], days: NDArray[np.float64], day: float
) -> NDArray[np.float64]:
    right = int(np.clip(np.searchsorted(days, day), 1, days.size - 1))
    left = right - 1
    share = float(np.clip((day - days[left]) / (days[right] - days[left]), 0, 1))
    return values[:, left] * (1 - share) + values[:, right] * share


def _pairs(
    values: NDArray[np.float64],
    days: NDArray[np.float64],
    planned: Ki67Biopsy | MetabolicScan | None,
    level: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a marker before and under treatment, nan where no pair was taken."""
    if planned is None:
        none = np.full(level.size, np.nan)
        return none, none
    taken = level < planned.evaluable_percent / 100
    before, after = _on_day(values, days, 0.0), _on_day(values, days, planned.day)
    return np.where(taken, before, np.nan), np.where(taken, after, np.nan)


def markers(
    followed: Followed,
    analysis: Analysis,
    patient: NDArray[np.int64],
    streams: Streams,
    known: Assumptions,
) -> dict[str, NDArray[np.float64]]:
    """Return the columns of biopsies and metabolic scans.

    Parameters
    ----------
    followed : Followed
        Courses of n patients.
    analysis : Analysis
        Which are taken, and when.
    patient : ndarray of int, shape (n,)
        Numbers that key the draws.
    streams : Streams
        Source of chance.
    known : Assumptions
        Error of reading.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        NaN where no pair was taken.
    """
    level = streams.uniform(Stream.BIOPSY, patient)[:, 0]
    ki67 = _pairs(followed.ki67, followed.days, analysis.ki67, level)
    level = streams.uniform(Stream.METABOLIC_SCAN, patient)[:, 0]
    uptake = _pairs(followed.fdg_uptake, followed.days, analysis.metabolic, level)
    error = streams.normal(Stream.UPTAKE_READ, patient, 2) * known.uptake_error.value
    return {
        "ki67_before": ki67[0],
        "ki67_after": ki67[1],
        "uptake_before": uptake[0] * np.exp(error[:, 0]),
        "uptake_after": uptake[1] * np.exp(error[:, 1]),
    }
