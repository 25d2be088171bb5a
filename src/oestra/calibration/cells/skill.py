"""How well measurements on cells are predicted, and trivial predictions do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cells.reading import Reading
from oestra.calibration.cells.repeat import readings

__all__ = ["KindSkill", "skill_by_kind"]

Array = NDArray[np.float64]
_CHANGED = 0.05
_SAME = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSkill:
    """Errors of one kind of measurement.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    count : int
        Measurements.
    median : float
        Median absolute error on the scale of the kind; of directions the share that is
        right.
    no_effect : float
        The same if nothing had an effect.
    mean_effect : float or None
        The same if all had the mean effect of the others of the kind; None of
        directions.
    skill : float or None
        1 less the mean squared error over that of no effect; None of directions.
    """

    kind: str
    count: int
    median: float
    no_effect: float
    mean_effect: float | None = None
    skill: float | None = None


def _off(chosen: Sequence[Reading], value: Array) -> Array:
    """Return errors; none beyond a bound that is met."""
    off = value - np.array([one.observed for one in chosen])
    side = np.array([one.side for one in chosen])
    return np.where(side * off > 0, 0.0, off)


def _right(chosen: Sequence[Reading], value: Array) -> float:
    observed = np.array([one.observed for one in chosen])
    right = np.where(observed == 0, np.abs(value) < _SAME, observed * value > _CHANGED)
    return float(right.mean())


def skill_by_kind(
    value: Array, chosen: Iterable[Reading] | None = None
) -> tuple[KindSkill, ...]:
    """Return the errors of predictions by kind.

    Parameters
    ----------
    value : ndarray, shape (n,)
        Predictions in the order of the readings.
    chosen : iterable of Reading, length n, optional
        Those predicted; all by default.

    Returns
    -------
    tuple of KindSkill
        Kinds in the order in which they first come.
    """
    wanted = list(readings() if chosen is None else chosen)
    found = []
    for kind in dict.fromkeys(one.kind for one in wanted):
        rows = [k for k, one in enumerate(wanted) if one.kind == kind]
        own, seen = [wanted[k] for k in rows], value[rows]
        nothing = np.array([one.nothing for one in own])
        if kind == "direction":
            same = np.zeros(len(own))
            right = _right(own, seen)
            found.append(
                KindSkill(
                    kind=kind,
                    count=len(own),
                    median=right,
                    no_effect=_right(own, same),
                )
            )
            continue
        observed = np.array([one.observed for one in own])
        mean = nothing + (np.sum(observed - nothing) - (observed - nothing)) / max(
            len(own) - 1, 1
        )
        errors = [_off(own, one) for one in (seen, nothing, mean)]
        found.append(
            KindSkill(
                kind=kind,
                count=len(own),
                median=float(np.median(np.abs(errors[0]))),
                no_effect=float(np.median(np.abs(errors[1]))),
                mean_effect=float(np.median(np.abs(errors[2]))),
                skill=float(1.0 - np.mean(errors[0] ** 2) / np.mean(errors[1] ** 2)),
            )
        )
    return tuple(found)
