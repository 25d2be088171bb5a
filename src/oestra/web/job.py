"""Work in the background: few jobs, taken fairly, freed when nobody looks any more."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from oestra.core.errors import InputError, OestraError, unknown_name

__all__ = ["Job", "JobState", "Jobs", "StoppedError"]

Tell = Callable[[Any, float], None]
"""Takes what is known so far and the share done; raises `StoppedError` to end it."""
Work = Callable[[Tell], None]
_WAITING, _KEPT = 12, 24
_SIDE_BY_SIDE = 3
"""Jobs begun and not over: three people at once wait for no more than a step."""
_PATIENCE = 20.0
"""Seconds without a look after which a job is nobody's."""


class JobState(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class StoppedError(OestraError):
    """A job that was stopped, or that nobody looks at any more."""


@dataclass(slots=True, kw_only=True)
class Job:
    """One piece of work.

    Parameters
    ----------
    id : str
        What only who asked for it knows.
    client : str
        Who asked: one tab.
    work : callable
        Does it, and tells what it knows so far.
    """

    id: str
    client: str
    work: Work | None
    state: JobState = JobState.WAITING
    share: float = 0.0
    result: Any = None
    error: str = ""
    seen: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)

    def stop(self) -> None:
        """Stop it where it can next be stopped."""
        if self.state is JobState.WAITING:
            self.work = None
        if not self.over:
            self.state = JobState.STOPPED


class Jobs:
    """A bounded, fair queue, of which one job works at a time.

    Every client has one job: a new one takes the place of the one before. Three jobs
    are under way at most, and pass the turn to work on wherever one tells how far it
    is, so that a short one is not kept by a long one. A job that nobody asked about for
    20 seconds is stopped: its tab was closed.

    Parameters
    ----------
    clock : callable, optional
        Seconds, ascending; for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Condition()
        self._served: list[str] = []
        self._turns: list[Job] = []
        """Jobs under way; the first of them works."""
        self._threads: list[threading.Thread] = []
        self._closing = False

    def submit(self, client: str, work: Work) -> Job:
        """Take a job.

        Raises
        ------
        InputError
            If too many wait already.
        """
        with self._lock:
            for job in self._jobs.values():
                if job.client == client:
                    job.stop()
            self._forget()
            waiting = sum(not job.over for job in self._jobs.values())
            if waiting >= _WAITING:
                raise InputError(
                    f"{waiting} calculations wait already; try again in a minute."
                )
            job = Job(
                id=secrets.token_urlsafe(12),
                client=client,
                work=work,
                seen=self._clock(),
            )
            self._jobs[job.id] = job
            if len(self._threads) < _SIDE_BY_SIDE:
                thread = threading.Thread(target=self._run, daemon=True)
                self._threads.append(thread)
                thread.start()
            self._lock.notify_all()
            return job

    def look(self, name: str) -> Job:
        """Return a job, and note that somebody looks at it.

        Raises
        ------
        InputError
            If there is none of this name, or it was forgotten.
        """
        with self._lock:
            if name not in self._jobs:
                raise unknown_name("calculation", name, (), where="this page")
            job = self._jobs[name]
            job.seen = self._clock()
            return job

    def stop(self, name: str) -> Job:
        """Stop a job."""
        job = self.look(name)
        with self._lock:
            job.stop()
            self._lock.notify_all()
        return job

    def close(self) -> None:
        """Stop all and let the worker end."""
        with self._lock:
            self._closing = True
            for job in self._jobs.values():
                job.stop()
            self._lock.notify_all()
        for thread in self._threads:
            thread.join(timeout=5.0)

    def _forget(self) -> None:
        """Forget the oldest that are over."""
        over = [name for name, job in self._jobs.items() if job.over]
        for name in over[: max(0, len(over) - _KEPT)]:
            del self._jobs[name]

    def _abandoned(self, job: Job) -> bool:
        return self._clock() - job.seen > _PATIENCE

    def _next(self) -> Job | None:
        """Return the first waiting job of the client who was served longest ago."""
        for job in self._waiting():
            if self._abandoned(job):
                job.stop()
        waiting = self._waiting()
        if not waiting:
            return None
        order = {client: place for place, client in enumerate(self._served)}
        job = min(waiting, key=lambda one: order.get(one.client, -1))
        self._served = [c for c in self._served if c != job.client][-_KEPT:]
        self._served.append(job.client)
        return job

    def _waiting(self) -> list[Job]:
        """Return jobs that no thread has taken yet."""
        return [
            one
            for one in self._jobs.values()
            if one.state is JobState.WAITING and one not in self._turns
        ]

    def _run(self) -> None:
        while True:
            with self._lock:
                job = self._next()
                while job is None and not self._closing:
                    self._lock.wait(timeout=1.0)
                    job = self._next()
                if job is None or self._closing:
                    return
                self._turns.append(job)
            self._do(job)

    def _await_turn(self, job: Job) -> None:
        """Wait, holding the lock, until a job may work; raise where it shall not."""
        while self._turns[0] is not job and not (job.over or self._abandoned(job)):
            self._lock.wait(timeout=1.0)
        if job.over or self._abandoned(job):
            raise StoppedError("Stopped.")

    def _teller(self, job: Job) -> Tell:
        def tell(result: Any, share: float) -> None:
            with self._lock:
                if job.over or self._abandoned(job):
                    raise StoppedError("Stopped.")
                job.result = job.result if result is None else result
                job.share = share
                self._turns.remove(job)
                self._turns.append(job)
                self._lock.notify_all()
                self._await_turn(job)

        return tell

    def _do(self, job: Job) -> None:
        work, job.error = job.work, ""
        try:
            with self._lock:
                self._await_turn(job)
                job.state = JobState.RUNNING
            if work is not None:
                work(self._teller(job))
        except StoppedError:
            job.stop()
        except Exception as error:  # noqa: BLE001 - a fault must not end the worker
            job.error, job.state = _told(error), JobState.FAILED
        with self._lock:
            if job.state is JobState.RUNNING:
                job.share, job.state = 1.0, JobState.DONE
            job.work = None
            self._turns.remove(job)
            self._lock.notify_all()


def _told(error: Exception) -> str:
    """Say what a person can do something about."""
    if isinstance(error, OestraError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory; ask for less at once."
    return f"This could not be calculated ({type(error).__name__})."
