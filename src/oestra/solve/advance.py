"""What comes back when lanes have been advanced."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oestra.solve.outcome import Outcome

__all__ = ["Advance", "failures"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Where lanes arrived.

    Parameters
    ----------
    y : ndarray, shape (lanes, n)
        States at the end, or where the lane stopped.
    outcome : ndarray of int8, shape (lanes,)
        Code of the `Outcome` of each lane.
    reached : ndarray, shape (lanes,)
        Times of `y`.
    steps, rejected : ndarray of int64, shape (lanes,)
        Accepted and rejected steps.
    step : ndarray, shape (lanes,)
        Proposed next step sizes, to continue from.
    outputs : ndarray, shape (lanes, points, outputs)
        Recorded outputs; NaN after the end of a lane that failed.
    p : ndarray, shape (lanes, m)
        Parameters at the end, as schedules and jumps left them.
    oscillating : ndarray of bool, shape (lanes,)
        Lanes that turned at least 40 times in their last segment and had not stopped:
        see `Outcome.OSCILLATING`. Always false for models that depend on time.
    """

    y: Floats
    outcome: NDArray[np.int8]
    reached: Floats
    steps: NDArray[np.int64]
    rejected: NDArray[np.int64]
    step: Floats
    outputs: Floats
    p: Floats
    oscillating: NDArray[np.bool_]

    def failures(self) -> dict[Outcome, int]:
        """Count the lanes that did not reach their end, by outcome."""
        return failures(self.outcome)

    def replace_lane(
        self, lane: int, other: "Advance", points: NDArray[np.bool_]
    ) -> None:
        """Let a lane end as the only lane of another result did."""
        self.outputs[lane, points] = other.outputs[0]
        self.steps[lane] += other.steps[0]
        for mine, its in (
            (self.y, other.y),
            (self.p, other.p),
            (self.reached, other.reached),
            (self.outcome, other.outcome),
            (self.step, other.step),
            (self.oscillating, other.oscillating),
        ):
            mine[lane] = its[0]


def failures(outcome: NDArray[np.int8]) -> dict[Outcome, int]:
    """Count, of lanes' outcomes, those that are not usable; see `Advance.failures`."""
    if not outcome.any():
        return {}
    codes, counts = np.unique(outcome, return_counts=True)
    found = zip(codes.tolist(), counts.tolist(), strict=True)
    return {Outcome(c): k for c, k in found if not Outcome(c).usable}
