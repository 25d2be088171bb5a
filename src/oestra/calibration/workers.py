"""Who evaluates parameter sets: processes, or an executor that was opened above."""

from collections.abc import Generator
from concurrent.futures import Executor
from contextlib import contextmanager

from oestra.work.crew import Crew
from oestra.work.each import Workers
from oestra.work.processes import Processes

__all__ = ["worker_pool"]


@contextmanager
def worker_pool(workers: Workers) -> Generator[Executor]:
    """Yield an executor; what it still had to do when the block fails is dropped.

    Parameters
    ----------
    workers : int or Executor
        Processes to start, or who does the work already.
    """
    if not isinstance(workers, int):
        yield workers
        return
    with Crew(Processes(workers)) as crew:
        yield crew
