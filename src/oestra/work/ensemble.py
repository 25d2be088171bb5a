"""An ensemble of simulations, in parts that workers elsewhere do."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from oestra.solve.sbml import SbmlModel, packed_model, unpacked_model
from oestra.solve.settings import Settings
from oestra.solve.simulation import SimulationResult, check_ensemble, simulate
from oestra.work.each import in_order

__all__ = ["simulate_apart"]

_LANES, _NUMBERS = 1024, 2_000_000
"""Most lanes of a part, and numbers it records: seconds of work, 16 MB of result."""
_LEAST = 8
"""Lanes of the smallest part: those that one vector of numbers holds."""

unpacked = lru_cache(maxsize=4)(unpacked_model)


@dataclass(frozen=True, slots=True)
class _Task:
    """What all parts have in common, sent to a worker once."""

    sent_apart: ClassVar[bool] = True
    model: bytes
    times: NDArray[np.float64]
    outputs: tuple[str, ...]
    settings: Settings
    seed: int


def simulate_apart(  # noqa: PLR0913
    executor: Executor,
    model: SbmlModel,
    *,
    at: ArrayLike,
    values: Mapping[str, ArrayLike] | pd.DataFrame,
    outputs: Sequence[str] | None = None,
    settings: Settings | None = None,
    seed: int = 0,
) -> SimulationResult:
    """Simulate an ensemble by an executor, to the same numbers as `simulate`.

    Parameters
    ----------
    executor : Executor
        Who simulates the parts.
    model, at, values, outputs, settings, seed
        As `oestra.solve.simulation.simulate` takes them.

    Returns
    -------
    SimulationResult
        Time courses, one for each lane.

    Raises
    ------
    InputError
        As `simulate` raises.
    """
    times = np.asarray(at, dtype=float)
    settings = settings or Settings()
    given, names = check_ensemble(model, times, values, outputs, settings)
    task = _Task(packed_model(model), times, names, settings, seed)
    size = max(_LEAST, min(_LANES, _NUMBERS // (len(times) * (len(names) + 1))))
    size -= size % _LEAST
    with in_order(executor, _part, _calls(task, given, size)) as found:
        parts = list(found)
    return SimulationResult(
        model=model.ode.name,
        names=names,
        times=parts[0].times,
        courses=np.concatenate([part.courses for part in parts]),
        outcome=np.concatenate([part.outcome for part in parts]),
        warnings=parts[0].warnings,
    )


def _calls(
    task: _Task, values: dict[str, NDArray[np.float64]], size: int
) -> Iterator[tuple[Any, ...]]:
    lanes = max((len(column) for column in values.values() if column.ndim), default=1)
    for first in range(0, lanes, size):
        part = {k: v[first : first + size] if v.ndim else v for k, v in values.items()}
        yield task, first, part


def _part(
    task: _Task, first: int, values: dict[str, NDArray[np.float64]]
) -> SimulationResult:
    return simulate(
        unpacked(task.model),
        at=task.times,
        values=values,
        outputs=task.outputs,
        settings=task.settings,
        seed=task.seed,
        first=first,
    )
