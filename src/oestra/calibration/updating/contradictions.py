"""Numbers that cannot be of one trial."""

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

from oestra.calibration.updating.datum import Datum
from oestra.evidence.vocabulary import EndpointKind

__all__ = ["contradictions"]

_FAR, _LEAST = 4.0, 0.5
"""Standard errors, and logarithm, by which a hazard ratio and the ratio of its medians
contradict each other."""
_APART = 0.1
"""Difference that two sources of one number may have by rounding alone."""
_PERCENT = 1.0
"""Percent by which rounding may part two shares of the same patients."""
_WIDER = ("orr_percent", "cbr_percent", "disease_control_percent")
"""Shares of which whoever counts in one counts in those behind it."""


def contradictions(
    items: Sequence[Datum], *, measurable: bool = False
) -> Iterator[str]:
    """Yield which numbers cannot be of one trial, a sentence each.

    Parameters
    ----------
    items : sequence of Datum
        Numbers of all sources.
    measurable : bool
        Whether the rate of response is of patients with measurable disease alone, so
        that other rates may be lower.

    Yields
    ------
    str
        One number that two sources give differently; a hazard ratio far from what its
        medians say; a curve that rises, or that its median is no time of; more
        responses than patients with clinical benefit.
    """
    first: dict[object, Datum] = {}
    for one in items:
        other = first.setdefault(one.key, one)
        off = abs(one.value - other.value)
        if other is not one and off > max(_APART, one.error, other.error):
            yield (
                f"{one.label} is {other.natural(other.value):.3g} by {other.source} "
                f"and {one.natural(one.value):.3g} by {one.source}: they contradict "
                "each other."
            )
    for ratio in items:
        if ratio.control:
            yield from _against_medians(ratio, items)
    for one, other in permutations(items, 2):
        if (one.arm, one.stratum) == (other.arm, other.stratum):
            yield from _against_curve(one, other)
            yield from _against_response(one, other, measurable=measurable)


def _against_curve(one: Datum, other: Datum) -> Iterator[str]:
    """Compare the share at one time with another share, or the median, of a curve."""
    if one.kind is not EndpointKind.LANDMARK or one.of != other.of:
        return
    share, value = one.natural(one.value), other.natural(other.value)
    if other.kind is EndpointKind.LANDMARK:
        rises = one.at_months < other.at_months and value > share + _PERCENT
        if rises:
            yield (
                f"{one.label} is {share:.3g} and {other.label} is {value:.3g}: a curve "
                "never rises."
            )
        return
    if other.kind is not EndpointKind.MEDIAN or other.control:
        return
    late = share < 50 - _PERCENT and value > one.at_months + _APART
    early = share > 50 + _PERCENT and value < one.at_months - _APART
    if late or early:
        yield (
            f"{one.label} is {share:.3g}, and a median of {value:.3g} months "
            "contradicts it."
        )


def _against_response(one: Datum, other: Datum, *, measurable: bool) -> Iterator[str]:
    """Compare what all who have the first have as well."""
    if one.endpoint not in _WIDER or other.endpoint not in _WIDER:
        return
    if _WIDER.index(one.endpoint) >= _WIDER.index(other.endpoint):
        return
    if measurable and one.endpoint == _WIDER[0]:
        return
    share, value = one.natural(one.value), other.natural(other.value)
    if share > value + _PERCENT:
        yield (
            f"{one.label} is {share:.3g} and {other.label} is {value:.3g}: whoever has "
            "the first has the second as well."
        )


def _median(ratio: Datum, arm: str, items: Sequence[Datum]) -> Datum | None:
    """Return the median of an arm in the time that a ratio is of."""
    for one in items:
        same = (one.of, one.arm, one.stratum) == (ratio.of, arm, ratio.stratum)
        if one.kind is EndpointKind.MEDIAN and same:
            return one
    return None


def _against_medians(ratio: Datum, items: Sequence[Datum]) -> Iterator[str]:
    treated = _median(ratio, ratio.arm, items)
    control = _median(ratio, ratio.control, items)
    if treated is None or control is None:
        return
    off = ratio.value - (control.value - treated.value)
    error = float(np.sqrt(ratio.error**2 + treated.error**2 + control.error**2))
    if abs(off) > max(_FAR * error, _LEAST):
        yield (
            f"{ratio.label} is {ratio.natural(ratio.value):.3g}, and medians of "
            f"{treated.natural(treated.value):.3g} and "
            f"{control.natural(control.value):.3g} months contradict it."
        )
