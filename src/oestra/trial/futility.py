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
from collections.abc import Sequence

from scipy.special import ndtr, ndtri

from oestra.trial.analysis import Futility, Look
from oestra.trial.group_sequential import futility_values
from oestra.trial.spending import spend
from oestra.trial.stopping import GAMMA, Rules

__all__ = ["assumed_drift", "conditional_power", "lower_bounds"]


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
    futility, schedule = rules.futility, rules.schedule
    if futility is not None and futility.spending is not None:
        gamma = GAMMA if futility.gamma is None else futility.gamma
        shares = [count / schedule[-1] for count in schedule]
        spent = [
            spend(futility.spending, share, futility.beta, gamma=gamma)
            for share in shares
        ]
        return tuple(map(float, futility_values(shares, upper, spent)[0]))
    found = [_lower(rules, look, upper[-1], information) for look in rules.looks]
    return (*found, *([-math.inf] * (len(schedule) - len(found))))
