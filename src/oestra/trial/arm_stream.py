"""Very many patients through one arm: parts side by side, straight to files."""

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from oestra.core.errors import OestraError
from oestra.solve import keep_to_this_thread
from oestra.trial.arm_folder import ArmFolder
from oestra.trial.arm_part import ArmPart, write_part

__all__ = ["follow_arm"]

Done = Callable[[int, int], None]


def follow_arm(
    folder: ArmFolder, *, workers: int = 1, progress: Done | None = None
) -> int:
    """Simulate the parts that a folder lacks, and write each as it is done.

    Memory does not grow with the number of patients. An interrupt waits for the parts
    that are being simulated, some seconds, and leaves all that are done.

    Parameters
    ----------
    folder : ArmFolder
        Where to write; opened.
    workers : int
        Processes; no result depends on it.
    progress : callable, optional
        Called with patients done and all.

    Returns
    -------
    int
        Patients that were there before.

    Raises
    ------
    OestraError
        If a process dies.
    """
    ahead = [part for part in folder.parts() if not folder.holds(part)]
    before = done = folder.patients - sum(part.count for part in ahead)
    tell = progress or (lambda _done, _all: None)
    tell(done, folder.patients)
    for count in _written(ahead, folder, min(workers, len(ahead))):
        done += count
        tell(done, folder.patients)
    return before


def _written(parts: list[ArmPart], folder: ArmFolder, workers: int) -> Iterator[int]:
    """Write parts and yield the patients of each."""
    if workers <= 1:
        for part in parts:
            yield write_part(part, folder.place(part))
        return
    with _processes(workers) as executor:
        yield from _through(executor, parts, folder, 2 * workers)


def _through(
    executor: Executor, parts: list[ArmPart], folder: ArmFolder, most: int
) -> Iterator[int]:
    """Keep an executor busy, with few parts waiting so that it stops soon."""
    waiting: deque[Future[int]] = deque()
    for part in parts:
        if len(waiting) >= most:
            yield waiting.popleft().result()
        waiting.append(executor.submit(write_part, part, folder.place(part)))
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _processes(count: int) -> Generator[Executor]:
    """Yield processes that end when the block does, or this process dies."""
    executor = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin
    )
    try:
        yield executor
    except BrokenProcessPool as error:
        raise OestraError(
            "A worker process died, perhaps for want of memory; what is done is kept, "
            "and the same command goes on. Ask for fewer --workers if it dies again."
        ) from error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Make a process fit for work: one thread, and deaf to the interrupt key."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_to_this_thread()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
