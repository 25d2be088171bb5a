"""Simulations that do not depend on each other, side by side in processes."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from oestra.calibration.workers import worker_pool
from oestra.core.progress import Progress
from oestra.work.each import Workers, in_order

__all__ = ["run_all"]

T = TypeVar("T")


def run_all(
    function: Callable[..., T],
    calls: Sequence[tuple[Any, ...]],
    *,
    workers: Workers,
    what: str,
    progress: Progress,
) -> list[T]:
    """Call a function many times, side by side.

    Parameters
    ----------
    function : callable
        A function of a module.
    calls : sequence of tuple
        Arguments of each call, which can be pickled.
    workers : int or Executor
        Processes to start, or who does the work; the result does not depend on it.
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
        If a task is lost again and again with its worker.
    """
    told = f"Simulating {what}"
    progress(told, 0, len(calls))
    found: list[T] = []
    with worker_pool(workers) as pool, in_order(pool, function, calls) as results:
        for result in results:
            found.append(result)
            progress(told, len(found), len(calls))
    return found
