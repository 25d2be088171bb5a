"""A number to learn from, on the scale on which its errors are normal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oestra.core.linear_algebra import product
from oestra.evidence.vocabulary import EndpointKind
from oestra.trial.endpoints import find_endpoint

__all__ = ["Data", "Datum", "joined", "shared_patients"]

Array = NDArray[np.float64]
_HALF = float(np.sqrt(0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One number.

    Parameters
    ----------
    endpoint : str
        Its word.
    of : str
        Time to an event behind a ratio, a median or a landmark; empty for others.
    arm : str
        Id of the arm.
    control : str
        Id of the arm it is compared with, empty where it is none.
    stratum : str
        Group or subgroup, empty for everybody.
    at_months : float
        When, of a landmark; else 0.
    value : float
        The number, on the scale of the endpoint.
    error : float
        Its standard error there.
    source : str
        Where it comes from: ``summary``, ``curve`` or ``patients``.
    """

    endpoint: str
    of: str
    arm: str
    control: str = ""
    stratum: str = ""
    at_months: float = 0.0
    value: float
    error: float
    source: str

    @property
    def key(self) -> tuple[str, str, str, str, str, float]:
        """What it is a number of, whatever its value."""
        return (
            self.endpoint, self.of, self.arm, self.control, self.stratum, self.at_months
        )  # fmt: skip

    @property
    def kind(self) -> EndpointKind:
        """Family of its endpoint."""
        return find_endpoint(self.endpoint).word.kind

    def natural(self, value: float) -> float:
        """Return a number of the scale in the unit of the endpoint."""
        return find_endpoint(self.endpoint).scale.back(value)

    @property
    def label(self) -> str:
        """What it is, for tables."""
        endpoint = find_endpoint(self.endpoint)
        if self.kind is EndpointKind.HAZARD_RATIO:
            what = f"{self.of.upper()} hazard ratio, {self.arm} against {self.control}"
        elif self.kind is EndpointKind.LANDMARK:
            what = f"{self.of.upper()} at {self.at_months:g} months, %, {self.arm}"
        else:
            unit = ", %" if self.endpoint.endswith("_percent") else ", months"
            what = f"{endpoint.label}{unit}, {self.arm}"
        return f"{what} ({self.stratum})" if self.stratum else what

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form, in the unit of the endpoint."""
        ends = (self.value - 1.96 * self.error, self.value + 1.96 * self.error)
        named = {
            "of": self.of,
            "control": self.control,
            "stratum": self.stratum,
            "at_months": self.at_months,
        }
        return {
            "endpoint": self.endpoint,
            "arm": self.arm,
            **{name: value for name, value in named.items() if value},
            "estimate": self.natural(self.value),
            "low": self.natural(ends[0]),
            "high": self.natural(ends[1]),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Numbers to learn from, and how their errors go together.

    Parameters
    ----------
    items : tuple of Datum, length m
        The numbers.
    covariance : ndarray of float64, shape (m, m)
        Covariance of their errors, each on its scale.
    told : tuple of str
        What was left out and why, a sentence each without its period.
    """

    items: tuple[Datum, ...]
    covariance: Array
    told: tuple[str, ...] = ()

    @property
    def values(self) -> Array:
        """The numbers on their scales, shape (m,)."""
        return np.array([one.value for one in self.items])


def joined(parts: Sequence[Data]) -> Data:
    """Put together numbers of different patients or sources."""
    items = tuple(item for part in parts for item in part.items)
    whole = np.zeros((len(items), len(items)))
    at = 0
    for part in parts:
        end = at + len(part.items)
        whole[at:end, at:end] = part.covariance
        at = end
    told = tuple(text for part in parts for text in part.told)
    return Data(items=items, covariance=whole, told=told)


def shared_patients(items: Sequence[Datum]) -> Array:
    """Return how errors of printed numbers of the same patients correlate.

    Times are taken to be exponential: then half of the variance of a log hazard ratio
    comes from each arm, about half of that of a median or a landmark is that of the
    arm's hazard, and the rest is its own. Rates of response are taken to be
    independent.

    Parameters
    ----------
    items : sequence of Datum, length m
        The numbers.

    Returns
    -------
    ndarray of float64, shape (m, m)
        Correlations; a medians' with a hazard ratio is half, its sign that of the arm.
    """
    arms = dict.fromkeys(
        (one.of, one.stratum, arm) for one in items for arm in (one.arm, one.control)
    )
    place = {name: index for index, name in enumerate(arms)}
    load = np.zeros((len(items), len(place)))
    for row, one in enumerate(items):
        if not one.of:
            continue
        if one.control:
            load[row, place[one.of, one.stratum, one.arm]] = _HALF
            load[row, place[one.of, one.stratum, one.control]] = -_HALF
        else:
            load[row, place[one.of, one.stratum, one.arm]] = -_HALF
    found = product(load, load.T)
    np.fill_diagonal(found, 1.0)
    return found
