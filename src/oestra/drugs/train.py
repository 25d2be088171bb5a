"""Trains of doses: what a schedule unfolds to."""

import math
from dataclasses import dataclass

from oestra.drugs.dose import Dose

__all__ = ["Train"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """Equal doses at equal distances, in bouts that may repeat.

    Parameters
    ----------
    start : float
        Time of the first dose, days.
    dose : Dose
        What is given each time.
    interval : float
        Days between the doses of a bout.
    count : float
        Doses in a bout; infinite when it never ends.
    cycle : float
        Days from the start of one bout to the next.
    bouts : float
        Number of bouts; infinite when they never end.
    """

    start: float
    dose: Dose
    interval: float = 1.0
    count: float = 1
    cycle: float = math.inf
    bouts: float = 1

    def times(self, until: float) -> list[float]:
        """Return the times of the doses given before ``until``, days."""
        found: list[float] = []
        bout = 0
        while bout < self.bouts:
            first = self.start + (bout * self.cycle if bout else 0.0)
            if first >= until:
                break
            span = (until - first) / self.interval
            given = min(self.count, math.ceil(span - 1e-9))
            found.extend(first + k * self.interval for k in range(int(given)))
            bout += 1
        return found
