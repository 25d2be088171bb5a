"""What the simulated patients of a trial suffered, for the expressions of claims."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from oestra.core.errors import unknown_name
from oestra.trial.adam import ACTIONS
from oestra.trial.result import TrialResult

__all__ = ["harm_functions"]


def _check_arm(result: TrialResult, arm: str) -> None:
    if arm not in result.arms:
        raise unknown_name("arm", arm, result.arms, where=result.trial)


def _events(
    result: TrialResult, arm: str, term: str, least_grade: float
) -> pd.DataFrame:
    """Return the events of one kind in an arm."""
    _check_arm(result, arm)
    terms = result.harm.terms.loc[result.harm.terms["arm"] == arm, "term"]
    if term not in set(terms):
        raise unknown_name("adverse event", term, terms, where=f"arm {arm}")
    table = result.adverse_events
    here = (table["TRTP"] == arm) & (table["AETOXGR"] >= least_grade)
    return table.loc[here & (table["AEDECOD"] == term)]


@dataclass(frozen=True, slots=True)
class _Measures:
    """Measures of the results that a function returns by the name of a trial."""

    of: Callable[[str], TrialResult]

    def adverse_event(
        self, trial: str, arm: str, term: str, grade: str = "any"
    ) -> float:
        """Return the percentage of patients with an event; nan without a rate."""
        result = self.of(trial)
        _events(result, arm, term, 1)
        found = result.harm.share(arm, term, grade)
        return float("nan") if found is None else found

    def worst_grade(self, trial: str, arm: str) -> float:
        """Return the highest grade of an event held to be of a drug."""
        result = self.of(trial)
        _check_arm(result, arm)
        return float(result.harm.worst[arm])

    def action_after(
        self, trial: str, arm: str, term: str, action: str, grade: float = 1
    ) -> float:
        """Return the percentage of events after which something was done."""
        if action not in ACTIONS:
            raise unknown_name("action", action, ACTIONS)
        events = _events(self.of(trial), arm, term, grade)
        return _percent(events["AEACN"] == ACTIONS[action])

    def rescued(self, trial: str, arm: str, term: str, treatment: str) -> float:
        """Return the percentage of severe events for which something was given."""
        events = _events(self.of(trial), arm, term, 3)
        return _percent(events["AECMTRT"] == treatment)

    def deterioration(self, trial: str, arm: str) -> float:
        """Return the hazard ratio of deterioration of an arm against its control."""
        result = self.of(trial)
        for (name, _), ratio in result.harm.ratios.items():
            if name == arm:
                value = ratio.estimate
                return float("nan") if value is None else value
        known = [name for name, _ in result.harm.ratios]
        raise unknown_name("arm with a control", arm, known, where=result.trial)


def _percent(met: pd.Series) -> float:
    return 100.0 * float(met.mean()) if len(met) else float("nan")


def harm_functions(
    of: Callable[[str], TrialResult],
) -> dict[str, Callable[..., float]]:
    """Return what an expression may call, by name.

    Parameters
    ----------
    of : callable
        Returns the result of a trial by its name.
    """
    found = _Measures(of)
    return {
        "adverse_event": found.adverse_event,
        "worst_grade": found.worst_grade,
        "action_after": found.action_after,
        "rescued": found.rescued,
        "deterioration": found.deterioration,
    }
