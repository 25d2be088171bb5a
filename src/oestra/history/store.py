"""Keep cohorts: the one that ships, and those a user has simulated."""

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import platformdirs

from oestra.core.archive import read_archive, write_archive
from oestra.core.errors import InputError
from oestra.core.library import library_of
from oestra.core.packed import pack, unpack
from oestra.core.parameter_set import ParameterSet
from oestra.history.cohort import Cohort, simulate_cohort
from oestra.history.cohort_size import COHORT_PATIENTS, COHORT_SEED
from oestra.history.version import HISTORIES, data_parts, used_parameters
from oestra.model.parameters import best_parameters
from oestra.work.each import Workers, in_order

__all__ = [
    "COHORT_PATIENTS",
    "COHORT_SEED",
    "ENSEMBLE_PATIENTS",
    "cohort_key",
    "load_cohort",
    "load_cohorts",
    "save_cohort",
    "shipped_pools",
    "stored_cohort",
]

ENSEMBLE_PATIENTS = 1_000
"""Patients whose lives are simulated for each parameter set of an ensemble."""
Progress = Callable[[int, int], None]
_FORMAT = 4
_READERS = 2
"""Threads that read what is kept, beside an executor."""


def cohort_key(n: int, parameters: ParameterSet, seed: int) -> str:
    """Return the fingerprint of a cohort: equal keys mean equal cohorts.

    It covers what patients depend on and nothing else: the version of the simulation,
    the cell's equations, the alterations, practice and its drugs, and the parameters
    that are read.
    """
    parts = (
        _FORMAT,
        n,
        seed,
        HISTORIES.version(),
        parameters.library.once(data_parts),
        used_parameters(parameters),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def shipped_pools() -> Path:
    """Return the folder of the pools that ship, each named by its key."""
    return Path(str(files("oestra.history"))) / "pools"


def save_cohort(cohort: Cohort, path: Path, key: str) -> None:
    """Write a cohort, whole or not at all.

    Parameters
    ----------
    cohort : Cohort
        What to keep.
    path : Path
        The file; a temporary one beside it is renamed to it.
    key : str
        Fingerprint to store.
    """
    tables = {}
    for name in ("covariates", "decisions"):
        buffer = io.BytesIO()
        getattr(cohort, name).to_parquet(buffer, compression="zstd")
        tables[name] = np.frombuffer(buffer.getvalue(), dtype=np.uint8)
    arrays = {
        "key": np.array(key),
        "seed": np.array(cohort.seed),
        "y": pack(cohort.y),
        "log_cells": cohort.log_cells,
        **tables,
    }
    write_archive(path, arrays, compress=True)


def _read(path: Path, key: str, parameters: ParameterSet) -> Cohort | None:
    """Read a cohort, or return None where there is none with this key.

    A file is read once a process, and remembered while it stays as it is.
    """
    try:
        state = path.stat()
    except OSError:
        return None
    found = _remembered(path, key, (state.st_mtime_ns, state.st_size))
    return None if found is None else replace(found, parameters=parameters)


@lru_cache(maxsize=32)
def _remembered(path: Path, key: str, _state: tuple[int, int]) -> Cohort | None:
    """Read a cohort with this key; which parameters are its own the key says."""
    try:
        if str(read_archive(path, only={"key"})["key"]) != key:
            return None
        stored = read_archive(path)
        tables = {
            name: pd.read_parquet(io.BytesIO(stored[name].tobytes()))
            for name in ("covariates", "decisions")
        }
        return Cohort(
            parameters=ParameterSet({}),
            seed=int(stored["seed"]),
            covariates=tables["covariates"],
            decisions=tables["decisions"],
            y=unpack(stored["y"].astype(np.uint8)),
            log_cells=stored["log_cells"].astype(np.float64),
        )
    except (InputError, KeyError, ValueError):
        # A file that was cut short or altered is simulated anew.
        return None


def load_cohort(
    parameters: ParameterSet | None = None,
    *,
    n: int = COHORT_PATIENTS,
    seed: int = COHORT_SEED,
    workers: Workers = 2,
) -> Cohort:
    """Return a cohort: as shipped, from the user's cache, or simulated and cached.

    Parameters
    ----------
    parameters : ParameterSet, optional
        The model's parameters, by default those that ship.
    n : int
        Patients simulated.
    seed : int
        Seed of their lives.
    workers : int or Executor
        Threads, or who does the work.

    Returns
    -------
    Cohort
        The pool.
    """
    chosen = parameters or best_parameters(library_of())
    found = stored_cohort(chosen, n=n, seed=seed)
    if found is not None:
        return found
    cohort = simulate_cohort(n, chosen, seed=seed, workers=workers, enriched=True)
    key = cohort_key(n, chosen, seed)
    try:
        save_cohort(cohort, _cached(key), key)
    except OSError:
        # A cache that cannot be written costs time, not correctness.
        return cohort
    return cohort


def stored_cohort(
    parameters: ParameterSet, *, n: int = COHORT_PATIENTS, seed: int = COHORT_SEED
) -> Cohort | None:
    """Return a cohort that ships or was kept, or None where it must be simulated.

    Parameters
    ----------
    parameters : ParameterSet
        The model's parameters, which know their library.
    n, seed : int
        As `load_cohort` takes them.

    Returns
    -------
    Cohort or None
        The pool.
    """
    key = cohort_key(n, parameters, seed)
    shipped = shipped_pools() / f"{key[:16]}.npz"
    found = (_read(path, key, parameters) for path in (shipped, _cached(key)))
    return next((one for one in found if one is not None), None)


def _cached(key: str) -> Path:
    return Path(platformdirs.user_cache_dir("oestra")) / f"cohort-{key[:16]}.npz"


def load_cohorts(
    sets: Sequence[ParameterSet],
    *,
    n: int = ENSEMBLE_PATIENTS,
    seed: int = COHORT_SEED,
    workers: Workers = 2,
    progress: Progress | None = None,
) -> tuple[Cohort, ...]:
    """Return one cohort a parameter set, each of patients of its own.

    Together they are a larger population than one of them, so that what an average
    over them predicts depends little on who happens to live in it.

    Parameters
    ----------
    sets : sequence of ParameterSet
        The model's parameters, such as those of `ensemble_parameters`.
    n : int
        Patients simulated for each set.
    seed : int
        Seed of the lives of the first cohort; each further one has the next.
    workers : int or Executor
        Threads, or who does the work.
    progress : callable, optional
        Called with cohorts ready and all.

    Returns
    -------
    tuple of Cohort
        The pools, in the order of the sets.
    """

    def load(index: int) -> Cohort:
        each = 1 if isinstance(workers, int) else workers
        return load_cohort(sets[index], n=n, seed=seed + index, workers=each)

    def look(index: int) -> Cohort | None:
        return stored_cohort(sets[index], n=n, seed=seed + index)

    # What is kept is read side by side. Of the others there are few, and an executor
    # shares the patients of each.
    threads, read = (workers, load) if isinstance(workers, int) else (_READERS, look)
    found: list[Cohort] = []
    with in_order(threads, read, ((index,) for index in range(len(sets)))) as results:
        for index, cohort in enumerate(results):
            found.append(load(index) if cohort is None else cohort)
            if progress is not None:
                progress(len(found), len(sets))
    return tuple(found)
