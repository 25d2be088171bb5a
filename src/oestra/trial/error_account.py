"""The account of type I error of one trial: what is open, what may be spent now."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from oestra.trial.design import TrialDesign
from oestra.trial.futility import assumed_drift, conditional_power
from oestra.trial.hypotheses import PlannedTest, first_graph, hypotheses
from oestra.trial.hypothesis_graph import Graph
from oestra.trial.planned_analysis import PlannedAnalysis, plan
from oestra.trial.stopping import Rules, rules_of, upper_bound

__all__ = ["Account", "Seen", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Data of one hypothesis at one analysis.

    Parameters
    ----------
    events : int
        Events in its patients.
    z : float or None
        Its statistic; None where no event can tell.
    ratio : float or None
        Hazard ratio; 0 or infinite where one arm has no events, None without any.
    """

    events: int
    z: float | None
    ratio: float | None


def planned(design: TrialDesign) -> tuple[PlannedAnalysis, ...]:
    """Return the analyses of a design as planned, with their bounds.

    Parameters
    ----------
    design : TrialDesign
        The design.

    Returns
    -------
    tuple of PlannedAnalysis
        Looks, then the final analysis where its events are planned.
    """
    tests = hypotheses(design)
    if not tests:
        return ()
    alpha = first_graph(design).weight[tests[0].name] * design.analysis.alpha
    return plan(rules_of(design.analysis), alpha, _share_of_arm(design, tests[0]))


def _share_of_arm(design: TrialDesign, one: PlannedTest) -> float:
    """Return the share of the arm of interest among the patients of a hypothesis."""
    group = design.groups.get(one.among)
    sizes = [
        design.arm(name).n if group is None else group.n.get(name, 0)
        for name in (one.arm, one.control)
    ]
    return sizes[0] / max(sum(sizes), 1)


class Account:
    """Hypotheses still open, and the information at which each has been tested."""

    def __init__(self, design: TrialDesign) -> None:
        """Open every hypothesis of a design."""
        self.rules: Rules = rules_of(design.analysis)
        self.tests: tuple[PlannedTest, ...] = hypotheses(design)
        self.graph: Graph = first_graph(design)
        self.past: dict[str, list[tuple[int, int]]] = {t.name: [] for t in self.tests}
        self.plan: tuple[PlannedAnalysis, ...] = planned(design)
        self.share: float = _share_of_arm(design, self.tests[0]) if self.tests else 0.5

    def note(self, number: int, seen: Mapping[str, Seen]) -> None:
        """Note how much information an analysis had; the same again replaces it."""
        for name, found in seen.items():
            past = [entry for entry in self.past[name] if entry[1] < found.events]
            if found.events:
                self.past[name] = [*past, (number, found.events)]

    def bound(self, one: PlannedTest, *, final: bool) -> float:
        """Return what the statistic of a hypothesis must reach now."""
        past = self.past[one.name]
        if not past or one.name not in self.graph.weight:
            return math.inf
        lower: list[float] = []
        if self.rules.binding and one is self.tests[0]:
            lower = [self.plan[number].lower for number, _ in past[:-1]]
            lower.append(-math.inf)
        return upper_bound(
            self.rules,
            self.graph.weight[one.name] * self.rules.alpha,
            past,
            planned=one.events,
            final=final,
            lower=lower,
        )

    def reject(self, seen: Mapping[str, Seen], *, final: bool) -> tuple[str, ...]:
        """Reject what can be rejected, passing error on, until nothing more can."""
        found: list[str] = []
        left = list(self.tests)
        while left:
            for one in left:
                z = seen[one.name].z if one.name in self.graph.weight else None
                if z is not None and z >= self.bound(one, final=final):
                    self.graph = self.graph.without(one.name)
                    found.append(one.name)
                    left.remove(one)
                    break
            else:
                break
        return tuple(found)

    def futile(self, number: int, seen: Seen) -> bool:
        """Tell whether a look stops the trial as it can hardly be won."""
        rules = self.rules
        if number >= len(rules.looks) or self.tests[0].name not in self.graph.weight:
            return False
        look, futility = rules.looks[number], rules.futility
        ratio = look.futility_hazard_ratio or (futility and futility.hazard_ratio)
        if ratio and seen.ratio is not None and seen.ratio >= ratio:
            return True
        alpha = self.graph.weight[self.tests[0].name] * rules.alpha
        # What has no alpha yet may get some from others, and then be won.
        if seen.z is None or not self.plan or alpha <= 0:
            return False
        now = self.plan if rules.binding else plan(rules, alpha, self.share)
        if futility is not None and futility.spending is not None:
            return seen.z < now[number].lower
        power = look.futility_conditional_power or (
            futility and futility.conditional_power
        )
        share = look.events / rules.schedule[-1]
        if not power or share >= 1:
            return False
        information = rules.schedule[-1] * self.share * (1 - self.share)
        drift = assumed_drift(futility, self.tests[0].margin, information)
        return conditional_power(seen.z, share, now[-1].upper, drift) < power
