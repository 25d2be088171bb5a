"""When a look stops a trial for futility, on the scale of its statistic.

References
----------
.. [1] Jennison C, Turnbull BW (1999). Group Sequential Methods with Applications to
   Clinical Trials. Chapman & Hall.
.. [2] Schoenfeld DA (1981). The asymptotic properties of nonparametric tests for
   comparing survival distributions. Biometrika 68:316-319.
   doi:10.1093/biomet/68.1.316
"""

import math
from collections.abc import Callable, Sequence

from scipy.special import ndtr, ndtri

from oestra.trial.analysis import Futility, Look
from oestra.trial.group_sequential import futility_values, zero_between
from oestra.trial.spending import spend
from oestra.trial.stopping import GAMMA, Rules

__all__ = ["assumed_drift", "binding_bounds", "conditional_power", "lower_bounds"]

Bounds = tuple[float, ...]
Relying = Callable[[Sequence[float]], Sequence[float]]
_FAR = 9.0
"""Standard errors beyond which no bound lies."""


def conditional_power(
    z: float, share: float, bound: float, drift: float | None
) -> float:
    """Return the probability of crossing the final bound from here.

    Parameters
    ----------
    z : float
        The statistic now.
    share : float
        Share of the final information that is in, below 1.
    bound : float
        The bound at the end.
    drift : float or None
        Mean of the final statistic that is assumed; what was seen so far if None.

    Returns
    -------
    float
        Between 0 and 1.
    """
    ahead = z / math.sqrt(share) if drift is None else drift
    missing = bound - z * math.sqrt(share) - ahead * (1 - share)
    return float(ndtr(-missing / math.sqrt(1 - share)))


def assumed_drift(
    futility: Futility | None, margin: float, information: float
) -> float | None:
    """Return the mean of the final statistic under the hazard ratio assumed.

    Parameters
    ----------
    futility : Futility or None
        The rule.
    margin : float
        Hazard ratio under the null hypothesis.
    information : float
        Of the log hazard ratio at the end.

    Returns
    -------
    float or None
        None where none is assumed.
    """
    if futility is None or futility.assumed_hazard_ratio is None:
        return None
    return math.log(margin / futility.assumed_hazard_ratio) * math.sqrt(information)


def _least_z(power: float, share: float, bound: float, drift: float | None) -> float:
    """Return the statistic at which conditional power is just so much."""
    wanted = bound + float(ndtri(power)) * math.sqrt(1 - share)
    if drift is None:
        return wanted * math.sqrt(share)
    return (wanted - drift * (1 - share)) / math.sqrt(share)


def _lower(rules: Rules, look: Look, bound: float, information: float) -> float:
    futility = rules.futility
    ratio = look.futility_hazard_ratio or (futility.hazard_ratio if futility else None)
    power = look.futility_conditional_power or (
        futility.conditional_power if futility else None
    )
    found, share = -math.inf, look.events / rules.schedule[-1]
    if ratio is not None:
        here = math.sqrt(information * share)
        found = max(found, -math.log(ratio / rules.margin) * here)
    if power is not None and share < 1 and math.isfinite(bound):
        drift = assumed_drift(futility, rules.margin, information)
        found = max(found, _least_z(power, share, bound, drift))
    return found


def lower_bounds(
    rules: Rules, upper: Sequence[float], information: float
) -> tuple[float, ...]:
    """Return the bounds for futility of every planned analysis.

    Parameters
    ----------
    rules : Rules
        Those of the design.
    upper : sequence of float
        Bounds for efficacy of the planned analyses.
    information : float
        Of the log hazard ratio at the last of them: events times the shares of the two
        arms.

    Returns
    -------
    tuple of float
        Infinite where there is none. Where a hazard ratio is the bound, this is about
        the statistic that goes with it; the trial itself compares hazard ratios.
    """
    if rules.futility is not None and rules.futility.spending is not None:
        return _spending_beta(rules, upper)[1]
    found = [_lower(rules, look, upper[-1], information) for look in rules.looks]
    return (*found, *([-math.inf] * (len(rules.schedule) - len(found))))


def _spending_beta(
    rules: Rules, upper: Sequence[float], relying: Relying | None = None
) -> tuple[Bounds, Bounds]:
    futility, schedule = rules.futility, rules.schedule
    assert futility is not None  # noqa: S101 - its callers ask
    assert futility.spending is not None  # noqa: S101
    gamma = GAMMA if futility.gamma is None else futility.gamma
    shares = [count / schedule[-1] for count in schedule]
    spent = [
        spend(futility.spending, share, futility.beta, gamma=gamma) for share in shares
    ]
    high, low, _ = futility_values(shares, upper, spent, relying)
    return tuple(map(float, high)), tuple(map(float, low))


def binding_bounds(
    rules: Rules, relying: Relying, information: float
) -> tuple[Bounds, Bounds]:
    """Return bounds for efficacy and futility that rely on each other.

    Parameters
    ----------
    rules : Rules
        Those of the design.
    relying : callable
        Bounds for efficacy of the planned analyses that rely on given ones for
        futility; none if empty.
    information : float
        As in `lower_bounds`.

    Returns
    -------
    tuple of tuple of float
        Bounds for efficacy, and those for futility.
    """
    if rules.futility is not None and rules.futility.spending is not None:
        return _spending_beta(rules, relying(()), relying)

    def below(last: float) -> Bounds:
        return lower_bounds(rules, [last], information)

    def upper(last: float) -> Bounds:
        return tuple(relying((*below(last)[:-1], -math.inf)))

    def excess(last: float) -> float:
        return min(max(upper(last)[-1], -_FAR), _FAR) - last

    # The higher the last bound, the more is futile, and the lower it may be: it lies
    # where both agree.
    last = zero_between(excess, -_FAR, _FAR)
    return upper(last), below(last)
