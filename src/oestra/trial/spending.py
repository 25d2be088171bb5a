"""How type I and type II error is spent as information comes in.

References
----------
.. [1] Lan KKG, DeMets DL (1983). Discrete sequential boundaries for clinical trials.
   Biometrika 70:659-663. doi:10.1093/biomet/70.3.659
.. [2] Hwang IK, Shih WJ, De Cani JS (1990). Group sequential designs using a family of
   type I error probability spending functions. Stat Med 9:1439-1445.
   doi:10.1002/sim.4780091207
"""

import math
from enum import StrEnum

__all__ = ["Spending", "spend"]


class Spending(StrEnum):
    """Spending functions."""

    OBRIEN_FLEMING = "lan-demets-obrien-fleming"
    """Little early, as the bounds of O'Brien and Fleming."""
    POCOCK = "lan-demets-pocock"
    """Nearly even, as the bounds of Pocock."""
    HWANG_SHIH_DECANI = "hwang-shih-decani"
    """A family: the lower gamma, the less early."""


def spend(
    function: Spending, share: float, error: float, *, gamma: float = -4.0
) -> float:
    """Return the error of one side that may have been spent.

    Parameters
    ----------
    function : Spending
        Which function.
    share : float
        Share of the planned information, above 0; 1 and more spends everything.
    error : float
        All the error of one side.
    gamma : float
        Parameter of Hwang, Shih and DeCani; 0 is linear.

    Returns
    -------
    float
        From 0 to ``error``.
    """
    if share >= 1:
        return error
    if function is Spending.OBRIEN_FLEMING:
        from scipy.special import ndtr, ndtri  # noqa: PLC0415 - heavy, loaded late

        return 2 * float(ndtr(ndtri(error / 2) / math.sqrt(share)))
    if function is Spending.POCOCK:
        return error * math.log1p((math.e - 1) * share)
    if abs(gamma) < 1e-9:
        return error * share
    return error * math.expm1(-gamma * share) / math.expm1(-gamma)
