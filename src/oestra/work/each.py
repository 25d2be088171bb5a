"""Many calls of one function, their results in order, and few of them ahead."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, TypeVar

from oestra.solve.workers import in_threads

__all__ = ["Workers", "in_order"]

T = TypeVar("T")
Workers = int | Executor
"""Threads of this process, or an executor; no result depends on which."""
_FEW = 2
"""Calls an executor is taken to run at once, where it does not tell."""


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
        with (
            in_threads(workers) as threads,
            in_order(threads, function, calls) as found,
        ):
            yield found
        return
    with closing(_results(workers, function, calls)) as found:
        yield found


def _results(
    executor: Executor,
    function: Callable[..., T],
    calls: Iterable[tuple[Any, ...]],
) -> Generator[T]:
    ahead = 4 * getattr(executor, "size", _FEW)
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
