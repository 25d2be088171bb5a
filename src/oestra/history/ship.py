"""Simulate the cohort that ships: ``python -m oestra.history.ship``.

To be run after every change of the best parameters, or of the code and data that a
cohort depends on; a cohort of another state of the package is not used.
"""

from importlib.resources import files
from pathlib import Path

from oestra.history.cohort import simulate_cohort
from oestra.history.store import (
    COHORT_PATIENTS,
    COHORT_SEED,
    SHIPPED,
    cohort_key,
    save_cohort,
)
from oestra.model.parameters import best_parameters

__all__ = ["ship_cohort"]


def ship_cohort(path: Path | None = None) -> Path:
    """Simulate the cohort of the best parameters and write it.

    Parameters
    ----------
    path : Path, optional
        The file; by default the one the package reads.

    Returns
    -------
    Path
        Where it was written.
    """
    target = path or Path(str(files("oestra.history"))) / SHIPPED
    best = best_parameters()
    cohort = simulate_cohort(COHORT_PATIENTS, best, seed=COHORT_SEED, enriched=True)
    save_cohort(cohort, target, cohort_key(COHORT_PATIENTS, best, COHORT_SEED))
    return target


if __name__ == "__main__":
    ship_cohort()
