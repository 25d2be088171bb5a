"""An executor whose tasks have names: found again where they were done, else sent."""

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from hashlib import blake2b
from threading import RLock
from types import TracebackType
from typing import Any, Protocol

from oestra.core.errors import OestraError
from oestra.work.parcel import Parcel, Parcels
from oestra.work.release import release
from oestra.work.store import Store

__all__ = ["Crew", "Hands", "Lost"]

_TRIES = 3


class Lost(Exception):  # noqa: N818 - what happened to the task, not a fault of it
    """A worker or its scheduler went away before a task was done."""


class Hands(Protocol):
    """Who runs calls: processes, a cluster, a queue."""

    size: int
    """How many calls they run at once, as far as is known."""
    remedy: str
    """What to do when a task is lost again and again."""

    def send(self, of: str, parcel: Parcel, parts: dict[str, bytes]) -> Future[bytes]:
        """Send a call.

        Parameters
        ----------
        of : str
            Release of this command.
        parcel : Parcel
            The call.
        parts : dict of str to bytes
            The large parts it names.

        Returns
        -------
        Future
            Of the pickled result; `Lost` where it has to be sent again.
        """
        ...

    def close(self, *, at_once: bool) -> None:
        """Let the workers go, at once where their work is not wanted any more."""
        ...


class Crew(Executor):
    """Runs tasks of equal input once, wherever its hands are.

    Parameters
    ----------
    hands : Hands
        Who runs what is not found.
    store : Store, optional
        Where results are kept and found again.
    warn : callable
        Told once if the store takes no more results; the run goes on.

    Notes
    -----
    A task is named by the hash of its function, its arguments and the release, so that
    one name has one result. Functions are those of modules, as for processes.
    """

    def __init__(
        self,
        hands: Hands,
        store: Store | None = None,
        warn: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self.size = hands.size
        self._hands, self._store, self._warn = hands, store, warn
        self._parcels = Parcels()
        self._lock = RLock()
        self._full = False

    def submit(
        self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Return the future of a call; one that was done before is done already."""
        if kwargs:
            raise TypeError("tasks take arguments by place")
        outer: Future[Any] = Future()
        with self._lock:
            name = self._name(fn, args)
            kept = self._kept(name)
            if kept is not None:
                outer.set_result(pickle.loads(kept))  # noqa: S301 - the user's own store
                return outer
            parcel = self._parcels.pack((fn, args))
        self._send(name, parcel, outer, 1)
        return outer

    def _name(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
        if self._store is None:
            return ""
        text = f"{release()}:{self._parcels.fingerprint((function, arguments))}"
        return blake2b(text.encode(), digest_size=32).hexdigest()

    def _kept(self, name: str) -> bytes | None:
        if self._store is None:
            return None
        try:
            return self._store.get(name)
        except OSError:
            return None

    def _send(self, name: str, parcel: Parcel, outer: Future[Any], tries: int) -> None:
        if outer.cancelled():
            return
        with self._lock:
            parts = {part: self._parcels.parts[part] for part in parcel.parts}
        try:
            inner = self._hands.send(release(), parcel, parts)
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            outer.set_exception(error)
            return

        def done(found: Future[bytes]) -> None:
            self._finish(found, name, parcel, outer, tries)

        inner.add_done_callback(done)

    def _finish(
        self,
        found: Future[bytes],
        name: str,
        parcel: Parcel,
        outer: Future[Any],
        tries: int,
    ) -> None:
        if found.cancelled():
            outer.cancel()
            return
        error = found.exception()
        if isinstance(error, Lost):
            if tries < _TRIES:
                self._send(name, parcel, outer, tries + 1)
                return
            error = OestraError(
                f"A task was lost {_TRIES} times with its worker ({error}); "
                f"{self._hands.remedy}."
            )
        if outer.cancelled():
            return
        if error is not None:
            outer.set_exception(error)
            return
        data = found.result()
        self._keep(name, data)
        outer.set_result(pickle.loads(data))  # noqa: S301 - of a worker of this command

    def _keep(self, name: str, data: bytes) -> None:
        if self._store is None or self._full:
            return
        try:
            self._store.put(name, data)
        except OSError as error:
            self._full = True
            reason = error.strerror or str(error) or type(error).__name__
            self._warn(
                f"The store takes no more results ({reason}); the run goes on, but "
                "what follows is not kept."
            )

    def shutdown(
        self,
        wait: bool = True,  # noqa: FBT001, FBT002 - as every executor
        *,
        cancel_futures: bool = False,
    ) -> None:
        """Let the workers go."""
        self._hands.close(at_once=cancel_futures or not wait)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the workers go; at once if the block failed or was interrupted."""
        self._hands.close(at_once=kind is not None)
