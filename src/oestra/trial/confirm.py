"""Which responses count: those that a later scan shows again, and none after relapse.

References
----------
.. [1] Eisenhauer EA et al. (2009). New response evaluation criteria in solid tumours:
   revised RECIST guideline (version 1.1). Eur J Cancer 45:228-247, Table 3 with its
   note on disease seen after a complete response.
.. [2] pharmaverse admiralonco, ``derive_param_confirmed_bor``: any later assessment
   confirms, with a stated number of inevaluable ones between.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.trial.response_code import Code

__all__ = ["Confirmation", "confirmed", "relapsed"]

_ROUND = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """When a response counts.

    Parameters
    ----------
    weeks : float or None
        Least interval to the scan that shows the response again; None if one scan
        is enough.
    inevaluable_between : int
        Most scans between the two that may be missed or not evaluable.
    stable_between : int
        Most scans between that may read SD when a partial response is confirmed.
    """

    weeks: float | None
    inevaluable_between: int = 1
    stable_between: int = 0


def relapsed(response: NDArray[np.int8]) -> NDArray[np.int8]:
    """Call progression what is seen after a complete response.

    Any disease after a complete response has come back, also where it would be a
    partial response against the baseline or is smaller than any least rise.

    Parameters
    ----------
    response : ndarray of int8, shape (n, v)
        Overall response at each visit.

    Returns
    -------
    ndarray of int8, shape (n, v)
        The same with PD wherever a later evaluable visit does not read CR.
    """
    complete = np.logical_or.accumulate(response == Code.CR, axis=1)
    back = complete & (response != Code.CR) & (response != Code.NE)
    return np.where(back, Code.PD, response).astype(np.int8)


def _shown_again(
    response: NDArray[np.int8],
    day: NDArray[np.float64],
    wanted: Code,
    rule: Confirmation,
) -> NDArray[np.bool_]:
    """Tell which visits show a response that a later visit repeats, shape (n, v)."""
    least = 7.0 * (rule.weeks or 0.0) - _ROUND
    stable = rule.stable_between if wanted is Code.PR else 0
    again = np.zeros(response.shape, dtype=bool)
    for visit in range(response.shape[1]):
        rows = np.flatnonzero(response[:, visit] >= wanted)
        missed, still = np.zeros(rows.size, dtype=int), np.zeros(rows.size, dtype=int)
        for later in range(visit + 1, response.shape[1]):
            if not rows.size:
                break
            code = response[rows, later]
            apart = day[rows, later] - day[rows, visit]
            found = (code >= wanted) & (apart >= least)
            again[rows[found], visit] = True
            missed += code == Code.NE
            still += code == Code.SD
            contrary = (code < wanted) & (code != Code.NE) & (code != Code.SD)
            ended = (missed > rule.inevaluable_between) | (still > stable)
            open_ = ~(found | contrary | ended)
            rows, missed, still = rows[open_], missed[open_], still[open_]
    return again


def confirmed(
    response: NDArray[np.int8],
    day: NDArray[np.float64],
    weeks: float | None,
    *,
    inevaluable_between: int = 1,
    stable_between: int = 0,
    otherwise: NDArray[np.int8] | Code = Code.SD,
) -> NDArray[np.int8]:
    """Downgrade responses that no later visit confirms.

    Any later visit at least ``weeks`` away confirms a response that it shows again, if
    no visit between says otherwise: a complete response by a complete one, a partial
    response by a partial or complete one. Disease after a complete response is
    progression and confirms nothing.

    Parameters
    ----------
    response : ndarray of int8, shape (n, v)
        Overall response.
    day : ndarray of float64, shape (n, v)
        Day of each visit, ascending.
    weeks : float or None
        Least interval; None if the trial asks for no confirmation.
    inevaluable_between : int
        Most visits between that may be missed or not evaluable.
    stable_between : int
        Most visits between that may read SD when a partial response is confirmed.
    otherwise : ndarray of int8, shape (n,), or Code
        What a response that is not confirmed counts as: SD, without target lesions
        the word of the criteria (`CriteriaRules.neither`).

    Returns
    -------
    ndarray of int8, shape (n, v)
        Response after confirmation.
    """
    seen = relapsed(response)
    if weeks is None:
        return seen
    rule = Confirmation(
        weeks=weeks,
        inevaluable_between=inevaluable_between,
        stable_between=stable_between,
    )
    complete = _shown_again(seen, day, Code.CR, rule)
    partial = _shown_again(seen, day, Code.PR, rule)
    fallback = np.broadcast_to(np.asarray(otherwise), response.shape[:1])[:, None]
    responded = np.select(
        [complete, partial & (seen == Code.PR)], [Code.CR, Code.PR], default=fallback
    )
    return np.where(seen >= Code.PR, responded, seen).astype(np.int8)
