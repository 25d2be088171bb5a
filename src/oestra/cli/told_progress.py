"""Progress where nobody watches a bar: a line a while, with the time left."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Lock, Thread

__all__ = ["ToldProgress", "told_progress"]

EVERY = 15.0
"""Seconds between lines."""


class ToldProgress:
    """Takes steps as they are done and tells now and then how far it is.

    Parameters
    ----------
    write : callable
        Takes a line.
    clock : callable
        Returns seconds.
    every : float
        Least seconds between lines.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        every: float = EVERY,
    ) -> None:
        self._write, self._clock, self._every = write, clock, every
        self._lock = Lock()
        self._what, self._done, self._total = "", 0, 0
        self._began = self._told = self._advanced = clock()
        self._first = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note of what is being done, steps done, and of how many."""
        with self._lock:
            if total != self._total or done < self._done:
                self._first, self._began = done, self._clock()
            if total != self._total or done != self._done:
                self._advanced = self._clock()
            self._what, self._done, self._total = what, done, total
        self.tell()

    def tell(self) -> None:
        """Write a line if the last is long enough ago."""
        with self._lock:
            now = self._clock()
            if not self._what or now - self._told < self._every:
                return
            self._told = now
            line = self._line(now - self._began)
        self._write(line)

    def _line(self, spent: float) -> str:
        steps = f": {self._done:,} of {self._total:,}" if self._total > 1 else ""
        done = self._done - self._first
        if done > 0 and self._done < self._total:
            # The next step may end now, or as late as those before.
            since = spent - (self._advanced - self._began)
            ahead = self._total - self._done
            left = max(
                (spent - since) * ahead / done - since,
                spent * (ahead - 1) / (done + 1),
            )
            return f"{self._what}{steps}, about {_duration(left)} left"
        return f"{self._what}{steps}, for {_duration(spent)}"


def _duration(seconds: float) -> str:
    """Write a time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


@contextmanager
def told_progress() -> Generator[ToldProgress]:
    """Tell progress on standard error while the block runs, also during long steps."""
    told = ToldProgress(lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201
    done = Event()

    def watch() -> None:
        while not done.wait(EVERY):
            told.tell()

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield told
    finally:
        done.set()
        watcher.join()
