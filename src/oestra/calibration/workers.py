"""Worker processes that end with their parent, and quietly."""

import os
import signal
from collections.abc import Callable, Generator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from oestra.core.errors import OestraError
from oestra.solve.call import THREADS

__all__ = ["worker_pool"]


class _Pool(ProcessPoolExecutor):
    """Processes to which an interrupt of the terminal is not for them."""

    def submit(
        self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Hand over a call; a process that starts for it inherits held interrupts."""
        with _interrupts_held():
            return super().submit(fn, *args, **kwargs)

    def stop(self) -> None:
        """End the processes at once, whatever they are at."""
        for process in list((self._processes or {}).values()):
            process.terminate()


@contextmanager
def _interrupts_held() -> Generator[None]:
    """Keep Ctrl-C waiting while a process starts.

    The terminal sends it to all processes of a command; one that is still loading
    would print where it was. The parent gets it afterwards and ends its workers.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def worker_pool(count: int) -> Generator[ProcessPoolExecutor]:
    """Yield processes of one thread each; what they still had to do is dropped.

    Raises
    ------
    OestraError
        If a process was ended from outside.
    """
    with _Pool(count, mp_context=get_context("spawn"), initializer=_alone) as pool:
        try:
            yield pool
        except BrokenProcessPool as error:
            raise OestraError(
                "A process was ended from outside, perhaps for lack of memory; run "
                "with fewer --workers."
            ) from error
        except BaseException:
            pool.stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _alone() -> None:
    """Keep a worker to one thread: the workers share the cores already."""
    os.environ[THREADS] = "1"
