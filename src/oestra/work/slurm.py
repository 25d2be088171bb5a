"""Jobs of Slurm, through submitit."""

import os
import pickle
import secrets
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from threading import Event, RLock, Thread
from typing import Any

from oestra.core.errors import InputError, OestraError
from oestra.work.crew import Lost
from oestra.work.parcel import Parcel
from oestra.work.parts_folder import write_parts
from oestra.work.slurm_patience import KEPT, Patience
from oestra.work.slurm_queue import Silent, Standing, call_off, standings

__all__ = ["Slurm"]

_COMMANDS = ("sbatch", "squeue", "scancel", "srun")
_LOOK = 0.5
"""Seconds between looks at the folder."""
_ASK = 10.0
"""Seconds between questions to Slurm, which answers all its users."""
_LAG = 15.0
"""Seconds in which the result of a job that ended may still appear in the folder."""
_PATIENCE = 600.0
"""Seconds that Slurm may take to answer again; its jobs run meanwhile."""
_AT_ONCE = 8
"""Jobs handed over between two looks."""
_PASSING = ("contact", "timed out", "temporarily", "connect", "communication")
"""Words of a refusal that may be over soon."""


@dataclass(slots=True)
class _Sent:
    """A job on its way."""

    job: Any
    outer: Future[bytes]
    over: float | None = None
    """Since when Slurm says that it ended."""
    waits: str = ""
    """Why it waited when Slurm was last asked."""


class Slurm:
    """One job a call, few at once, as Slurm has room for them.

    Parameters
    ----------
    folder : Path
        Which all machines share; each run has a folder of its own there, for calls,
        results and logs; if it fails, the logs of jobs that failed are left.
    options : dict
        As `oestra.work.slurm_options.slurm_options` returns them.
    warn : callable
        Told what keeps jobs waiting, once each.

    Raises
    ------
    InputError
        If submitit is not installed, or this machine has no Slurm that answers.

    Notes
    -----
    Slurm keeps no accounts everywhere, so that a job's state is what ``squeue`` tells
    of it for some minutes after its end; a job without a result that ``squeue`` does
    not know any more is lost.
    """

    remedy = "if for lack of memory, give --slurm more gigabytes="

    def __init__(
        self,
        folder: Path,
        options: dict[str, Any],
        warn: Callable[[str], None] = lambda _text: None,
    ) -> None:
        _check_commands()
        from oestra.work.slurm_jobs import Jobs  # noqa: PLC0415 - an extra

        self._options, self._warn = options, warn
        self.size = int(options["jobs"])
        # Numbers of jobs come again, and what lies there of another is no result.
        self._folder = folder.absolute() / f"oestra-{secrets.token_hex(4)}"
        try:
            self._folder.mkdir(parents=True)
        except OSError as error:
            raise self._no_folder(error) from error
        self._jobs = Jobs(self._folder, options)
        self._lock = RLock()
        self._waiting: deque[tuple[str, Parcel, dict[str, bytes], Future[bytes]]]
        self._waiting = deque()
        # The watcher alone changes what follows.
        self._sent: dict[str, _Sent] = {}
        self._error: BaseException | None = None
        self._told: set[str] = set()
        self._logs: set[str] = set()
        self._next_question = 0.0
        self._next_job = 0.0
        self._asking, self._sending = Patience(_PATIENCE), Patience(_PATIENCE)
        self._ended, self._stir = Event(), Event()
        self._watcher = Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def send(self, of: str, parcel: Parcel, parts: dict[str, bytes]) -> Future[bytes]:
        """Send a call as a job; `Lost` tells that its node went away."""
        outer: Future[bytes] = Future()
        with self._lock:
            if self._error is not None:
                raise self._error
            self._waiting.append((of, parcel, parts, outer))
        self._stir.set()
        return outer

    def _watch(self) -> None:
        try:
            while not self._ended.is_set():
                self._collect()
                self._ask()
                self._hand_over()
                self._stir.wait(_LOOK)
                self._stir.clear()
        except OSError as error:
            self._give_up(self._no_folder(error))
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            self._give_up(error)

    def _no_folder(self, error: OSError) -> InputError:
        reason = error.strerror or type(error).__name__
        return InputError(
            f"The folder {str(self._folder.parent)!r}, which jobs of Slurm share, "
            f"cannot be used ({reason}); {KEPT}."
        )

    def _give_up(self, error: BaseException) -> None:
        """Tell all who wait that nothing more comes."""
        with self._lock:
            self._error = error
            outer = [sent.outer for sent in self._sent.values()]
            outer += [one[-1] for one in self._waiting]
            self._sent.clear()
            self._waiting.clear()
        for future in outer:
            future.set_exception(error)

    def _collect(self) -> None:
        """Settle the jobs whose results are there."""
        # To read the folder asks its server, where a look at a name may not.
        names = set(os.listdir(self._folder))  # noqa: PTH208 - names are enough
        for number, sent in list(self._sent.items()):
            if sent.job.paths.result_pickle.name in names:
                self._settle(number, self._sent.pop(number))

    def _settle(self, number: str, sent: _Sent) -> None:
        try:
            well, data = sent.job.result()
            error = None if well else pickle.loads(data)  # noqa: S301 - our own job's
        except Exception:  # noqa: BLE001 - it could not open its call, or we its result
            self._lose(number, sent, Standing("FAILED"))
            return
        self._remove(number)
        if error is None:
            sent.outer.set_result(data)
        else:
            sent.outer.set_exception(error)

    def _ask(self) -> None:
        """Ask Slurm now and then for jobs that ended without a result, or wait."""
        now = time.monotonic()
        if not self._sent or now < self._next_question:
            return
        try:
            found = standings()
        except Silent as error:
            self._asking.ill(str(error))
            return
        finally:
            self._next_question = time.monotonic() + _ASK
        self._asking.well()
        for number, sent in list(self._sent.items()):
            self._judge(number, sent, found.get(number, Standing()))

    def _judge(self, number: str, sent: _Sent, standing: Standing) -> None:
        now = time.monotonic()
        if standing.ended:
            sent.over = now if sent.over is None else sent.over
            if now - sent.over > _LAG:
                del self._sent[number]
                self._lose(number, sent, standing)
            return
        # A node that went down gives its jobs back to the queue.
        sent.over = None
        if standing.waits_forever:
            raise InputError(
                f"Slurm takes job {number} and never starts it ({standing.reason}); "
                "ask for less, or elsewhere, by --slurm."
            )
        reason = standing.reason if standing.waits_oddly else ""
        if reason and reason == sent.waits and reason not in self._told:
            self._told.add(reason)
            self._warn(
                f"Slurm keeps job {number} waiting ({reason}); the run goes on when it "
                "starts."
            )
        sent.waits = reason

    def _lose(self, number: str, sent: _Sent, standing: Standing) -> None:
        """Tell that a job ended without a result, and whether to send it again."""
        limits = {
            "TIMEOUT": ("minutes", "min"),
            "OUT_OF_MEMORY": ("gigabytes", "GB"),
        }
        if standing.state in limits:
            name, unit = limits[standing.state]
            sent.outer.set_exception(
                OestraError(
                    f"Job {number} of Slurm took more than its {self._options[name]} "
                    f"{unit}; give --slurm more {name}=, and {KEPT}."
                )
            )
            return
        told = f"job {number} ended as {standing.state or 'one that Slurm forgot'}"
        last = self._last_words(sent)
        sent.outer.set_exception(Lost(f"{told}: {last}" if last else told))

    def _last_words(self, sent: _Sent) -> str:
        """Return the last line of a job's log, and keep the log."""
        log: Path = sent.job.paths.stdout
        with suppress(OSError):
            lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
            self._logs.add(log.name)
            said = [line.strip() for line in lines if line.strip()]
            return said[-1][:200] if said else ""
        return ""

    def _hand_over(self) -> None:
        """Send jobs while there is room for them."""
        if time.monotonic() < self._next_job:
            return
        for _ in range(_AT_ONCE):
            if self._ended.is_set() or len(self._sent) >= self.size:
                return
            with self._lock:
                if not self._waiting:
                    return
                of, parcel, parts, outer = self._waiting[0]
            write_parts(self._folder, parts)
            if not self._taken(of, parcel, outer):
                return
            with self._lock:
                self._waiting.popleft()
        self._stir.set()

    def _taken(self, of: str, parcel: Parcel, outer: Future[bytes]) -> bool:
        """Tell whether a job was taken; where Slurm is only busy, it is tried again."""
        from oestra.work.slurm_jobs import Refused  # noqa: PLC0415 - an extra

        try:
            job = self._jobs.send(of, parcel.letter)
        except Refused as error:
            self._next_job = time.monotonic() + _ASK
            reason = str(error)
            if self._sent and "MaxSubmit" in reason:
                return False
            if not any(word in reason.lower() for word in _PASSING):
                raise InputError(f"Slurm does not take the job ({reason}).") from error
            self._sending.ill(reason)
            return False
        self._sending.well()
        self._sent[job.job_id] = _Sent(job, outer)
        return True

    def close(self, *, at_once: bool) -> None:
        """Take what has come, and the jobs back that are not wanted any more."""
        self._ended.set()
        self._stir.set()
        self._watcher.join()
        with suppress(OSError):
            self._collect()
        # An interrupt may have ended sbatch before it told the number of a job.
        if at_once or self._sent or self._error is not None:
            call_off(self._folder.name)
        self._sent.clear()
        if not at_once:
            self._logs.clear()
        self._remove("")

    def _remove(self, number: str) -> None:
        """Remove the files of a job, or of all, but logs that tell of a fault."""
        start = f"{number}_" if number else ""
        with suppress(OSError):
            for file in list(self._folder.iterdir()):
                # submitit leaves links to what it sent.
                old = file.is_symlink() or file.name.startswith(start)
                if old and file.name not in self._logs:
                    file.unlink(missing_ok=True)
            if not number:
                self._folder.rmdir()
                self._folder.parent.rmdir()


def _check_commands() -> None:
    """Refuse a machine from which no job of Slurm can be sent."""
    if find_spec("submitit") is None:
        raise InputError(
            "--slurm needs submitit; 'pip install oestra[slurm]' brings it."
        )
    missing = [command for command in _COMMANDS if which(command) is None]
    if missing:
        raise InputError(
            f"--slurm needs the commands of Slurm, and this machine has no "
            f"{', '.join(missing)}; run it on a login node."
        )
    try:
        standings()
    except Silent as error:
        raise InputError(f"Slurm does not answer ({error}).") from error
