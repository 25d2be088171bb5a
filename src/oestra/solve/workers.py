"""Threads that each run work of their own, without starting more for the solver."""

import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import local

__all__ = ["in_threads", "threads_here"]

_OWN = local()
_TURN_SECONDS = 2e-4
"""How long a thread that comes back from the solver waits for its turn at most; with
Python's own 5 ms, threads that call the solver often mostly wait."""


def threads_here() -> int | None:
    """Return how many threads the solver may start in this one; None for no rule."""
    return getattr(_OWN, "count", None)


def _share() -> None:
    """Keep the solver to the thread it was called in: others share the cores."""
    _OWN.count = 1


@contextmanager
def _dropped(pool: ThreadPoolExecutor) -> Generator[None]:
    """Drop what has not begun if the block fails; a pool would wait for it."""
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


@contextmanager
def in_threads(count: int) -> Generator[ThreadPoolExecutor]:
    """Yield threads that share the cores among them; no result depends on how many.

    When the block ends by an error or an interrupt, work that has not begun is dropped.

    Parameters
    ----------
    count : int
        How many. One leaves the cores to the solver.

    Yields
    ------
    ThreadPoolExecutor
        Where to run the work.
    """
    if count <= 1:
        with ThreadPoolExecutor(1) as pool, _dropped(pool):
            yield pool
        return
    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, _TURN_SECONDS))
    try:
        with ThreadPoolExecutor(count, initializer=_share) as pool, _dropped(pool):
            yield pool
    finally:
        sys.setswitchinterval(usual)
