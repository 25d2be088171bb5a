"""Simulate the pools that ship: ``python -m oestra.history.ship``.

To be run after every change of the parameters that ship, or of code and data that lives
depend on. A pool of another state of the package is not used, and is removed here.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from oestra.core.parameter_set import ParameterSet
from oestra.history.cohort import simulate_cohort
from oestra.history.cohort_size import COHORT_PATIENTS, COHORT_SEED
from oestra.history.store import (
    ENSEMBLE_PATIENTS,
    cohort_key,
    save_cohort,
    shipped_pools,
)
from oestra.model.parameters import best_parameters, ensemble_parameters

__all__ = ["ship_pools"]

_SETS = 10
"""Sets that a trial of twenty replicates takes in turn."""


def _pools() -> Iterator[tuple[int, ParameterSet, int]]:
    """Yield patients, parameters and seed of each pool."""
    yield COHORT_PATIENTS, best_parameters(), COHORT_SEED
    for index, parameters in enumerate(ensemble_parameters()[:_SETS]):
        yield ENSEMBLE_PATIENTS, parameters, COHORT_SEED + index


def ship_pools(folder: Path | None = None) -> list[Path]:
    """Simulate the pools of the best set and of an ensemble, and write them.

    Parameters
    ----------
    folder : Path, optional
        Where to; by default the one the package reads. Pools that belong to nothing
        that ships any more are removed from it.

    Returns
    -------
    list of Path
        The pools, those that were there already included.
    """
    place = folder or shipped_pools()
    place.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for n, parameters, seed in _pools():
        key = cohort_key(n, parameters, seed)
        file = place / f"{key[:16]}.npz"
        if not file.is_file():
            cohort = simulate_cohort(n, parameters, seed=seed, enriched=True)
            save_cohort(cohort, file, key)
            print(f"{file.name}: {n} patients", file=sys.stderr)  # noqa: T201
        written.append(file)
    for file in place.glob("*.npz"):
        if file not in written:
            file.unlink()
    return written


if __name__ == "__main__":
    ship_pools()
