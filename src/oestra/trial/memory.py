"""How much memory a run will need, said before it starts."""

import os

from oestra.core.errors import InputError

__all__ = ["check_memory"]

_FOLLOWED, _KEPT = 55e3, 3e3
"""Bytes of a patient while she is followed, and of her rows in the result; measured
with trials of 1,000 to 100,000 patients."""


def physical_memory() -> float | None:
    """Return the bytes of memory of this machine, None where it does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return None


def check_memory(patients: int, replicates: int, workers: int) -> None:
    """Refuse a run that this machine has no memory for.

    Parameters
    ----------
    patients : int
        Patients of one replicate.
    replicates : int
        How often the trial is run.
    workers : int
        Replicates that run at a time.

    Raises
    ------
    InputError
        If more is needed than the machine has; names both.
    """
    at_once = min(workers, replicates)
    needed = patients * (_FOLLOWED * at_once + _KEPT * replicates)
    there = physical_memory()
    if there is not None and needed > there:
        raise InputError(
            f"{patients:,} patients in {replicates:,} replicates, {at_once} at a time, "
            f"need about {needed / 2**30:,.0f} GiB of memory, and this machine has "
            f"{there / 2**30:,.0f} GiB; ask for fewer patients, replicates or workers."
        )
