"""The model's own error: learned from trials left out, it shrinks and widens.

A trial is first predicted by the mechanism. How far such predictions are from what was
published, beyond sampling and what the fit leaves open, is the model's error [1]_. It
has two numbers for each kind of endpoint: how much of a predicted difference from the
mean of the other trials is kept, and the standard deviation of what remains. Few trials
leave both open: all pairs count, each by how likely it makes the other trials, so that
a trial's own result never serves to correct its prediction. Of left-out trials this
holds more in its intervals than the likeliest pair alone, and is as near.

References
----------
.. [1] Kennedy MC, O'Hagan A (2001). Bayesian calibration of computer models. J R Stat
   Soc B 63:425-464.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.validate import LeftOut
from oestra.core.ordered_sum import ordered_sum

__all__ = ["Discrepancy", "discrepancy", "with_discrepancy"]

Array = NDArray[np.float64]
_SHARES = np.linspace(0.0, 1.0, 41)
_SPREADS = np.linspace(0.0, 1.5, 61)
"""Pairs that count, all alike before any trial is seen."""
_LEAST_TRIALS = 3
"""Trials below which nothing is learned and nothing changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """What is known of the model's error of one kind of endpoint.

    Parameters
    ----------
    mean : float
        Mean of the trials it was learned from, on the scale of the endpoint: logarithm
        of ratios and medians, logit of shares.
    kept : float
        Share of a predicted difference from that mean that is kept, 0 to 1.
    sd : float
        Standard deviation of what remains.
    trials : int
        Trials it was learned from.
    kept_sd : float
        Standard deviation of what is known of that share.
    """

    mean: float
    kept: float
    sd: float
    trials: int
    kept_sd: float = 0.0

    @property
    def learned(self) -> bool:
        """Whether there were trials enough to learn from."""
        return self.trials >= _LEAST_TRIALS

    def allowed_for(self, predicted: float, spread: float) -> tuple[float, float]:
        """Return a prediction shrunk toward the mean, and its standard error widened.

        Parameters
        ----------
        predicted, spread : float
            On the scale of the endpoint.
        """
        away = predicted - self.mean
        known = self.kept**2 * spread**2 + self.sd**2
        doubt = self.kept_sd**2 * (spread**2 + away**2)
        return self.mean + self.kept * away, float(np.sqrt(known + doubt))

    def of(self, item: LeftOut) -> LeftOut:
        """Return a left-out endpoint with the error allowed for."""
        middle, spread = self.allowed_for(item.predicted, item.uncertainty)
        return replace(item, predicted=middle, uncertainty=spread)


def _mean(items: Sequence[LeftOut]) -> float:
    weight = [1.0 / one.sampling**2 for one in items]
    return float(np.average([one.published for one in items], weights=weight))


def discrepancy(items: Sequence[LeftOut]) -> Discrepancy:
    """Learn the model's error from predictions of trials that were left out.

    Parameters
    ----------
    items : sequence of LeftOut
        Endpoints of one kind, each predicted from the other trials.

    Returns
    -------
    Discrepancy
        Mean and deviation of the share, root mean square of the deviation. A trial with
        many endpoints counts as one, for they err together. Fewer than three trials
        teach nothing: the share is 1, the deviation 0.
    """
    endpoints = Counter(one.row.trial for one in items)
    if len(endpoints) < _LEAST_TRIALS:
        middle = _mean(items) if items else 0.0
        return Discrepancy(mean=middle, kept=1.0, sd=0.0, trials=len(endpoints))
    rest = {
        name: _mean([one for one in items if one.row.trial != name])
        for name in endpoints
    }
    mean = np.array([rest[one.row.trial] for one in items])
    weight = np.array([1.0 / endpoints[one.row.trial] for one in items])
    sampling = np.array([one.sampling for one in items])
    own = np.array([one.uncertainty for one in items])
    said = np.array([one.predicted for one in items])
    seen = np.array([one.published for one in items])
    shares = _SHARES[:, None, None]
    off = seen - (mean + shares * (said - mean))
    variance = sampling**2 + (shares * own) ** 2 + _SPREADS[:, None] ** 2
    misfit = 0.5 * ordered_sum(weight * (np.log(variance) + off**2 / variance), axis=2)
    chance = np.exp(misfit.min() - misfit)
    chance /= chance.sum()
    kept = float((chance.sum(axis=1) * _SHARES).sum())
    return Discrepancy(
        mean=_mean(items),
        kept=kept,
        sd=float(np.sqrt((chance.sum(axis=0) * _SPREADS**2).sum())),
        trials=len(endpoints),
        kept_sd=float(np.sqrt((chance.sum(axis=1) * (_SHARES - kept) ** 2).sum())),
    )


def with_discrepancy(items: Sequence[LeftOut]) -> list[LeftOut]:
    """Correct each trial's predictions by what all other trials teach of the error.

    Parameters
    ----------
    items : sequence of LeftOut
        Endpoints of one kind.

    Returns
    -------
    list of LeftOut
        In their order.
    """
    learned = {
        trial: discrepancy([one for one in items if one.row.trial != trial])
        for trial in {one.row.trial for one in items}
    }
    return [learned[one.row.trial].of(one) for one in items]
