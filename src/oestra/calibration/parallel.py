"""Simulations that do not depend on each other, side by side in processes."""

from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from oestra.calibration.workers import worker_pool
from oestra.core.errors import OestraError
from oestra.core.progress import Progress

__all__ = ["run_all"]

T = TypeVar("T")


def run_all(
    calls: Sequence[Callable[[], T]], *, workers: int, what: str, progress: Progress
) -> list[T]:
    """Call every function in a pool of processes.

    Parameters
    ----------
    calls : sequence of callable
        What to run; each can be pickled.
    workers : int
        Processes; the result does not depend on it.
    what : str
        What one call is done for, as people are told, in the plural.
    progress : callable
        Told what is done, how many and of how many.

    Returns
    -------
    list
        What each returned, in their order.

    Raises
    ------
    OestraError
        If a process was ended from outside.
    """
    told = f"Simulating {what}"
    progress(told, 0, len(calls))
    found: list[T] = []
    with worker_pool(workers) as pool:
        try:
            for future in [pool.submit(call) for call in calls]:
                found.append(future.result())
                progress(told, len(found), len(calls))
        except BrokenProcessPool as error:
            raise OestraError(
                f"A process was ended from outside after {len(found)} of {len(calls)} "
                f"{what}, perhaps for lack of memory; run with fewer --workers."
            ) from error
    return found
