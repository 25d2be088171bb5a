"""Many calls of one function, their results in order, and few of them ahead."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from oestra.solve.workers import in_threads

__all__ = ["Workers", "in_order", "runs_apart"]

T = TypeVar("T")
Workers = int | Executor
"""Threads of this process, or an executor; no result depends on which."""
_LEAST_AHEAD = 8


def runs_apart(workers: Workers) -> bool:
    """Tell whether calls leave this process, so that what they take is sent."""
    return not isinstance(workers, int)


@contextmanager
def in_order(
    workers: Workers, function: Callable[..., T], calls: Iterable[tuple[Any, ...]]
) -> Generator[Generator[T]]:
    """Yield the results of calls in their order.

    Parameters
    ----------
    workers : int or Executor
        Threads, or who runs the calls.
    function : callable
        A function of a module, where an executor runs it elsewhere.
    calls : iterable of tuple
        Arguments of each call.

    Yields
    ------
    generator
        Of the results. When the block ends, calls that have not begun are dropped.
    """
    if isinstance(workers, int):
        with in_threads(workers) as threads:
            yield _results(threads, workers, function, calls)
        return
    size = getattr(workers, "size", _LEAST_AHEAD)
    results = _results(workers, size, function, calls)
    try:
        yield results
    finally:
        results.close()


def _results(
    executor: Executor,
    size: int,
    function: Callable[..., T],
    calls: Iterable[tuple[Any, ...]],
) -> Generator[T]:
    ahead = max(_LEAST_AHEAD, 4 * size)
    coming = iter(calls)
    waiting: deque[Future[T]] = deque()
    try:
        for call in islice(coming, ahead):
            waiting.append(executor.submit(function, *call))
        while waiting:
            result = waiting.popleft().result()
            for call in islice(coming, 1):
                waiting.append(executor.submit(function, *call))
            yield result
    finally:
        for future in waiting:
            future.cancel()
