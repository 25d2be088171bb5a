"""Orders of therapies compared: time to chemotherapy, benefit without it, survival.

Each parameter set has its own patients, who live through every order with the same
chance. What differs between sets, and the model's own error as left-out trials show it,
make the intervals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from oestra.appraisal.candidate import Candidate, severe_percent, taught_by
from oestra.appraisal.profile import Profile
from oestra.appraisal.profile_trial import hardly_anybody, profile_trial
from oestra.appraisal.sequence_course import begin, live_orders
from oestra.appraisal.sequence_error import (
    Difference,
    ModelError,
    between,
    difference,
)
from oestra.appraisal.sequence_measures import OrderSeen, order_seen
from oestra.appraisal.sequence_result import LineResult, OrderResult, Sequences
from oestra.appraisal.therapy_order import Order
from oestra.core.errors import InputError
from oestra.core.finite import finite
from oestra.core.library import Library
from oestra.history.cohort import Cohort
from oestra.trial.design import TrialDesign
from oestra.work.each import Workers, in_order

__all__ = ["compare_orders"]

_NO_ERROR = ModelError()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What one parameter set says: order by order, or why it says nothing."""

    orders: tuple[OrderSeen, ...] = ()
    patients: float = 0.0
    refused: str = ""


def _seen(
    design: TrialDesign,
    orders: Sequence[Order],
    cohort: Cohort,
    seed: int,
    most: int,
) -> _Seen:
    """Follow the patients of one parameter set through every order."""
    try:
        begun = begin(design, cohort, seed=seed, most=most)
    except InputError as error:
        return _Seen(refused=str(error))
    size = begun.effective_size
    if why := hardly_anybody(size):
        return _Seen(refused=why)
    lived = live_orders(design, [one.regimens for one in orders], begun, seed=seed)
    library = cohort.parameters.library
    seen = tuple(
        order_seen(order, one, begun.weight, design.cut_days, library)
        for order, one in zip(orders, lived, strict=True)
    )
    return _Seen(orders=seen, patients=size)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _median(values: Sequence[float]) -> float | None:
    return finite(float(np.median(values)))


def _mean_percents(shares: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean percent of each name, of the sets in which anybody was."""
    known = [one for one in shares if one]
    names = known[0] if known else {}
    return {name: _mean([one[name] for one in known]) for name in names}


def _lines(
    order: Order,
    seen: Sequence[OrderSeen],
    trials: Mapping[str, tuple[str, ...]],
    library: Library,
) -> tuple[LineResult, ...]:
    found: list[LineResult] = []
    for place, line in enumerate(order.lines):
        every = [one.lines[place] for one in seen]
        found.append(
            LineResult(
                line=line,
                began_percent=_mean([one.began_percent for one in every]),
                months=_mean([one.months for one in every]),
                median_months=_median([one.median_months for one in every]),
                end_months=_median([one.end_months for one in every]),
                ends_percent=_mean_percents([one.ends for one in every]),
                leads_percent=_mean_percents([one.leads for one in every]),
                severe_percent=severe_percent(line.regimen, library),
                trials=trials[line.regimen],
            )
        )
    return tuple(found)


def _summed(
    order: Order,
    seen: Sequence[OrderSeen],
    lines: tuple[LineResult, ...],
    error: ModelError,
    months: float,
) -> OrderResult:
    survival = [one.survival_months for one in seen]
    spared = [one.until_chemotherapy_months for one in seen]
    return OrderResult(
        order=order,
        lines=lines,
        survival=between(survival, error, months),
        until_chemotherapy=between(spared, error, months),
        benefit=between([one.benefit_months for one in seen], error, months),
        median_survival_months=_median([one.median_survival_months for one in seen]),
        alive_percent=_mean([one.alive_percent for one in seen]),
        chemotherapy_percent=_mean([one.chemotherapy_percent for one in seen]),
        alive_months=_mean(survival),
        after_months=_mean([one.after_months for one in seen]),
        severe_events=_mean([one.severe_events for one in seen]),
    )


def _stretches(name: str, one: OrderResult, since: int) -> list[float]:
    """Return months of what an order has from a line on, as far as a measure counts."""
    until = one.order.first_chemotherapy if name == "until_chemotherapy" else None
    parts = [
        line.months
        for line in one.lines[since:until]
        if name != "benefit" or not line.line.chemotherapy
    ]
    after = name == "survival" or (name == "until_chemotherapy" and until is None)
    return [*parts, one.after_months] if after else parts


def _against(
    one: OrderResult,
    first: OrderResult,
    seen: Sequence[tuple[OrderSeen, OrderSeen]],
    error: ModelError,
) -> dict[str, Difference]:
    """Return by how much an order exceeds the first, measure by measure."""
    since = one.order.shared_with(first.order)
    return {
        name: difference(
            np.array([getattr(mine, f"{name}_months") for mine, _ in seen]),
            np.array([getattr(other, f"{name}_months") for _, other in seen]),
            [*_stretches(name, one, since), *_stretches(name, first, since)],
            error,
        )
        for name in ("survival", "until_chemotherapy", "benefit")
    }


def compare_orders(  # noqa: PLR0913
    profile: Profile,
    orders: Sequence[Order],
    cohorts: Sequence[Cohort],
    *,
    months: float = 60.0,
    error: ModelError = _NO_ERROR,
    seed: int = 1,
    most: int = 300,
    workers: Workers = 1,
) -> Sequences:
    """Compare orders of therapies for patients of a profile.

    Parameters
    ----------
    profile : Profile
        Who they are.
    orders : sequence of Order
        The orders, at least one; the others are set against the first.
    cohorts : sequence of Cohort
        A population for each parameter set.
    months : float
        The horizon.
    error : ModelError
        The model's own error.
    seed : int
        Seed of all chance.
    most : int
        About how many patients to follow with each set.
    workers : int or Executor
        Who does the work; the result does not depend on it.

    Returns
    -------
    Sequences
        The orders as they were given.

    Raises
    ------
    InputError
        If no population holds more than hardly anybody of that profile.
    """
    library = cohorts[0].parameters.library
    anything = Candidate(id="order", regimen=orders[0].regimens[0])
    design = profile_trial(profile, [anything], months)
    calls = [(design, orders, cohort, seed, most) for cohort in cohorts]
    with in_order(workers, _seen, calls) as results:
        every = list(results)
    found = [one for one in every if one.orders]
    if not found:
        raise InputError(every[0].refused)
    texts = sorted({text for order in orders for text in order.regimens})
    trials = taught_by([Candidate(id=text, regimen=text) for text in texts], library)
    summed: list[OrderResult] = []
    for place, order in enumerate(orders):
        seen = [one.orders[place] for one in found]
        lines = _lines(order, seen, trials, library)
        summed.append(_summed(order, seen, lines, error, months))
    return Sequences(
        profile=profile,
        months=months,
        orders=tuple(summed),
        differences=tuple(
            _against(
                mine,
                summed[0],
                [(one.orders[place], one.orders[0]) for one in found],
                error,
            )
            for place, mine in enumerate(summed)
            if place
        ),
        parameter_sets=len(found),
        left_out=len(every) - len(found),
        patients=min(one.patients for one in found),
        error=error,
    )
