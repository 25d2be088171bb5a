"""How far a simulated endpoint is from the published one, in standard errors."""

from dataclasses import dataclass

from oestra.calibration.estimate import weighted_value
from oestra.evidence.target_row import TargetRow
from oestra.trial.endpoints import find_endpoint
from oestra.trial.observe import Observed

__all__ = ["Published", "endpoint_residual", "published", "standard_error"]


def standard_error(low: float, middle: float, high: float, *, above: bool) -> float:
    """Return the standard error of a published number on one side of it.

    Intervals are lopsided; half of one reaches to its own limit. No side is taken for
    narrower than half of what both together say.

    Parameters
    ----------
    low, middle, high : float
        The number with its 95 % interval, on the scale on which errors are normal.
    above : bool
        Whether the side above it is asked for.

    Returns
    -------
    float
        Standard error on that scale.
    """
    both = (high - low) / (2 * 1.96)
    side = ((high - middle) if above else (middle - low)) / 1.96
    return float(max(side, 0.5 * both))


@dataclass(frozen=True, slots=True)
class Published:
    """A published number, on the scale on which its errors are normal.

    Parameters
    ----------
    low, middle, high : float
        The number with its 95 % interval: logits of shares, logarithms of others.
    """

    low: float
    middle: float
    high: float

    @property
    def error(self) -> float:
        """Standard error, both sides taken together."""
        return (self.high - self.low) / (2 * 1.96)

    def error_towards(self, off: float) -> float:
        """Return the standard error on the side to which a number is off."""
        return standard_error(self.low, self.middle, self.high, above=off > 0)


def published(row: TargetRow) -> Published:
    """Return what was published of an endpoint, on the scale of its errors."""
    to = find_endpoint(str(row.endpoint)).scale.to
    return Published(to(row.low or 0.0), to(row.estimate), to(row.high or 0.0))


def endpoint_residual(row: TargetRow, seen: Observed) -> tuple[float, float]:
    """Compare one published endpoint with the simulation.

    Parameters
    ----------
    row : TargetRow
        The published endpoint with its interval.
    seen : Observed
        The trial's weighted patients under each arm.

    Returns
    -------
    tuple of float
        Standard errors by which the simulation exceeds the publication, and the
        simulated value in the publication's unit.
    """
    value = weighted_value(row, seen)
    there = published(row)
    off = find_endpoint(str(row.endpoint)).scale.to(value) - there.middle
    return off / there.error_towards(off), value
