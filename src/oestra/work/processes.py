"""Worker processes of this machine, which end with their parent, and quietly.

Where processes can be forked, one process loads what the workers need and they are
forked from it, so that it is loaded once; it runs nothing and has no threads of ours.
"""

import os
import signal
from collections.abc import Callable, Generator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import get_all_start_methods, get_context, parent_process
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import RLock, Thread, current_thread, main_thread
from typing import Any

from oestra.work.call import alone, run_letter_beside
from oestra.work.crew import Lost
from oestra.work.parcel import Parcel
from oestra.work.parts_folder import write_parts

__all__ = ["Processes", "load_beside"]


@contextmanager
def _interrupts_held() -> Generator[None]:
    """Keep interrupts waiting while a process starts, and start it deaf to Ctrl-C.

    A process whose parent stops in the midst of starting it would print what it lacks,
    and so would one that is still loading: the terminal sends Ctrl-C to all processes
    of a command. The parent gets it afterwards and ends its workers.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    with _handlers_waiting():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _handlers_waiting() -> Generator[None]:
    """Let the interrupts of this process come after the block.

    A mask is not enough: another thread may take the signal, and the main one acts.
    """
    if current_thread() is not main_thread():
        yield
        return
    caught: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _frame: caught.append(got))
        for number in (signal.SIGINT, signal.SIGTERM)
        if callable(signal.getsignal(number))
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if caught:
        signal.raise_signal(caught[0])


_FORKED = "forkserver" in get_all_start_methods()


def _begin(prepare: str, environment: dict[str, str]) -> None:
    """Make a process a worker: one thread, with what it will need loaded."""
    # The process it was forked from may be older than the environment.
    os.environ.clear()
    os.environ.update(environment)
    alone()
    Thread(target=_end_with_parent, daemon=True).start()
    if prepare:
        import_module(prepare)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ready() -> None:
    """Stand for a task, so that a process starts."""


def load_beside(prepare: str) -> None:
    """Start the process that workers are forked from, where there are such, once.

    Parameters
    ----------
    prepare : str
        Module that it loads, while this process goes on.
    """
    if not _FORKED:
        return
    from multiprocessing import forkserver  # noqa: PLC0415 - not on all systems

    with _interrupts_held():
        forkserver.set_forkserver_preload([prepare] if prepare else [])
        forkserver.ensure_running()


class _Pool(ProcessPoolExecutor):
    def __init__(self, count: int, prepare: str) -> None:
        super().__init__(
            count,
            mp_context=get_context("forkserver" if _FORKED else "spawn"),
            initializer=_begin,
            initargs=(prepare, dict(os.environ)),
        )

    def begin(self, count: int, prepare: str) -> None:
        """Let what the processes need be loaded, and wait for nothing."""
        if not _FORKED:
            for _ in range(count):
                self.submit(_ready)
            return
        load_beside(prepare)

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


class Processes:
    """Processes of one thread each; one that dies is replaced.

    Parameters
    ----------
    count : int
        How many.
    prepare : str
        Module that they load while the parent still prepares its tasks.
    """

    remedy = "if for lack of memory, run with fewer --workers"

    def __init__(self, count: int, prepare: str = "") -> None:
        self.size = count
        self._prepare = prepare
        self._lock = RLock()
        self._folder = Path(mkdtemp(prefix="oestra-"))
        self._closed = False
        self._pool = self._start()

    def _start(self) -> _Pool:
        pool = _Pool(self.size, self._prepare)
        pool.begin(self.size, self._prepare)
        return pool

    def send(self, of: str, parcel: Parcel, parts: dict[str, bytes]) -> Future[bytes]:
        """Send a call; `Lost` tells that a process died meanwhile."""
        outer: Future[bytes] = Future()
        with self._lock:
            write_parts(self._folder, parts)
            call = (run_letter_beside, of, parcel.letter, str(self._folder))
            pool = self._pool
            try:
                inner = pool.submit(*call)
            except BrokenProcessPool:
                pool = self._renewed(pool)
                inner = pool.submit(*call)

        def done(found: Future[bytes]) -> None:
            if found.cancelled():
                outer.cancel()
                return
            error = found.exception()
            if self._closed:
                outer.cancel()
                return
            if isinstance(error, BrokenProcessPool):
                self._renewed(pool)
                error = Lost("a process was ended from outside")
            if error is not None:
                outer.set_exception(error)
            else:
                outer.set_result(found.result())

        inner.add_done_callback(done)
        return outer

    def _renewed(self, broken: _Pool) -> _Pool:
        """Return processes in the place of those of which one died."""
        with self._lock:
            if self._pool is broken:
                broken.shutdown(wait=False, cancel_futures=True)
                self._pool = self._start()
            return self._pool

    def close(self, *, at_once: bool) -> None:
        """End the processes."""
        with self._lock:
            pool, self._closed = self._pool, True
        if at_once:
            pool.stop()
        pool.shutdown(wait=True, cancel_futures=True)
        with suppress(OSError):
            rmtree(self._folder)
