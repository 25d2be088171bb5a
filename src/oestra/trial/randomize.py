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

__all__ = ["fixed_numbers", "permuted_blocks"]


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


def fixed_numbers(
    stratum: NDArray[np.int64], counts: Sequence[int], block_size: int, streams: Streams
) -> NDArray[np.int64]:
    """Assign patients to arms whose numbers are given, balanced within strata.

    Blocks run on from one stratum to the next, each with its share of what the arms
    still take, so that every arm gets its number exactly.

    Parameters
    ----------
    stratum : ndarray of int64, shape (n,)
        Stratum number of each patient, in order of entry.
    counts : sequence of int
        Patients of each arm, n in all.
    block_size : int
        Patients a block.
    streams : Streams
        Source of the permutations.

    Returns
    -------
    ndarray of int64, shape (n,)
        Arm number of each patient.
    """
    count, blocks = stratum.size, -(-stratum.size // block_size)
    level = streams.uniform(Stream.BLOCK.of(0), np.arange(blocks), block_size)
    arm = np.empty(count, dtype=np.int64)
    place = np.argsort(stratum, kind="stable")
    left = np.array(counts)
    for number in range(blocks):
        here = place[number * block_size : (number + 1) * block_size]
        block = np.repeat(np.arange(left.size), _quota(left, here.size))
        left -= np.bincount(block, minlength=left.size)
        arm[here] = block[np.argsort(level[number, : here.size], kind="stable")]
    return arm


def _quota(left: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Share a block among arms by what they still take, largest remainders first."""
    exact = left * size / left.sum()
    quota = np.floor(exact).astype(np.int64)
    rest = np.argsort(quota - exact, kind="stable")
    quota[rest[: size - int(quota.sum())]] += 1
    return quota
