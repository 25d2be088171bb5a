"""What a worker does with a task: check that it is of the same release, open, run."""

import os
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from socket import gethostname
from typing import Any

from oestra.core.environment import THREADS
from oestra.core.errors import OestraError
from oestra.work.parcel import opened
from oestra.work.release import release

__all__ = ["alone", "run_letter", "run_letter_beside", "tried_letter_beside"]


def alone() -> None:
    """Keep a worker to one thread: the workers share the cores already."""
    os.environ[THREADS] = "1"


def run_letter(
    of: str, letter: bytes, parts: Mapping[str, bytes] | Callable[[str], bytes]
) -> bytes:
    """Run a call and return its result, pickled.

    Parameters
    ----------
    of : str
        Release of the command that sent it.
    letter : bytes
        The call: a function and its arguments.
    parts : mapping of str to bytes or callable
        Where its large parts are found.

    Returns
    -------
    bytes
        The result.

    Raises
    ------
    OestraError
        If this worker has another release installed.
    """
    if of != release():
        raise OestraError(
            f"A worker on {gethostname()} has another version of Oestra (code, data or "
            f"fit) than this command: {release()[:8]}, not {of[:8]}; install the same "
            "one there."
        )
    alone()
    function, arguments = opened(letter, parts)
    result: Any = function(*arguments)
    return pickle.dumps(result, 5)


def tried_letter_beside(of: str, letter: bytes, folder: str) -> tuple[bool, bytes]:
    """Run a call as `run_letter_beside`; tell whether it failed, and its error."""
    try:
        return True, run_letter_beside(of, letter, folder)
    except Exception as error:  # noqa: BLE001 - whoever waits gets it
        return False, pickle.dumps(error, 5)


def run_letter_beside(of: str, letter: bytes, folder: str) -> bytes:
    """Run a call whose large parts lie in a folder that this worker can read."""
    return run_letter(of, letter, lambda name: Path(folder, name).read_bytes())
