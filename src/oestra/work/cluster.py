"""Workers of a Dask cluster."""

import time
from concurrent.futures import Future
from importlib.util import find_spec
from threading import RLock
from typing import TYPE_CHECKING, Any

from oestra.core.errors import InputError, OestraError
from oestra.work.call import run_letter
from oestra.work.crew import Lost
from oestra.work.parcel import Parcel

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

__all__ = ["Cluster"]

_LOCAL = "local:"
_MOST_LOCAL = 1024
_PATIENCE = 120.0
"""Seconds that a scheduler may take to come back."""


class Cluster:
    """Workers of a Dask scheduler.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.5:8786``; ``local:4`` starts one on
        this machine, with four workers.
    timeout : float
        Seconds to wait for an answer.

    Raises
    ------
    InputError
        If Dask is not installed, or nobody answers there.
    """

    remedy = "if for lack of memory, give its workers more"

    def __init__(self, address: str, timeout: float = 10.0) -> None:
        if find_spec("distributed") is None:
            raise InputError(
                "--cluster needs Dask; 'pip install oestra[cluster]' brings it."
            )
        self._lock = RLock()
        self._own: LocalCluster | None = None
        self._parts: dict[str, Any] = {}
        self._timeout = timeout
        self.address = self._reach(address)
        self._client = self._connect()
        self.size = max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    def _reach(self, address: str) -> str:
        """Return the address of a scheduler, starting one where that is asked for."""
        if not address.startswith(_LOCAL):
            return address
        count = address.removeprefix(_LOCAL)
        if not (count.isascii() and count.isdigit() and 1 <= int(count) <= _MOST_LOCAL):
            raise InputError(
                f"--cluster {address!r}: local:N starts N workers, from 1 to "
                f"{_MOST_LOCAL}."
            )
        from distributed import LocalCluster  # noqa: PLC0415 - an extra

        self._own = LocalCluster(
            n_workers=int(count),
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0",
            silence_logs=50,
        )
        return self._own.scheduler_address

    def _connect(self) -> "Client":
        from distributed import Client  # noqa: PLC0415 - an extra

        try:
            return Client(self.address, timeout=self._timeout, set_as_default=False)
        except (OSError, ValueError, TypeError, TimeoutError) as error:
            raise InputError(
                f"No Dask scheduler answers at {self.address!r}; an address is such as "
                "'tcp://10.0.0.5:8786', and 'local:2' starts one here."
            ) from error

    def send(self, of: str, parcel: Parcel, parts: dict[str, bytes]) -> Future[bytes]:
        """Send a call; `Lost` tells that the worker or the scheduler went away."""
        outer: Future[bytes] = Future()
        with self._lock:
            client = self._running()
            for name, data in parts.items():
                if name not in self._parts:
                    self._parts[name] = client.scatter(data, hash=False)
            sent = {name: self._parts[name] for name in parts}
            inner: Any = client.submit(
                run_letter, of, parcel.letter, sent, pure=False, retries=0
            )

        def done(found: Any) -> None:
            if found.status == "finished":
                try:
                    outer.set_result(found.result(timeout=self._timeout * 6))
                except Exception as error:  # noqa: BLE001 - whatever the network does
                    outer.set_exception(Lost(str(error)))
                return
            outer.set_exception(self._why(found, client))

        inner.add_done_callback(done)
        return outer

    def _why(self, found: Any, client: "Client") -> BaseException:
        """Return why a call has no result."""
        if found.status == "error":
            error = found.exception()
            if type(error).__name__ != "KilledWorker":
                return error
        with self._lock:
            # What was scattered may be gone with the worker that held it.
            if self._client is client:
                self._parts.clear()
        return Lost("a worker of the cluster, or its scheduler, went away")

    def _running(self) -> "Client":
        """Return a client that is connected, waiting for a scheduler that restarts."""
        until = time.monotonic() + _PATIENCE
        while self._client.status != "running":
            if time.monotonic() > until:
                raise OestraError(
                    f"The Dask scheduler at {self.address!r} went away and did not "
                    "come back; what is in the --store is found again by the next run."
                )
            self._parts.clear()
            if self._client.status == "closed":
                try:
                    self._client = self._connect()
                except InputError:
                    time.sleep(1.0)
            else:
                time.sleep(0.2)
        return self._client

    def close(self, *, at_once: bool) -> None:
        """Let the workers go; a cluster of one's own ends."""
        del at_once
        with self._lock:
            self._client.close(timeout=5)
            if self._own is not None:
                self._own.close(timeout=5)
