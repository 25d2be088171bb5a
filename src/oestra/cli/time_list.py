"""Times on the command line: a list, ranges, or both."""

import math

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError, shown

__all__ = ["read_times"]

_MOST = 10_000_000
_WORDS = "--at takes times such as 1,2,5 or ranges START:END:STEP such as 0:24:0.5"


def read_times(text: str, latest: float) -> NDArray[np.float64]:
    """Read what ``--at`` says.

    Parameters
    ----------
    text : str
        Numbers and ranges ``start:end:step`` (the end included where a step meets it),
        separated by commas.
    latest : float
        Latest time allowed.

    Returns
    -------
    ndarray
        Ascending times.

    Raises
    ------
    InputError
        If a word is no number or range, or the times are negative, too late, too many,
        or do not ascend.
    """
    times = np.concatenate([_part(word) for word in text.split(",")])
    if len(times) > _MOST:
        raise InputError(f"--at names more than {_MOST:,} times.")
    if times[0] < 0 or times.max() > latest:
        raise InputError(f"The times of --at lie between 0 and {latest:g}.")
    late = np.flatnonzero(np.diff(times) <= 0)
    if len(late):
        one, two = times[late[0]], times[late[0] + 1]
        raise InputError(f"The times of --at ascend; {two:g} follows {one:g}.")
    return times


def _part(word: str) -> NDArray[np.float64]:
    try:
        numbers = [float(part) for part in word.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 3) or not all(map(math.isfinite, numbers)):
        raise InputError(f"{_WORDS}, got {shown(word.strip())}.")
    if len(numbers) == 1:
        return np.array(numbers)
    start, end, step = numbers
    if not step > 0 or end < start:
        raise InputError(
            f"A range of --at ends after its start and has a positive step, got "
            f"{shown(word.strip())}."
        )
    # A step that meets the end up to rounding includes it.
    steps = (end - start) / step * (1.0 + 1e-12)
    if steps > _MOST:
        raise InputError(f"--at names more than {_MOST:,} times.")
    return np.minimum(start + step * np.arange(math.floor(steps) + 1), end)
