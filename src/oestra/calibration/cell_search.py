"""The fit of the cell, begun anew wherever a profile finds something better."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.cell_fit import CellObjective
from oestra.calibration.checkpoint import State, read_state
from oestra.calibration.fit import fit, problem_key
from oestra.calibration.profile import Profile, profile_parameters, sharpen
from oestra.core.progress import Progress
from oestra.work.each import Workers

__all__ = ["check_checkpoint", "search_cells"]

Array = NDArray[np.float64]
_ATTEMPTS, _BETTER = 5, 0.05


def _numbered(path: Path, number: int) -> Path:
    return path.with_suffix(f".{number}{path.suffix}")


def check_checkpoint(objective: CellObjective, path: Path) -> None:
    """Refuse a search that could not go on from its checkpoint, before any work.

    Raises
    ------
    InputError
        If the checkpoint is damaged or belongs to another problem.
    """
    read_state(_numbered(path, 1), problem_key(objective))


def search_cells(
    objective: CellObjective,
    start: Array,
    *,
    path: Path,
    rounds: int = 6,
    workers: Workers = 2,
    progress: Progress = lambda *_: None,
) -> tuple[State, list[Profile]]:
    """Fit the cell and profile its parameters.

    Parameters
    ----------
    objective : CellObjective
        The problem.
    start : ndarray, shape (k,)
        Standardized parameters to start from.
    path : Path
        Checkpoint; one file an attempt, numbered.
    rounds : int
        Jacobians an attempt.
    workers : int or Executor
        Processes to start, or who does the work; the result does not depend on it.
    progress : callable
        Told what is done, how many and of how many.

    Returns
    -------
    State
        The best parameters of all attempts, with their Jacobian by central
        differences.
    list of Profile
        Of every parameter; none lies below the best set, unless attempts ran out.

    Raises
    ------
    InputError
        If a checkpoint is damaged or belongs to another problem.
    """

    def attempt(number: int, origin: Array) -> tuple[State, list[Profile]]:
        end = fit(
            objective,
            origin,
            path=_numbered(path, number),
            rounds=rounds,
            workers=workers,
            progress=progress,
        )
        end = sharpen(objective, end)
        return end, profile_parameters(objective, end, progress)

    state, profiles = attempt(1, start)
    for number in range(2, _ATTEMPTS + 1):
        lowest = min(profiles, key=lambda one: float(one.excess.min()))
        if lowest.excess.min() > -_BETTER:
            break
        again, profiles = attempt(number, lowest.lowest)
        state = replace(again, losses=np.append(state.losses, again.losses))
    return state, profiles
