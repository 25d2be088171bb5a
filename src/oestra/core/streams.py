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

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, pdtrik

__all__ = ["Streams"]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_MANY = 1e4
"""Poisson means above which the normal expansion is exact enough."""
_BELOW_ONE = float(np.nextafter(1.0, 0.0))
_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)


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
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        left, right = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (
            (right >> _SHIFT) ^ c1 ^ np.uint64(k0),
            right & _LOW,
            (left >> _SHIFT) ^ c3 ^ np.uint64(k1),
            left & _LOW,
        )
        k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3])


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
        keys = np.atleast_1d(np.asarray(key)).astype(np.uint64)
        first, last = index // 2, (index + count - 1) // 2
        block = np.arange(first, last + 1, dtype=np.uint64)
        who, which = (a.ravel() for a in np.meshgrid(keys, block, indexing="ij"))
        counter = np.stack([which & _LOW, which >> _SHIFT, who & _LOW, who >> _SHIFT])
        with np.errstate(over="ignore"):
            words = philox4x32(counter, self._key(name))
        high = words[0::2] >> np.uint64(5)
        low = words[1::2] >> np.uint64(6)
        # The largest of 2**53 levels would round to 1.
        numbers = (high * 67108864.0 + low + 0.5) / 9007199254740992.0
        numbers = np.minimum(numbers, _BELOW_ONE)
        pairs = numbers.T.reshape(len(keys), 2 * len(block))
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
        count = np.zeros(level.shape)
        some = level > np.exp(-expected)
        few = some & (expected < _MANY)
        count[few] = np.ceil(np.nan_to_num(pdtrik(level[few], expected[few])))
        # Cornish-Fisher: the skewness of a large Poisson count is 1/sqrt(mean).
        many = some & (expected >= _MANY)
        mean, z = expected[many], ndtri(level[many])
        count[many] = np.rint(mean + np.sqrt(mean) * z + (z**2 - 1.0) / 6.0)
        return np.maximum(count, 0.0).astype(np.int64)

    def permutation(self, name: str, key: int, n: int) -> NDArray[np.int64]:
        """Return a random order of ``range(n)`` for one key."""
        level = self.uniform(name, [key], n)[0]
        return np.argsort(level, kind="stable")
