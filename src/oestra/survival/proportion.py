"""A proportion with its exact binomial interval.

References
----------
.. [1] Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits
   illustrated in the case of the binomial. Biometrika 26:404-413.
"""

from dataclasses import dataclass

from scipy.special import betaincinv

from oestra.core.errors import InputError
from oestra.core.number import number
from oestra.survival.number import level_of

__all__ = ["Proportion", "clopper_pearson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """A share of a count, with 95 % limits unless asked otherwise.

    Parameters
    ----------
    estimate, low, high : float or None
        Share between 0 and 1 and its limits; None without patients.
    count, n : int
        Patients with the property, and all.
    reason : str
        Why there is no estimate, empty otherwise.
    """

    estimate: float | None
    low: float | None
    high: float | None
    count: int
    n: int
    reason: str = ""

    @property
    def percent(self) -> dict[str, float | None]:
        """``estimate``, ``low`` and ``high`` in percent."""
        shares = {"estimate": self.estimate, "low": self.low, "high": self.high}
        return {
            name: None if share is None else 100 * share
            for name, share in shares.items()
        }


def clopper_pearson(count: int, n: int, *, level: float = 0.95) -> Proportion:
    """Return a proportion with its exact interval.

    Parameters
    ----------
    count : int
        Patients with the property.
    n : int
        All patients.
    level : float
        Confidence level.

    Returns
    -------
    Proportion
        The share and its limits; None with a reason if ``n`` is zero.

    Raises
    ------
    InputError
        If ``count`` is negative or exceeds ``n``, either is no whole number, or the
        level is none.
    """
    level = level_of(level)
    for name, given in (("A count", count), ("n", n)):
        if not number(given, name).is_integer():
            raise InputError(f"{name} must be a whole number, got {given}.")
    if not 0 <= count <= n:
        raise InputError(f"A count must lie between 0 and n = {n}, got {count}.")
    if n == 0:
        return Proportion(
            estimate=None, low=None, high=None, count=0, n=0, reason="no patients"
        )
    tail = (1 - level) / 2
    low = float(betaincinv(count, n - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, n - count, 1 - tail)) if count < n else 1.0
    return Proportion(estimate=count / n, low=low, high=high, count=count, n=n)
