"""From times of patients to numbers: hazard ratios, medians, landmarks.

Errors and how they go together come from patients drawn anew with replacement, arm by
arm; the error of a log hazard ratio is that of Cox's model.

References
----------
.. [1] Efron B (1981). Censored data and the bootstrap. J Am Stat Assoc 76:312-319.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.calibration.updating.datum import Data, Datum
from oestra.calibration.updating.patient_times import PatientTimes
from oestra.core.stream import Stream
from oestra.core.streams import Streams
from oestra.survival.cox import CoxResult, hazard_ratio
from oestra.survival.product_limit import product_limit
from oestra.trial.design import TrialDesign
from oestra.trial.endpoints import HAZARD_RATIO, LANDMARK, median_of

__all__ = ["reduced"]

Array = NDArray[np.float64]
Sample = tuple[Array, NDArray[np.bool_]]
_AGAIN = 200
"""How often patients are drawn anew."""
_KNOWN = 0.9
"""Share of these in which a number must exist to have an error."""
_STILL = 1e-9
"""Variance of a number that does not vary: all patients had one time, or a curve was
read at too few points to tell."""
_LEFT = 10
"""Patients still at risk at a landmark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A number, and the arms it is computed from."""

    endpoint: str
    arm: str
    control: str = ""
    at_months: float = 0.0

    def of(self, samples: dict[str, Sample]) -> float:
        """Return the number on its scale, nan where there is none."""
        time, event = samples[self.arm]
        if self.control:
            found = _cox(samples, self.arm, self.control)
            value = found.log_hazard_ratio
            return np.nan if value is None else value
        curve = product_limit(time, event)
        if self.at_months:
            share = float(curve.at(np.array([self.at_months]))[0])
            return LANDMARK.scale.to(100.0 * share)
        return np.nan if curve.median is None else float(np.log(curve.median))


def _cox(samples: dict[str, Sample], arm: str, control: str) -> CoxResult:
    (one, seen), (other, noticed) = samples[arm], samples[control]
    group = np.arange(one.size + other.size) < one.size
    return hazard_ratio(np.r_[one, other], np.r_[seen, noticed], group)


def _wanted(
    samples: dict[str, Sample], of: str, design: TrialDesign
) -> tuple[list[_Wanted], list[str]]:
    """Return what is computed, and what cannot be."""
    found = [
        _Wanted(endpoint=HAZARD_RATIO.name, arm=pair.arm, control=pair.control)
        for pair in design.contrasts
        if pair.arm in samples and pair.control in samples
    ]
    told: list[str] = []
    for arm, (time, event) in samples.items():
        if product_limit(time, event).median is not None:
            found.append(_Wanted(endpoint=median_of(of).name, arm=arm))
            continue
        landmark = _landmark(time)
        if of == design.analysis.primary.value and landmark:
            found.append(_Wanted(endpoint=LANDMARK.name, arm=arm, at_months=landmark))
        else:
            told.append(f"the median {of.upper()} of {arm} was not reached and is left "
                        "out")  # fmt: skip
    return found, told


def _alone(arms: Sequence[str], of: str, design: TrialDesign) -> list[str]:
    """Tell which arms are compared with none, as the other has no times."""
    pairs = [(pair.arm, pair.control) for pair in design.contrasts]
    lonely = [sorted(pair, key=arms.__contains__) for pair in pairs
              if len(set(pair) & set(arms)) == 1]  # fmt: skip
    return [
        f"there are no {of.upper()} times of {absent}, so that {arm} is not compared "
        "with it"
        for absent, arm in lonely
    ]


def _landmark(months: Array) -> float:
    """Return the last multiple of three months at which enough are at risk, or 0."""
    for month in np.arange(3.0 * (months.max(initial=0.0) // 3.0), 0.0, -3.0):
        if (months >= month).sum() >= _LEFT:
            return float(month)
    return 0.0


def _redrawn(
    samples: dict[str, Sample], wanted: Sequence[_Wanted], streams: Streams
) -> Array:
    """Return each number in patients drawn anew, shape (draws, numbers)."""
    drawn = {
        arm: np.floor(
            streams.uniform(Stream.RESAMPLE.of(arm), np.arange(_AGAIN), time.size)
            * time.size
        ).astype(int)
        for arm, (time, _) in samples.items()
    }
    rows = []
    for again in range(_AGAIN):
        here = {
            arm: (time[drawn[arm][again]], event[drawn[arm][again]])
            for arm, (time, event) in samples.items()
        }
        rows.append([one.of(here) for one in wanted])
    return np.array(rows)


def reduced(
    times: Sequence[PatientTimes], design: TrialDesign, streams: Streams
) -> Data:
    """Reduce times to one event, of all arms, to numbers.

    Parameters
    ----------
    times : sequence of PatientTimes
        Those of one event from one source, an arm each.
    design : TrialDesign
        The trial; its comparisons are made.
    streams : Streams
        Source of chance.

    Returns
    -------
    Data
        Log hazard ratios, log medians, and where a median was not reached the share
        free of the primary event at the last multiple of three months at which ten are
        at risk.
    """
    of, source = times[0].of, times[0].source
    samples = {
        one.arm: (np.maximum(one.months, 1e-6), one.event)
        for one in times
        if one.event.any()
    }
    told = [text for one in times for text in one.told]
    told += [
        f"{one.arm} has no {of.upper()} event and is left out"
        for one in times
        if not one.event.any()
    ]
    told += _alone([one.arm for one in times], of, design)
    wanted, absent = _wanted(samples, of, design)
    values = np.array([one.of(samples) for one in wanted])
    again = _redrawn(samples, wanted, streams.spawn(of, source))
    known = np.isfinite(again).mean(axis=0) if wanted else np.zeros(0)
    seen = np.flatnonzero((known >= _KNOWN) & np.isfinite(values))
    told += absent + [
        f"{wanted[k].endpoint} of {wanted[k].arm} is too unsure and is left out"
        for k in range(len(wanted))
        if k not in seen
    ]
    sure = [k for k in seen.tolist() if np.nanvar(again[:, k]) > _STILL]
    told += [
        f"{wanted[k].endpoint} of {wanted[k].arm} is the same however its patients are "
        "drawn, so that its error is not known, and is left out"
        for k in seen.tolist()
        if k not in sure
    ]
    again = again[np.isfinite(again[:, sure]).all(axis=1)][:, sure]
    off = again - again.mean(axis=0)
    # Products are added in a fixed order, so that last digits stay.
    covariance = np.array(
        [[float((a * b).sum()) for b in off.T] for a in off.T]
    ).reshape(len(sure), len(sure)) / max(len(off) - 1, 1)
    factor = np.ones(len(sure))
    for place, k in enumerate(sure):
        if wanted[k].control:
            error = _cox(samples, wanted[k].arm, wanted[k].control).standard_error
            factor[place] = (error or 0.0) / np.sqrt(covariance[place, place])
    covariance = covariance * np.outer(factor, factor)
    items = tuple(
        Datum(
            endpoint=wanted[k].endpoint,
            of=of,
            arm=wanted[k].arm,
            control=wanted[k].control,
            at_months=wanted[k].at_months,
            value=float(values[k]),
            error=float(np.sqrt(covariance[place, place])),
            source=source,
        )
        for place, k in enumerate(sure)
    )
    return Data(items=items, covariance=covariance, told=tuple(told))
