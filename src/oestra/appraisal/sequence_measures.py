"""What one parameter set says of one order: months by line, chemotherapy, survival."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.appraisal.candidate import severe_percent
from oestra.appraisal.failures import CLONES
from oestra.appraisal.sequence_course import Lived
from oestra.appraisal.sequence_line import ENDS, LineCourse
from oestra.appraisal.therapy_order import Line, Order
from oestra.core.library import Library
from oestra.core.ordered_sum import ordered_sum
from oestra.core.units import DAYS_PER_MONTH
from oestra.tumor.clone import Clone

__all__ = ["LineSeen", "OrderSeen", "order_seen", "weighted_median"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSeen:
    """One line of an order with one parameter set.

    Parameters
    ----------
    began_percent : float
        Patients who begin it within the horizon.
    months : float
        Months on it within the horizon, mean of all patients of the order.
    median_months : float
        Median months on it of those who begin it, ``inf`` where half do not end it.
    end_months : float
        Median months from the start of the order to the end of the line, or to death
        before; ``inf`` where half do not come to it.
    ends : mapping of str to float
        What ended it, percent of those who began it.
    leads : mapping of str to float
        The clone that leads at progression, percent of those who progress on it.
    """

    began_percent: float
    months: float
    median_months: float
    end_months: float
    ends: Mapping[str, float]
    leads: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSeen:
    """One order with one parameter set; times are months within the horizon.

    Parameters
    ----------
    lines : tuple of LineSeen
        Line by line.
    survival_months : float
        Mean months alive.
    median_survival_months : float
        ``inf`` where half live at the horizon.
    alive_percent : float
        Patients who live at the horizon.
    until_chemotherapy_months : float
        Mean months alive before chemotherapy begins; of an order without chemotherapy
        all months alive.
    chemotherapy_percent : float
        Patients who begin chemotherapy.
    benefit_months : float
        Mean months on lines without chemotherapy, before progression or harm ends them.
    after_months : float
        Mean months alive after the last line.
    severe_events : float
        Lines with an event of grade 3 or more, expected a patient.
    """

    lines: tuple[LineSeen, ...]
    survival_months: float
    median_survival_months: float
    alive_percent: float
    until_chemotherapy_months: float
    chemotherapy_percent: float
    benefit_months: float
    after_months: float
    severe_events: float


def weighted_median(time: Array, weight: Array) -> float:
    """Return the time by which half of the weight has had its event.

    Parameters
    ----------
    time : ndarray, shape (n,)
        Times of the events, ``inf`` for none.
    weight : ndarray, shape (n,)
        Weights.
    """
    if not len(time):
        return np.inf
    order = np.argsort(time, kind="stable")
    reached = np.cumsum(weight[order]) >= 0.5 * weight.sum()
    return float(time[order][reached.argmax()])


def _total(values: Array) -> float:
    return float(ordered_sum(values, axis=0))


def _percents(
    code: NDArray[np.int64], weight: Array, names: list[str]
) -> dict[str, float]:
    whole = _total(weight)
    if whole <= 0.0:
        return {}
    return {
        name: 100.0 * _total(weight * (code == place)) / whole
        for place, name in enumerate(names)
    }


def _line_seen(line: LineCourse, lived: Lived, weight: Array) -> LineSeen:
    own = weight[line.place]
    ended = line.why != ENDS.index("on treatment")
    months = (line.end - line.start) / DAYS_PER_MONTH
    until = lived.death.copy()
    until[line.place] = np.where(ended, line.end, np.inf)
    progressed = line.why == ENDS.index("progression")
    return LineSeen(
        began_percent=100.0 * _total(own),
        months=_total(own * months),
        median_months=weighted_median(np.where(ended, months, np.inf), own),
        end_months=weighted_median(until, weight) / DAYS_PER_MONTH,
        ends=_percents(line.why, own, list(ENDS)),
        leads=_percents(
            line.leading[progressed],
            own[progressed],
            [CLONES[clone] for clone in Clone],
        ),
    )


def _severe(line: Line, library: Library) -> float:
    return severe_percent(line.regimen, library) / 100.0


def order_seen(
    order: Order, lived: Lived, weight: Array, days: float, library: Library
) -> OrderSeen:
    """Sum up how patients lived through an order.

    Parameters
    ----------
    order : Order
        What they took.
    lived : Lived
        How they lived.
    weight : ndarray, shape (n,)
        Their weights, adding up to one.
    days : float
        The horizon.
    library : Library
        Whose drug sheets tell of severe events.

    Returns
    -------
    OrderSeen
        Weighted means and medians.
    """
    lines = tuple(_line_seen(line, lived, weight) for line in lived.lines)
    alive = np.minimum(lived.death, days)
    spared = alive.copy()
    place = order.first_chemotherapy
    toxic = 0.0
    if place is not None:
        begun = lived.lines[place]
        spared[begun.place] = begun.start
        toxic = lines[place].began_percent
    last = lived.lines[-1]
    after = np.zeros(len(weight))
    after[last.place] = alive[last.place] - last.end
    return OrderSeen(
        lines=lines,
        survival_months=_total(weight * alive) / DAYS_PER_MONTH,
        median_survival_months=weighted_median(lived.death, weight) / DAYS_PER_MONTH,
        alive_percent=100.0 * _total(weight * (lived.death > days)),
        until_chemotherapy_months=_total(weight * spared) / DAYS_PER_MONTH,
        chemotherapy_percent=toxic,
        benefit_months=float(
            sum(
                seen.months
                for line, seen in zip(order.lines, lines, strict=True)
                if not line.chemotherapy
            )
        ),
        after_months=_total(weight * after) / DAYS_PER_MONTH,
        severe_events=float(
            sum(
                seen.began_percent / 100.0 * _severe(line, library)
                for line, seen in zip(order.lines, lines, strict=True)
            )
        ),
    )
