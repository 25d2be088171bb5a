"""Jobs that submitit writes and hands to ``sbatch``, and why one was not taken."""

import logging
import re
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

from submitit import Job, SlurmExecutor
from submitit.core.utils import FailedSubmissionError, UncompletedJobError

from oestra.work.call import tried_letter_beside
from oestra.work.slurm_queue import said

__all__ = ["Jobs", "Refused"]

_GIGABYTES = 1024.0
"""Most a call may hold; submitit's own limit is less than a pool of patients."""


class Refused(Exception):  # noqa: N818 - what happened, not whose fault it is
    """``sbatch`` did not take a job."""


class _Executor(SlurmExecutor):
    # submitit prints what sbatch writes to its standard error, and this command tells
    # it in a sentence.
    def _make_submission_command(self, submission_file_path: Path) -> list[str]:
        return ["sh", "-c", 'exec sbatch "$0" 2>&1', str(submission_file_path)]

    @staticmethod
    def _get_job_id_from_submission_command(string: bytes | str) -> str:
        text = string.decode(errors="replace") if isinstance(string, bytes) else string
        # A site may have sbatch say more, before or after.
        found = re.search(r"^Submitted batch job (\d+)", text, re.MULTILINE)
        if found is None:
            raise FailedSubmissionError(text)
        return found[1]


class Jobs:
    """Jobs of one run, in a folder of their own.

    Parameters
    ----------
    folder : Path
        Which all machines share: calls, results and logs of the jobs.
    options : dict
        As `oestra.work.slurm_options.slurm_options` returns them.
    """

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        # Standard output belongs to the command, and submitit would log there.
        logging.getLogger("submitit").setLevel(logging.CRITICAL)
        self._folder = folder
        self._executor = _Executor(folder, max_pickle_size_gb=_GIGABYTES)
        asked = {k: options.get(k) for k in ("partition", "account", "constraint")}
        if options["gigabytes"]:
            asked["mem"] = f"{options['gigabytes']}GB"
        self._executor.update_parameters(
            job_name=folder.name,
            time=options["minutes"],
            stderr_to_stdout=True,
            # A step would get a signal that has submitit ask for another turn.
            use_srun=False,
            **asked,
        )

    def send(self, of: str, letter: bytes) -> Job[tuple[bool, bytes]]:
        """Hand a job to ``sbatch``.

        Parameters
        ----------
        of : str
            Release of this command.
        letter : bytes
            The call.

        Returns
        -------
        Job
            The job.

        Raises
        ------
        Refused
            If it is not taken.
        """
        try:
            return self._executor.submit(
                tried_letter_beside, of, letter, str(self._folder)
            )
        except (FailedSubmissionError, UncompletedJobError) as error:
            cause = error.__cause__
            known = isinstance(cause, CalledProcessError)
            raise Refused(said(str(cause.output if known else error))) from error
