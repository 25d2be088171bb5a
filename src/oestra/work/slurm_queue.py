"""What Slurm says of the jobs of this user, asked by its own commands."""

import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass

from oestra.core.errors import shortened

__all__ = ["Silent", "Standing", "call_off", "said", "standings"]

_SECONDS = 120.0
"""How long a command may take; those of Slurm give up before."""
_ENDED = {
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL",
    "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT",
}  # fmt: skip
_NEVER = {
    "AccountNotAllowed", "BadConstraints", "InvalidAccount", "InvalidQOS",
    "PartitionTimeLimit", "QOSNotAllowed",
}  # fmt: skip
_USUAL = {
    "None", "BeginTime", "Cleaning", "Dependency", "Priority", "Prolog", "Resources",
}  # fmt: skip


class Silent(Exception):  # noqa: N818 - what happened, not whose fault it is
    """Slurm did not answer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a job.

    Parameters
    ----------
    state : str
        As ``squeue`` names it; empty for a job that it has forgotten.
    reason : str
        Why it waits.
    """

    state: str = ""
    reason: str = "None"

    @property
    def ended(self) -> bool:
        """Tell whether nothing more comes of it."""
        return not self.state or self.state in _ENDED

    @property
    def waits_forever(self) -> bool:
        """Tell whether it asks for what it can never get."""
        never = self.reason in _NEVER or "PerJob" in self.reason
        return self.state == "PENDING" and never

    @property
    def waits_oddly(self) -> bool:
        """Tell whether it waits for more than its turn, such as for nodes to be up."""
        limit = self.reason.startswith(("Assoc", "QOS")) or "Limit" in self.reason
        return self.state == "PENDING" and not limit and self.reason not in _USUAL


def standings() -> dict[str, Standing]:
    """Return how it stands with the jobs of this user, by their numbers.

    Raises
    ------
    Silent
        If Slurm does not answer.
    """
    told = _asked(
        "squeue", "--noheader", "--states=all", f"--user={os.getuid()}",
        "--format=%i|%T|%r",
    )  # fmt: skip
    rows = (line.split("|", 2) for line in told.splitlines())
    return {
        row[0].strip(): Standing(row[1].strip(), row[2].strip())
        for row in rows
        if len(row) == 3
    }


def call_off(name: str) -> None:
    """Cancel the jobs of this user that have a name; what cannot be told is let be."""
    with suppress(Silent):
        _asked("scancel", f"--name={name}", f"--user={os.getuid()}")


def said(text: str) -> str:
    r"""Return what a command of Slurm said, in one line without its name.

    Examples
    --------
    >>> said("sbatch: error: invalid partition\nsbatch: error: Batch job failed.")
    'invalid partition; Batch job failed'
    """
    marks = ("sbatch: ", "squeue: ", "scancel: ", "error: ", "slurm_load_jobs error: ")
    lines: list[str] = []
    for line in text.splitlines():
        kept = line.strip()
        for mark in marks:
            kept = kept.removeprefix(mark)
        if kept:
            lines.append(kept.rstrip("."))
    return shortened("; ".join(lines))


def _asked(*words: str) -> str:
    # A user's settings of what squeue shows would hide jobs.
    settings = ("SQUEUE_", "SCANCEL_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(settings)}
    try:
        found = subprocess.run(  # noqa: S603 - words of this module
            words,
            capture_output=True,
            check=False,
            encoding="utf-8",
            env=environment,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Silent(str(error)) from error
    if found.returncode:
        raise Silent(said(found.stderr) or f"{words[0]} ended with {found.returncode}")
    return found.stdout
