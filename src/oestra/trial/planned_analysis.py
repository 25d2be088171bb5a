"""The analyses of a trial as they are planned: events, bounds, error spent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from scipy.special import ndtr

from oestra.trial.futility import binding_bounds, lower_bounds
from oestra.trial.group_sequential import crossing
from oestra.trial.stopping import Rules, final_look, upper_bounds

__all__ = ["PlannedAnalysis", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAnalysis:
    """One analysis as planned.

    Parameters
    ----------
    events : int
        Events of the first hypothesis.
    final : bool
        Whether it is the last.
    upper, lower : float
        Bounds of the standardized statistic; infinite where there is none.
    spent : float
        Type I error spent with it, of all sides.
    hazard_ratio : float or None
        About the hazard ratio at the upper bound.
    """

    events: int
    final: bool
    upper: float
    lower: float
    spent: float
    hazard_ratio: float | None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the printed form."""
        none = not math.isfinite(self.upper)
        return {
            "events": self.events,
            "final": self.final,
            "bound_z": None if none else self.upper,
            "bound_p_one_sided": None if none else float(ndtr(-self.upper)),
            "bound_hazard_ratio": self.hazard_ratio,
            "futility_z": self.lower + 0.0 if math.isfinite(self.lower) else None,
            "alpha_spent": self.spent,
        }


@lru_cache(maxsize=64)
def plan(
    rules: Rules, alpha: float, share_of_arm: float
) -> tuple[PlannedAnalysis, ...]:
    """Return every analysis of the first hypothesis as it is planned.

    Parameters
    ----------
    rules : Rules
        Those of the design.
    alpha : float
        Type I error of the hypothesis, of all sides.
    share_of_arm : float
        Share of patients in the arm of interest, of both arms.

    Returns
    -------
    tuple of PlannedAnalysis
        Looks, then the final analysis where its events are planned.
    """
    schedule = rules.schedule
    if not schedule:
        return ()
    last = final_look(rules) or rules.final_events is not None
    per_event = share_of_arm * (1 - share_of_arm)
    upper, lower = _both_bounds(rules, alpha, last, per_event * schedule[-1])
    stop = lower if rules.binding else None
    if rules.sided == 2:
        stop = [-bound for bound in upper]
    above = crossing([float(n) for n in schedule], upper, stop).above
    spent, found = 0.0, list[PlannedAnalysis]()
    for number, count in enumerate(schedule):
        spent += rules.sided * float(above[number])
        final = last and number == len(schedule) - 1
        reach = upper[number] / math.sqrt(per_event * count)
        ratio = rules.margin * math.exp(-reach) if math.isfinite(reach) else None
        found.append(
            PlannedAnalysis(
                events=count,
                final=final,
                upper=upper[number],
                lower=-math.inf if final else lower[number],
                spent=spent,
                hazard_ratio=ratio,
            )
        )
    return tuple(found)


def _both_bounds(
    rules: Rules,
    alpha: float,
    last: bool,  # noqa: FBT001
    information: float,
) -> tuple[Sequence[float], Sequence[float]]:
    """Return the bounds above and below."""
    schedule = rules.schedule
    looks = tuple(range(len(schedule)))

    def above(stop: Sequence[float]) -> Sequence[float]:
        return upper_bounds(
            rules, alpha, looks, schedule, schedule[-1], last, tuple(stop)
        )

    if rules.binding:
        return binding_bounds(rules, above, information)
    upper = above(())
    return upper, lower_bounds(rules, upper, information)
