"""Chance from named streams: every decision of every patient has its own numbers.

A draw depends on the seed, the stream's name, the patient's number and the index of
the draw, and on nothing else. Arms of a trial therefore share their patients' luck,
and no result depends on batch size, number of workers or order.

References
----------
.. [1] Salmon JK, Moraes MA, Dror RO, Shaw DE (2011). Parallel random numbers: as easy
   as 1, 2, 3. SC '11. doi:10.1145/2063384.2063405 (Philox4x32-10).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincc, ndtri, pdtrik

__all__ = ["Streams"]

_FACTORS, _STEPS = (0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)
_MULTIPLIER = np.array(_FACTORS, dtype=np.uint64)[:, None]
_WEYL = np.array(_STEPS, dtype=np.uint64)[:, None]
_MANY = 1e4
"""Poisson means above which the normal expansion is exact enough."""
_CLEAR = 1e-3
"""Distance of a real-valued Poisson count from whole numbers at which its quantile is
sure to be rounded to the right one."""
_BELOW_ONE = float(np.nextafter(1.0, 0.0))
_WORD = 0xFFFFFFFF
_LOW, _SHIFT = np.uint64(_WORD), np.uint64(32)
_FEW = 100
"""Counters up to which long integers are faster than arrays."""


def philox4x32(counter: NDArray[np.uint64], key: tuple[int, int]) -> NDArray[np.uint64]:
    """Apply ten rounds of Philox to counters.

    Parameters
    ----------
    counter : ndarray of uint64, shape (4, n)
        Four 32-bit words per counter.
    key : tuple of int
        Two 32-bit words.

    Returns
    -------
    ndarray of uint64, shape (4, n)
        Four random 32-bit words per counter.
    """
    words = np.array(counter, dtype=np.uint64)
    _scramble(words[0::2], words[1::2], key)
    return words


def _scramble(
    even: NDArray[np.uint64], odd: NDArray[np.uint64], key: tuple[int, int]
) -> None:
    """Apply ten rounds of Philox to the even and the odd words, shape (2, n) each."""
    if even.shape[1] <= _FEW:
        _scramble_few(even, odd, key)
        return
    rounds = np.arange(10, dtype=np.uint64)[:, None, None]
    keys = (np.array(key, dtype=np.uint64)[:, None] + rounds * _WEYL) & _LOW
    product, high = np.empty_like(even), np.empty_like(even)
    with np.errstate(over="ignore"):
        for each in keys:
            # In place: most calls are short, and cost what their temporaries cost.
            np.multiply(even, _MULTIPLIER, out=product)
            np.right_shift(product, _SHIFT, out=high)
            np.bitwise_xor(high[::-1], odd, out=even)
            np.bitwise_xor(even, each, out=even)
            np.bitwise_and(product[::-1], _LOW, out=odd)


@lru_cache(maxsize=_FEW + 1)
def _ones(count: int) -> int:
    """Return a long integer that is made of so many ones of 64 bits."""
    return int.from_bytes(np.ones(count, dtype="<u8").tobytes(), "little")


def _scramble_few(
    even: NDArray[np.uint64], odd: NDArray[np.uint64], key: tuple[int, int]
) -> None:
    """Do what `_scramble` does to few words, all of a row as one long integer.

    Each word has 64 bits of it, so that products of 32 bits stay apart. Most calls are
    for few, and cost what the calls of NumPy cost, fifty of them.
    """
    count = even.shape[1]
    ones = _ones(count)
    low = _WORD * ones
    (a, b), (c, d) = map(_long, even), map(_long, odd)
    for number in range(10):
        first, second = (
            (start + number * step) & _WORD
            for start, step in zip(key, _STEPS, strict=True)
        )
        p, q = a * _FACTORS[0], b * _FACTORS[1]
        a, c = ((q >> 32) & low) ^ c ^ (first * ones), q & low
        b, d = ((p >> 32) & low) ^ d ^ (second * ones), p & low
    for row, value in ((even[0], a), (even[1], b), (odd[0], c), (odd[1], d)):
        row[:] = np.frombuffer(value.to_bytes(8 * count, "little"), dtype="<u8")


def _long(words: NDArray[np.uint64]) -> int:
    return int.from_bytes(words.astype("<u8", copy=False).tobytes(), "little")


@dataclass(frozen=True, slots=True)
class Streams:
    """Source of all chance in a run.

    Parameters
    ----------
    seed : int
        The seed the user gave.
    path : tuple of str
        Names under which this source was spawned, such as a replicate.
    """

    seed: int
    path: tuple[str, ...] = ()

    def spawn(self, *names: str | int) -> "Streams":
        """Return an independent source, named below this one."""
        return Streams(self.seed, (*self.path, *(str(name) for name in names)))

    def _key(self, name: str) -> tuple[int, int]:
        text = "\x1f".join((str(self.seed), *self.path, name)).encode()
        digest = hashlib.blake2b(text, digest_size=8).digest()
        return int.from_bytes(digest[:4], "big"), int.from_bytes(digest[4:], "big")

    def uniform(
        self, name: str, key: ArrayLike, count: int = 1, *, index: int = 0
    ) -> NDArray[np.float64]:
        """Draw numbers uniform on the open interval (0, 1).

        Parameters
        ----------
        name : str
            The decision, such as ``"mutation"``.
        key : array_like of int, shape (n,)
            Who decides: patient (or lane, or lesion) numbers.
        count : int
            Draws per key.
        index : int
            First draw, so that later draws of the same decision differ.

        Returns
        -------
        ndarray of float64, shape (n, count)
            53-bit uniform numbers.
        """
        keys = np.atleast_1d(np.asarray(key)).astype(np.uint64)[:, None]
        if not len(keys):
            return np.empty((0, count))
        first, last = index // 2, (index + count - 1) // 2
        block = np.arange(first, last + 1, dtype=np.uint64)
        shape = (2, len(keys), len(block))
        even, odd = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
        even[0], odd[0] = block & _LOW, block >> _SHIFT
        even[1], odd[1] = keys & _LOW, keys >> _SHIFT
        _scramble(even.reshape(2, -1), odd.reshape(2, -1), self._key(name))
        numbers = (even >> np.uint64(5)).astype(np.float64)
        numbers *= 67108864.0
        numbers += odd >> np.uint64(6)
        numbers += 0.5
        numbers /= 9007199254740992.0
        # The largest of 2**53 levels would round to 1.
        np.minimum(numbers, _BELOW_ONE, out=numbers)
        pairs = numbers.transpose(1, 2, 0).reshape(len(keys), 2 * len(block))
        start = index - 2 * first
        return np.ascontiguousarray(pairs[:, start : start + count])

    def normal(
        self, name: str, key: ArrayLike, count: int = 1, *, index: int = 0
    ) -> NDArray[np.float64]:
        """Draw standard normal numbers, shape (n, count); see `uniform`."""
        return ndtri(self.uniform(name, key, count, index=index)).astype(np.float64)

    def exponential(
        self, name: str, key: ArrayLike, count: int = 1, *, index: int = 0
    ) -> NDArray[np.float64]:
        """Draw exponential numbers of mean one, shape (n, count); see `uniform`."""
        return -np.log(self.uniform(name, key, count, index=index))

    def poisson(
        self, name: str, key: ArrayLike, mean: ArrayLike, *, index: int = 0
    ) -> NDArray[np.int64]:
        """Draw Poisson counts by inversion.

        Parameters
        ----------
        name, key, index
            As in `uniform`.
        mean : array_like of float, shape (n,) or (n, count)
            Expected counts, at most 1e15; as many draws per key as it has columns.

        Returns
        -------
        ndarray of int64, shape of ``mean``
            The counts.
        """
        expected = np.asarray(mean, dtype=float)
        draws = expected.shape[1] if expected.ndim == 2 else 1
        level = self.uniform(name, key, draws, index=index)
        level = level if expected.ndim == 2 else level[:, 0]
        expected = np.broadcast_to(expected, level.shape)
        count = np.zeros(level.shape, dtype=np.int64)
        some = level > np.exp(-expected)
        if some.any():
            count[some] = _inverted(level[some], expected[some])
        return count

    def permutation(self, name: str, key: int, n: int) -> NDArray[np.int64]:
        """Return a random order of ``range(n)`` for one key."""
        level = self.uniform(name, [key], n)[0]
        return np.argsort(level, kind="stable")


def _inverted(
    level: NDArray[np.float64], mean: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return Poisson counts by inversion."""
    # Cornish-Fisher: the skewness of a large Poisson count is 1/sqrt(mean).
    z = ndtri(level)
    count = np.rint(mean + np.sqrt(mean) * z + (z**2 - 1.0) / 6.0)
    few = mean < _MANY
    count[few] = _corrected(count[few], level[few], mean[few])
    return np.maximum(count, 0.0).astype(np.int64)


def _corrected(
    count: NDArray[np.float64], level: NDArray[np.float64], mean: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return exact counts where some are nearly right, all above zero.

    To search for a count takes ten times as long as to see that one is right, clear of
    where the search would err.
    """
    count = np.maximum(count, 1.0)
    right = gammaincc(count + _CLEAR, mean) < level
    right &= level < gammaincc(count + 1.0 - _CLEAR, mean)
    wrong = ~right
    found = pdtrik(level[wrong], mean[wrong])
    count[wrong] = np.ceil(np.nan_to_num(found))
    return count
