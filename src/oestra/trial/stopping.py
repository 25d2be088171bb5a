"""The bounds of a trial for efficacy: what its statistic must reach at an analysis.

References
----------
.. [1] Jennison C, Turnbull BW (1999). Group Sequential Methods with Applications to
   Clinical Trials. Chapman & Hall.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scipy.special import ndtri

from oestra.trial.analysis import Analysis, Efficacy, EfficacyRule, Futility, Look
from oestra.trial.group_sequential import (
    ROUNDED,
    critical_values,
    crossing,
    power_family,
)
from oestra.trial.spending import Spending, spend

__all__ = [
    "GAMMA",
    "PETO",
    "ROUNDED",
    "Rules",
    "final_look",
    "rules_of",
    "spent_by_hand",
    "upper_bound",
    "upper_bounds",
]

_SHAPES = {EfficacyRule.OBRIEN_FLEMING: 0.0, EfficacyRule.POCOCK: 0.5}
_SPENDING = frozenset(Spending)
GAMMA = -4.0
"""Of Hwang, Shih and DeCani, where none is given: between the two others."""
PETO = 3.0
"""Standard errors of Haybittle and Peto, where no bound is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What of an analysis says when a trial stops; see `oestra.trial.analysis`."""

    alpha: float
    sided: int
    margin: float
    looks: tuple[Look, ...]
    final_events: int | None
    efficacy: Efficacy | None
    futility: Futility | None

    @property
    def schedule(self) -> tuple[int, ...]:
        """Events of every analysis that is planned, the final one last."""
        events = tuple(look.events for look in self.looks)
        if final_look(self) or self.final_events is None:
            return events
        return (*events, self.final_events)

    @property
    def binding(self) -> bool:
        """Whether the bounds for efficacy rely on those for futility."""
        return self.futility is not None and self.futility.binding


def rules_of(analysis: Analysis) -> Rules:
    """Return the rules of an analysis.

    Parameters
    ----------
    analysis : Analysis
        The analysis of a design.
    """
    return Rules(
        alpha=analysis.alpha,
        sided=analysis.sided,
        margin=analysis.first_margin,
        looks=analysis.looks,
        final_events=analysis.final_events,
        efficacy=analysis.efficacy,
        futility=analysis.futility,
    )


def final_look(rules: Rules) -> bool:
    """Tell whether the last look is the final analysis, after which none follows.

    Parameters
    ----------
    rules : Rules
        Its rules.
    """
    if not rules.looks:
        return False
    last = rules.looks[-1]
    if rules.final_events is not None:
        return last.events >= rules.final_events
    if last.efficacy_p is None:
        return False
    return spent_by_hand(rules) >= (1 - ROUNDED) * rules.alpha


def spent_by_hand(rules: Rules, values: Sequence[float | None] = ()) -> float:
    """Return the error that p values at looks spend, of all sides.

    Parameters
    ----------
    rules : Rules
        Those of the design.
    values : sequence of float or None, optional
        Two-sided p values; those written at the looks by default.
    """
    sided = rules.sided
    given = list(values) or [look.efficacy_p for look in rules.looks]
    upper = [_z(p) for p in given]
    lower = [-bound for bound in upper] if sided == 2 else None
    events = [float(look.events) for look in rules.looks]
    return sided * float(crossing(events, upper, lower).above.sum())


def _z(p: float | None) -> float:
    """Return the bound of a two-sided p."""
    return math.inf if p is None else -float(ndtri(p / 2))


def upper_bound(
    rules: Rules,
    alpha: float,
    events: Sequence[tuple[int, int]],
    *,
    planned: int | None,
    final: bool,
    lower: Sequence[float] = (),
) -> float:
    """Return what the statistic must reach now.

    Parameters
    ----------
    rules : Rules
        Those of the design.
    alpha : float
        Type I error of the hypothesis, of all sides.
    events : sequence of (int, int)
        Number of the look and events at each analysis so far, this one last; events
        ascend.
    planned : int or None
        Events planned at the final analysis.
    final : bool
        Whether this is the last, which spends all that is left.
    lower : sequence of float
        Binding bounds for futility at each of these analyses; none if empty.

    Returns
    -------
    float
        Infinite where there is nothing to spend.
    """
    if alpha <= 0:
        return math.inf
    looks = tuple(number for number, _ in events)
    seen = tuple(count for _, count in events)
    return upper_bounds(rules, alpha, looks, seen, planned, final, tuple(lower))[-1]


@lru_cache(maxsize=4096)
def upper_bounds(  # noqa: PLR0913, PLR0917 - the key of a cache
    rules: Rules,
    alpha: float,
    looks: tuple[int, ...],
    events: tuple[int, ...],
    planned: int | None,
    final: bool,  # noqa: FBT001
    lower: tuple[float, ...],
) -> tuple[float, ...]:
    """Return the bounds of several analyses; see `upper_bound`.

    Parameters
    ----------
    rules, alpha, planned, final
        As there.
    looks, events : tuple of int
        Number of the look and events at each analysis; events ascend.
    lower : tuple of float
        Binding bounds for futility, none if empty.

    Returns
    -------
    tuple of float
        One bound an analysis.
    """
    whole = float(planned or events[-1])
    shares = [count / whole for count in events]
    fixed: list[float | None] = [_fixed(rules, alpha, number) for number in looks]
    spent = [_spent(rules.efficacy, share, alpha, rules.sided) for share in shares]
    if final:
        spent[-1] = alpha
        fixed[-1] = _written(rules, looks[-1])
    found = critical_values(
        shares, spent, sided=rules.sided, fixed=fixed, lower=lower or None
    )
    return tuple(map(float, found))


def _spent(efficacy: Efficacy | None, share: float, alpha: float, sided: int) -> float:
    if efficacy is None or efficacy.rule not in _SPENDING:
        return alpha
    gamma = GAMMA if efficacy.gamma is None else efficacy.gamma
    return sided * spend(Spending(efficacy.rule), share, alpha / sided, gamma=gamma)


def _written(rules: Rules, number: int) -> float | None:
    """Return the bound of the p value written at a look, if there is one."""
    if number >= len(rules.looks):
        return None
    p = rules.looks[number].efficacy_p
    return None if p is None else _z(p)


def _fixed(rules: Rules, alpha: float, number: int) -> float | None:
    """Return the bound at a look that is not the last, None where error is spent."""
    efficacy = rules.efficacy
    if efficacy is None:
        return (
            _z(rules.looks[number].efficacy_p)
            if number < len(rules.looks)
            else math.inf
        )
    if efficacy.rule is EfficacyRule.HAYBITTLE_PETO:
        return PETO if efficacy.bound is None else efficacy.bound
    if efficacy.rule in _SHAPES:
        return _classical(rules, alpha)[number]
    return None


@lru_cache(maxsize=512)
def _classical(rules: Rules, alpha: float) -> tuple[float, ...]:
    assert rules.efficacy is not None  # noqa: S101 - its caller asks
    shape = _SHAPES[rules.efficacy.rule]
    events = [float(count) for count in rules.schedule]
    found = power_family(events, alpha, shape=shape, sided=rules.sided)
    return tuple(map(float, found))
