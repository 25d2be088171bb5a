"""Numbers that cannot be of one trial."""

from collections.abc import Iterator, Sequence

import numpy as np

from oestra.calibration.updating.datum import Datum
from oestra.evidence.vocabulary import EndpointKind

__all__ = ["contradictions"]

_FAR, _LEAST = 4.0, 0.5
"""Standard errors, and logarithm, by which a hazard ratio and the ratio of its medians
contradict each other."""
_APART = 0.1
"""Difference that two sources of one number may have by rounding alone."""


def contradictions(items: Sequence[Datum]) -> Iterator[str]:
    """Yield which numbers cannot be of one trial, a sentence each.

    Parameters
    ----------
    items : sequence of Datum
        Numbers of all sources.

    Yields
    ------
    str
        One number that two sources give differently; a hazard ratio far from what its
        medians say.
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
