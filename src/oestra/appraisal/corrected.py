"""A trial that was never fitted, corrected by what left-out trials teach of the error.

The mechanism's own number stands first and is never replaced; this one says what to
expect of it, given how far such numbers were from what trials then reported.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from oestra.appraisal.comparison import WHOLE, Comparison
from oestra.calibration.discrepancy import Discrepancy
from oestra.evidence.published import published
from oestra.evidence.vocabulary import Use
from oestra.trial.endpoints import find_endpoint

__all__ = ["corrected"]

_REACH = 1.96
_LEARNED = frozenset({
    "hazard_ratio", "pfs_median_months", "ttp_median_months", "orr_percent",
    "cbr_percent",
})  # fmt: skip
"""Endpoints that trials of the fit report, so that their error is known."""


def corrected(
    trial: str,
    rows: list[Comparison],
    errors: Mapping[str, Mapping[str, float]],
) -> Iterator[tuple[Comparison, float, float, float]]:
    """Yield numbers of a whole trial with the model's error allowed for.

    Parameters
    ----------
    trial : str
        Its id; one with fitted results has none, for its error is not that of a trial
        left out.
    rows : list of Comparison
        What was simulated.
    errors : mapping of str to mapping
        As of `oestra.model.fit.Fit.discrepancy`.

    Yields
    ------
    tuple of Comparison and three float
        The row, and its middle with a 95 % interval for a trial of the planned size.
    """
    if published(trial, use=Use.FIT):
        return
    for row in rows:
        endpoint, seen = find_endpoint(row.endpoint), row.simulated
        known = errors.get(str(endpoint.kind))
        if known is None or row.stratum != WHOLE:
            continue
        error = Discrepancy(
            mean=known["mean"],
            kept=known["kept"],
            sd=known["sd"],
            trials=int(known["trials"]),
            kept_sd=known.get("kept_sd", 0.0),
        )
        if not error.learned:
            continue
        if row.endpoint not in _LEARNED or row.of not in ("", "pfs", "ttp"):
            continue
        if seen.estimate is None or seen.low is None or seen.high is None:
            continue
        to, back = endpoint.scale.to, endpoint.scale.back
        ends = [float(to(value)) for value in (seen.low, seen.estimate, seen.high)]
        if not np.isfinite(ends).all():
            continue
        low, middle, high = ends
        shrunk, spread = error.allowed_for(middle, (high - low) / (2.0 * _REACH))
        reach = _REACH * spread
        yield row, back(shrunk), back(shrunk - reach), back(shrunk + reach)
