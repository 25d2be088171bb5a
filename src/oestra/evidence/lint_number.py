"""Every number has a unit, is possible, and lies inside its interval."""

from collections.abc import Iterator

from oestra.core.units import is_unit
from oestra.evidence.evidence_record import Fact
from oestra.evidence.lint_fault import Bundle, Fault, walk
from oestra.evidence.published_result import Result
from oestra.evidence.target_row import TargetRow
from oestra.evidence.vocabulary import Endpoint

__all__ = ["check_numbers"]

COUNTED = frozenset(
    {"1", "fold", "patient", "event", "line", "site", "receptor/cell", "percent of E2"}
)
"""Units of counts and ratios, beside those of measurement."""

_ROUNDING = 0.7
"""Largest difference of a printed percentage from its count over n."""

Numbers = Result | TargetRow


def _range(endpoint: Endpoint) -> tuple[float, float]:
    if endpoint.is_change:
        return -100.0, 100.0
    return (0.0, 100.0) if endpoint.unit == "percent" else (1e-3, 1e3)


def _limits(record: Numbers) -> tuple[float | None, float | None]:
    if isinstance(record, TargetRow):
        return record.low, record.high
    interval = record.interval
    return (interval.low, interval.high) if interval else (None, None)


def _interval(record: Numbers) -> Iterator[str]:
    low, high = _limits(record)
    if (low is None) != (high is None):
        yield "has one limit of an interval only"
    if low is None or high is None:
        return
    if not low <= record.estimate <= high:
        yield f"estimate {record.estimate:g} lies outside its interval {low:g}-{high:g}"


def _numbers(record: Numbers) -> Iterator[str]:
    lowest, highest = _range(record.endpoint)
    for value in (record.estimate, *_limits(record)):
        if value is not None and not lowest <= value <= highest:
            yield f"{value:g} is no {record.endpoint} ({lowest:g} to {highest:g})"
    yield from _interval(record)
    estimated = record.endpoint == Endpoint.LANDMARK
    if record.n is None or record.count is None or estimated:
        return
    if not 0 <= record.count <= record.n:
        yield f"counts {record.count} of {record.n}"
        return
    share = 100 * record.count / record.n
    if abs(share - record.estimate) > _ROUNDING:
        yield f"{record.count}/{record.n} is {share:.1f} %, not {record.estimate:g} %"


def _result(record: Result) -> Iterator[str]:
    if record.unit != record.endpoint.unit:
        yield f"{record.endpoint} is given in {record.unit}, not {record.endpoint.unit}"
    if record.p is not None and not 0 < record.p.value <= 1:
        yield f"p = {record.p.value:g} is no probability"
    if record.p is not None and record.control is None:
        yield "has a p value but no control it compares with"


def _form(fact: Fact) -> Iterator[str]:
    ranged = fact.low is not None and fact.high is not None
    if (fact.low is None) != (fact.high is None):
        yield "has one end of a range only"
    if [fact.value is not None, ranged, fact.text is not None].count(True) != 1:
        yield "must have one of value, low with high, text"
    numeric = fact.value is not None or ranged
    if numeric and fact.unit is None:
        yield "has a number without a unit"
    if fact.unit is not None and fact.unit not in COUNTED and not is_unit(fact.unit):
        yield f"unit {fact.unit!r} is not known"


def _fact(fact: Fact) -> Iterator[str]:
    yield from _form(fact)
    if fact.low is not None and fact.high is not None and fact.low > fact.high:
        yield f"range {fact.low:g}-{fact.high:g} is upside down"
    lowest = -100.0 if "change" in (fact.category or "") else 0.0
    for value in (fact.value, fact.low, fact.high):
        if value is not None and fact.unit == "percent" and not lowest <= value <= 100:
            yield f"{value:g} % lies outside {lowest:g}-100"


def _problems(record: object) -> Iterator[str]:
    if isinstance(record, Result):
        yield from _result(record)
    if isinstance(record, Result | TargetRow):
        yield from _numbers(record)
    if isinstance(record, Fact):
        yield from _fact(record)


def check_numbers(bundle: Bundle) -> Iterator[Fault]:
    """Yield numbers without unit, out of range, or outside their interval."""
    for file, record in bundle.files():
        for place, part in walk(record):
            for problem in _problems(part):
                yield Fault(file, place, problem)
