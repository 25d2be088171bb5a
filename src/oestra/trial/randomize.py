"""Randomization by permuted blocks within strata.

References
----------
.. [1] Zelen M (1974). The randomization and stratification of patients to clinical
   trials. J Chronic Dis 27:365-375.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oestra.core.errors import InputError
from oestra.core.stream import Stream
from oestra.core.streams import Streams

__all__ = ["permuted_blocks"]


def permuted_blocks(
    stratum: NDArray[np.int64],
    weights: Sequence[int],
    block_size: int,
    streams: Streams,
) -> NDArray[np.int64]:
    """Assign patients to arms, in the order they enter.

    Parameters
    ----------
    stratum : ndarray of int64, shape (n,)
        Stratum number of each patient, in order of entry.
    weights : sequence of int
        Allocation weight of each arm.
    block_size : int
        Patients a block, a multiple of the sum of the weights.
    streams : Streams
        Source of the permutations.

    Returns
    -------
    ndarray of int64, shape (n,)
        Arm number of each patient.

    Raises
    ------
    InputError
        If the block cannot hold the weights.
    """
    total = sum(weights)
    if block_size % total:
        raise InputError(
            f"A block of {block_size} cannot hold an allocation of "
            f"{':'.join(map(str, weights))}; use a multiple of {total}."
        )
    block = np.repeat(np.arange(len(weights)), np.array(weights) * block_size // total)
    arm = np.empty(stratum.size, dtype=np.int64)
    for number in np.unique(stratum):
        members = np.flatnonzero(stratum == number)
        blocks = -(-members.size // block_size)
        level = streams.uniform(Stream.BLOCK.of(number), np.arange(blocks), block_size)
        order = block[np.argsort(level, axis=1, kind="stable")].ravel()
        arm[members] = order[: members.size]
    return arm
