"""Jobs of Slurm, through submitit."""

import pickle
from concurrent.futures import Future
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Any

from oestra.core.errors import InputError, unknown_name
from oestra.work.call import tried_letter_beside
from oestra.work.crew import Lost
from oestra.work.parcel import Parcel
from oestra.work.parts_folder import write_parts

__all__ = ["Slurm", "slurm_options"]

_OPTIONS = {
    "partition": "slurm_partition",
    "account": "slurm_account",
    "constraint": "slurm_constraint",
    "minutes": "timeout_min",
    "gigabytes": "mem_gb",
    "jobs": "slurm_array_parallelism",
}
_NUMBERS = {"minutes": 60, "gigabytes": 4, "jobs": 64}
_MOST = 100_000
_LOOK = 0.5


def slurm_options(text: str) -> dict[str, Any]:
    """Read the options of ``--slurm``.

    Parameters
    ----------
    text : str
        Such as ``partition=short,minutes=30``; ``default`` for none.

    Returns
    -------
    dict
        As submitit names them.

    Raises
    ------
    InputError
        If one is unknown, or a number is none.

    Examples
    --------
    >>> slurm_options("partition=short,minutes=30")["timeout_min"]
    30
    """
    found: dict[str, Any] = {_OPTIONS[k]: number for k, number in _NUMBERS.items()}
    for word in text.split(",") if text != "default" else ():
        name, sign, value = (part.strip() for part in word.partition("="))
        if not sign or not value:
            raise InputError(
                f"--slurm takes NAME=VALUE,... or 'default', got {word.strip()!r}."
            )
        if name not in _OPTIONS:
            raise unknown_name("option of --slurm", name, _OPTIONS)
        if name in _NUMBERS:
            known = value.isascii() and value.isdigit() and len(value) <= 9
            if not known or not 1 <= int(value) <= _MOST:
                raise InputError(
                    f"--slurm {name} is a whole number from 1 to {_MOST:,}, got "
                    f"{value!r}."
                )
        found[_OPTIONS[name]] = int(value) if name in _NUMBERS else value
    return found


class Slurm:
    """One job a call, as an array of Slurm would run them.

    Parameters
    ----------
    folder : Path
        Which all machines share: calls, results and logs of the jobs.
    options : dict
        As `slurm_options` returns them.
    scheduler : str
        ``slurm``, or ``local`` for processes that stand for it.

    Raises
    ------
    InputError
        If submitit is not installed, or this machine has no Slurm.
    """

    def __init__(
        self, folder: Path, options: dict[str, Any], scheduler: str = "slurm"
    ) -> None:
        try:
            from submitit import AutoExecutor  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise InputError(
                "--slurm needs submitit; 'pip install oestra[slurm]' brings it."
            ) from error
        self._folder = folder.absolute()
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._executor = AutoExecutor(folder=self._folder, cluster=scheduler)
        except RuntimeError as error:
            raise InputError(
                "--slurm needs the commands of Slurm (srun, sbatch), and this machine "
                "has none; run it on a login node."
            ) from error
        own = {k: v for k, v in options.items() if not k.startswith("slurm_")}
        self._executor.update_parameters(**(options if scheduler == "slurm" else own))
        self.size = int(options.get("slurm_array_parallelism", 1))
        self._lock = RLock()
        self._jobs: dict[Any, Future[bytes]] = {}
        self._ended = Event()
        self._watcher = Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def send(self, of: str, parcel: Parcel, parts: dict[str, bytes]) -> Future[bytes]:
        """Send a call as a job; `Lost` tells that its node went away."""
        outer: Future[bytes] = Future()
        with self._lock:
            write_parts(self._folder, parts)
            job = self._executor.submit(
                tried_letter_beside, of, parcel.letter, str(self._folder)
            )
            self._jobs[job] = outer
        return outer

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK):
            with self._lock:
                done = [job for job in self._jobs if job.done()]
                ready = [(job, self._jobs.pop(job)) for job in done]
            for job, outer in ready:
                self._settle(job, outer)

    def _settle(self, job: Any, outer: Future[bytes]) -> None:
        try:
            well, data = job.result()
        except Exception:  # noqa: BLE001 - whatever ended it, its node or the queue
            outer.set_exception(Lost(f"job {job.job_id} ended as {job.state}"))
            return
        if well:
            outer.set_result(data)
        else:
            outer.set_exception(pickle.loads(data))  # noqa: S301 - of our own job

    def close(self, *, at_once: bool) -> None:
        """Take back the jobs that are not wanted any more."""
        del at_once
        self._ended.set()
        self._watcher.join()
        with self._lock:
            for job in self._jobs:
                job.cancel(check=False)
            self._jobs.clear()
